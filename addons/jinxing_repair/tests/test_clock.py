from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import RepairCase

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


class ClockCase(RepairCase):
    """Orders at moments of our choosing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = fields.Datetime.now().replace(microsecond=0) + HOUR
        cls.orders = cls.env["repair.order"]
        for role in ("supervisor", "manager"):
            cls.users[role].lang = "en_US"

    @classmethod
    def given(cls, at=None, technician=None, provider=None, assessed=True):
        """An approved order given to the technician, accepted unless it was to a provider.

        The fault is assessed beforehand, unless that is what is missed.
        """
        category = cls.electrical_category if technician or provider else cls.gearbox_category
        with freeze_time(at or cls.start):
            order = cls.approved(category_ids=[(6, 0, category.ids)])
            clerk = order.with_user(cls.users["clerk"])
            if assessed:
                clerk.action_assess_preliminary()
            if provider:
                clerk.action_assign(provider_id=provider.id, reason="Near the machine")
                return order
            technician = technician or cls.technician
            clerk.action_assign(technician_id=technician.id, reason="Dealer has nobody")
            if technician == cls.technician:
                order.with_user(cls.users["technician"]).action_accept()
                cls.packed(order)
            return order

    def act(self, order, user="technician"):
        return order.with_user(self.users[user])

    def decision(self, record, kind):
        return self.env["jinxing.decision"].search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("kind", "=", kind),
                ("superseded_by_id", "=", False),
            ]
        )

    def outcome(self, record, kind):
        return self.decision(record, kind).outcome

    def found(self, field):
        return self.orders.search([(field, "=", True)])

    def sweep(self, at):
        """Run the notifier at a moment; return for how many orders it told something."""
        with freeze_time(at):
            self.env.invalidate_all()
            return self.orders._notify_due(self.orders._find_due(fields.Datetime.now(), 100))


@tagged("post_install", "-at_install")
class TestClock(ClockCase):
    """Contact, arrival and the provider's answer, to the second (S8.2, S8.11, G3.1)."""

    def test_contact_to_the_second(self):
        """S8.2: the tenth minute's last second is in time, the next one is a breach."""
        order = self.given()
        deadline = self.start + timedelta(minutes=10)
        self.assertEqual(order.contact_deadline, deadline)
        for moment, breached in ((deadline - SECOND, False), (deadline, False),
                                 (deadline + SECOND, True)):
            with self.subTest(moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(order.contact_breach, breached)
                self.assertEqual(order in self.found("contact_breach"), breached)
        for moment, outcome in ((deadline, "on_time"), (deadline + SECOND, "late")):
            with self.subTest(outcome):
                order = self.given()
                with freeze_time(moment):
                    self.act(order).action_contact(note="On the way")
                self.assertEqual(order.contact_late, outcome == "late")
                self.assertEqual(order.contact_breach, outcome == "late")
                decision = self.decision(order, "contact")
                self.assertEqual(decision.outcome, outcome)
                self.assertEqual(decision.clause_codes, ["S8.2"])

    def test_contact_counts_before_acceptance(self):
        """S8.2: who calls before the order is given to anybody has called in time."""
        with freeze_time(self.start):
            order = self.approved()
            self.act(order, "clerk").action_contact()
        self.assertEqual(self.outcome(order, "contact"), "on_time")
        with freeze_time(self.start + HOUR):
            self.env.invalidate_all()
            self.assertFalse(order.contact_breach)

    def test_minutes_rest_outside_the_windows(self):
        """S8.2: when the policy says so, the ten minutes do not run at night."""
        self.env["jinxing.policy.value"].create(
            {
                "parameter_id": self.env.ref("jinxing_repair.policy_contact_windows").id,
                "date_from": "2020-01-01",
                "value": "07:00-21:00",
                "company_id": self.company.id,
            }
        )
        deadline = self.orders._contact_deadline
        # 20:55 in Deyang is 12:55 UTC; five minutes are left that evening, five next morning.
        self.assertEqual(
            deadline(datetime(2026, 9, 12, 12, 55), self.company), datetime(2026, 9, 12, 23, 5)
        )
        self.assertEqual(
            deadline(datetime(2026, 9, 12, 4, 0), self.company), datetime(2026, 9, 12, 4, 10)
        )
        other = self.env["res.company"].create({"name": "Night works"})
        self.assertEqual(
            deadline(datetime(2026, 9, 12, 18, 0), other), datetime(2026, 9, 12, 18, 10)
        )
        with self.assertRaises(ValidationError):
            self.env["jinxing.policy.value"].create(
                {
                    "parameter_id": self.env.ref("jinxing_repair.policy_contact_windows").id,
                    "date_from": "2021-01-01",
                    "value": "7 to 9",
                }
            )

    def test_arrival_to_the_second(self):
        """S8.11: 24 hours after the call; a breach stays a fact after the late arrival."""
        order = self.given()
        deadline = self.start + timedelta(hours=24)
        self.assertEqual(order.arrival_deadline, deadline)
        for moment, breached in ((deadline - SECOND, False), (deadline, False),
                                 (deadline + SECOND, True)):
            with self.subTest(moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(order.arrival_breach, breached)
                self.assertEqual(order in self.found("arrival_breach"), breached)
        with freeze_time(deadline + SECOND):
            self.packed(order)
            self.act(order).action_arrive()
        self.assertEqual(self.outcome(order, "arrival"), "late")
        with freeze_time(deadline + timedelta(days=9)):
            self.env.invalidate_all()
            self.assertTrue(order.arrival_breach)
            self.assertIn(order, self.found("arrival_breach"))
        order = self.given()
        with freeze_time(deadline):
            self.packed(order)
            self.act(order).action_arrive()
        self.assertEqual(self.outcome(order, "arrival"), "on_time")
        self.assertFalse(order.arrival_breach)

    def test_offer_to_the_second(self):
        """G3.1: a provider who has not accepted by his deadline loses the order to HQ."""
        order = self.given(provider=self.station)
        deadline = self.start + 2 * HOUR
        self.assertEqual(order.offer_deadline, deadline)
        with freeze_time(self.start + SECOND):
            self.act(order, "clerk").action_contact()
        self.assertEqual(self.sweep(deadline), 0)
        self.assertEqual(order.service_state, "assigned")
        self.assertEqual(self.sweep(deadline + SECOND), 1)
        self.assertEqual(order.service_state, "approved")
        self.assertFalse(order.provider_id)
        self.assertEqual(self.outcome(order, "acceptance"), "expired")
        self.assertEqual(order.step_ids[-1].action, "expire")
        self.assertEqual(self.sweep(deadline + HOUR), 0)

    def test_late_acceptance_still_counts(self):
        """G3.1: until the order was taken back it is the provider's to accept."""
        order = self.given(provider=self.station)
        with freeze_time(order.offer_deadline + SECOND):
            self.act(order, "station").action_accept(technician_id=self.station_man.id)
        self.assertEqual(order.service_state, "accepted")
        self.assertEqual(self.outcome(order, "acceptance"), "accepted")
        declined = self.given(provider=self.station)
        with freeze_time(self.start + HOUR):
            self.act(declined, "station").action_decline("All men are out")
        self.assertEqual(self.outcome(declined, "acceptance"), "declined")

    def test_clock_is_nobodys_to_edit(self):
        """S8.2, S8.11: no way round the clock's own buttons."""
        order = self.given()
        moment = fields.Datetime.now()
        for name, value in (
            ("promise_at", moment), ("notice_at", moment), ("notice_reason", "x"),
            ("handed_over_at", moment), ("supervisor_id", self.users["clerk"].id),
            ("contact_notified_at", moment), ("arrival_notified_at", moment),
            ("contact_deadline", moment), ("arrival_deadline", moment),
            ("promise_ids", [(5, 0, 0)]), ("escalation_ids", [(5, 0, 0)]),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                self.act(order, "manager").write({name: value})
        self.assertEqual(order.handed_over_at, order.called_at)
        with self.assertRaises(UserError):
            self.orders.with_user(self.users["clerk"]).create(
                {"service_kind": "repair", "notice_at": moment, "lot_id": self.machine.id}
            )


@tagged("post_install", "-at_install")
class TestAbsence(ClockCase):
    """S8.11: notice beforehand spares the absence mark, not the breach."""

    def mark(self, order):
        return self.env["jinxing.absence"].search([("order_id", "=", order.id)])

    def test_without_notice_the_employee_is_marked(self):
        """S8.11: the second after the deadline it is a breach and an absence."""
        order = self.given()
        deadline = order.arrival_deadline
        self.sweep(deadline)
        self.assertFalse(self.mark(order))
        self.sweep(deadline + SECOND)
        mark = self.mark(order)
        self.assertEqual(mark.employee_id, self.technician.employee_ids)
        self.assertEqual(mark.date, self.orders._service_day(deadline, self.company))
        self.assertEqual((mark.state, mark.order_name), ("marked", order.name))
        self.assertEqual(self.outcome(order, "absence"), "marked")
        self.assertEqual(self.outcome(mark, "absence"), "marked")
        self.sweep(deadline + HOUR)
        self.assertEqual(len(self.mark(order)), 1)
        with freeze_time(deadline + 2 * HOUR):
            self.packed(order)
            self.act(order).action_arrive()
        self.assertEqual(self.mark(order), mark)

    def test_notice_in_time_spares(self):
        """S8.11: told with a reason up to the second before the deadline: breach, no absence."""
        order = self.given()
        deadline = order.arrival_deadline
        with freeze_time(deadline - SECOND):
            self.act(order).action_give_notice("The van broke down")
        self.assertEqual(order.notice_by_id, self.users["technician"])
        self.sweep(deadline + SECOND)
        self.assertFalse(self.mark(order))
        self.assertEqual(self.outcome(order, "absence"), "spared")
        self.assertEqual(self.outcome(order, "arrival"), "breached")
        with freeze_time(deadline + HOUR):
            self.env.invalidate_all()
            self.assertTrue(order.arrival_breach)

    def test_notice_too_late_or_twice(self):
        """S8.11: at the deadline's second it is too late; a notice stays the first one."""
        order = self.given()
        with freeze_time(order.arrival_deadline), self.assertRaisesRegex(UserError, "S8.11"):
            self.env.invalidate_all()
            self.act(order).action_give_notice("The van broke down")
        with freeze_time(self.start + HOUR):
            asked = self.act(order).action_give_notice("  ")
            self.assertEqual(asked["res_model"], "jinxing.repair.reason")
            wizard = (
                self.env["jinxing.repair.reason"]
                .with_user(self.users["technician"])
                .with_context(**asked["context"])
                .create({"reason": "Road closed"})
            )
            wizard.action_confirm()
            self.assertEqual(order.notice_reason, "Road closed")
            with self.assertRaisesRegex(UserError, "already"):
                self.act(order).action_give_notice("Again")
        with self.assertRaises(AccessError):
            self.act(order, "station").action_give_notice("Not mine")

    def test_stations_have_no_absence(self):
        """S8.11: a station's man has the breach only."""
        order = self.given(technician=self.station_man)
        self.act(order, "station_man").action_accept()
        self.sweep(order.arrival_deadline + SECOND)
        self.assertFalse(self.mark(order))
        self.assertEqual(self.outcome(order, "absence"), "not_applicable")
        self.assertEqual(self.outcome(order, "arrival"), "breached")

    def test_who_held_it_at_the_deadline_answers(self):
        """S8.11: reassigned late, the first man is marked though no notifier ran."""
        order = self.given()
        deadline = order.arrival_deadline
        other_user = new_test_user(
            self.env, "r_second", groups="base.group_user,jinxing_base.group_technician"
        )
        other = other_user.partner_id
        other.is_technician = True
        self.env["hr.employee"].create(
            {"name": "Second", "user_id": other_user.id, "work_contact_id": other.id}
        )
        with freeze_time(deadline + HOUR):
            self.env.invalidate_all()
            self.act(order, "supervisor").action_assign(
                technician_id=other.id, reason="The first did not come"
            )
        self.assertEqual(self.mark(order).employee_id, self.technician.employee_ids)
        self.sweep(deadline + 2 * HOUR)
        with freeze_time(deadline + 3 * HOUR):
            order.with_user(other_user).action_accept()
            self.packed(order)
            order.with_user(other_user).action_arrive()
        self.assertEqual(len(self.mark(order)), 1)

    def test_arrival_known_later_is_for_the_manager(self):
        """S8.11: no network, he says; his own word takes no mark away, a manager does."""
        for swept in (True, False):
            with self.subTest(swept=swept):
                order = self.given()
                deadline = order.arrival_deadline
                if swept:
                    self.sweep(deadline + SECOND)
                with freeze_time(deadline + HOUR):
                    self.packed(order)
                    self.act(order).action_arrive(at=deadline)
                mark = self.mark(order)
                self.assertEqual((mark.state, mark.claim_open), ("marked", True))
                self.assertEqual((mark.claimed_at, mark.told_at), (deadline, deadline + HOUR))
                self.assertEqual(self.outcome(order, "absence"), "claimed")
                self.assertEqual(self.outcome(order, "arrival"), "on_time")
                self.assertIn(
                    "to be confirmed", ", ".join(order.activity_ids.mapped("summary"))
                )
                for role in ("technician", "supervisor"):
                    for step in ("action_withdraw", "action_uphold"):
                        with self.assertRaises(AccessError):
                            getattr(mark.with_user(self.users[role]), step)("I was there")
                manager = mark.with_user(self.users["manager"])
                if swept:
                    manager.action_withdraw("The farmer confirms it")
                    self.assertEqual((mark.state, mark.claim_open), ("withdrawn", False))
                else:
                    self.assertEqual(
                        manager.action_uphold()["res_model"], "jinxing.record.reason"
                    )
                    manager.action_uphold("The farmer waited two hours more")
                    self.assertEqual((mark.state, mark.claim_open), ("marked", False))
                    with self.assertRaisesRegex(UserError, "Nothing is to be confirmed"):
                        manager.action_uphold("Again")
                self.env.invalidate_all()
                self.assertFalse(order.arrival_breach)

    def test_a_notice_is_its_givers(self):
        """S8.11: the first man's notice neither spares the next one nor stands in his way."""
        order = self.given()
        deadline = order.arrival_deadline
        with freeze_time(deadline - 2 * HOUR):
            self.act(order).action_give_notice("My car broke down")
        other_user = new_test_user(
            self.env, "r_third", groups="base.group_user,jinxing_base.group_technician"
        )
        other = other_user.partner_id
        other.is_technician = True
        self.env["hr.employee"].create(
            {"name": "Third", "user_id": other_user.id, "work_contact_id": other.id}
        )
        with freeze_time(deadline - HOUR):
            self.act(order, "supervisor").action_assign(
                technician_id=other.id, reason="The first has no car"
            )
            self.env.invalidate_all()
            self.assertFalse(order.notice_at)
            self.assertTrue(order.with_user(other_user).can_give_notice)
        self.sweep(deadline + SECOND)
        self.assertEqual(self.mark(order).employee_id, other.employee_ids)
        self.assertEqual(
            order.step_ids.filtered(lambda s: s.action == "notice").reason, "My car broke down"
        )

    def test_arrival_told_at_once_by_a_slow_clock(self):
        """S8.11: within the skew of two clocks nobody has to confirm anything."""
        order = self.given()
        deadline = order.arrival_deadline
        with freeze_time(deadline + 3 * SECOND):
            self.packed(order)
            self.act(order).action_arrive(at=deadline)
        self.assertFalse(self.mark(order))

    def test_marks_are_read_not_edited(self):
        """S8.11: HR and supervisors read, nobody edits; a manager withdraws with a reason."""
        order = self.given()
        self.sweep(order.arrival_deadline + SECOND)
        mark = self.mark(order)
        hr = new_test_user(self.env, "r_hr", groups="base.group_user,hr.group_hr_user")
        for user in (hr, self.users["supervisor"], self.users["technician"]):
            self.assertEqual(self.env["jinxing.absence"].with_user(user).search([]), mark)
        decision = self.decision(mark, "absence").with_user(hr)
        self.assertIn("beforehand", decision.explanation)
        for user in ("clerk", "nobody", "station", "farmer"):
            with self.subTest(user), self.assertRaises(AccessError):
                mark.with_user(self.users[user]).read(["date"])
        other = new_test_user(
            self.env, "r_third", groups="base.group_user,jinxing_base.group_technician"
        )
        self.assertFalse(self.env["jinxing.absence"].with_user(other).search([]))
        for user in (hr, self.users["supervisor"], self.users["manager"]):
            with self.assertRaises(UserError):
                mark.with_user(user).write({"state": "withdrawn", "withdraw_reason": "x"})
            with self.assertRaises(UserError):
                mark.with_user(user).unlink()
            with self.assertRaises(UserError):
                mark.with_user(user).copy()
        with self.assertRaises(AccessError):
            mark.with_user(self.users["supervisor"]).action_withdraw("He called me")
        manager = mark.with_user(self.users["manager"])
        self.assertEqual(manager.action_withdraw()["res_model"], "jinxing.record.reason")
        manager.action_withdraw("He called me, I forgot to note it")
        self.assertEqual(mark.state, "withdrawn")
        self.assertEqual(mark.withdrawn_by_id, self.users["manager"])
        with self.assertRaises(UserError):
            manager.action_withdraw("Again")


@tagged("post_install", "-at_install")
class TestPromise(ClockCase):
    """N5, S8.5: what is promised is watched; help is asked for before it is missed."""

    def promised(self, hours=5):
        order = self.given()
        with freeze_time(self.start + HOUR):
            worker = self.act(order)
            worker.action_contact()
            self.packed(order)
            worker.action_arrive()
            worker.action_leave(
                "not_fixed", "Bearing is worn out", "Bring a new one",
                promise_at=self.start + timedelta(hours=hours),
            )
        return order

    def finish(self, order, at):
        with freeze_time(at):
            self.env["jinxing.repair.fault"].with_user(self.users["clerk"]).create(
                {"order_id": order.id, "component_id": self.housing.id}
            )
            self.complete(order)
            if not order.visit_ids.filtered(lambda visit: not visit.left_at):
                self.packed(order)
                self.act(order).action_arrive()
            self.act(order).action_finish()

    def test_promise_to_the_second(self):
        """N5: repaired in the promised second is kept, a second later is broken."""
        order = self.promised()
        due = self.start + 5 * HOUR
        self.assertEqual(order.promise_at, due)
        self.assertEqual(order.promise_ids.visit_id, order.visit_ids)
        for moment, broken in ((due, False), (due + SECOND, True)):
            with self.subTest(moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(order.promise_breach, broken)
                self.assertEqual(order in self.found("promise_breach"), broken)
        self.finish(order, due)
        self.env.invalidate_all()
        self.assertFalse(order.promise_breach)
        self.assertEqual(self.outcome(order.promise_ids, "promise"), "on_time")
        self.assertEqual(self.outcome(order.promise_ids, "help"), "not_needed")
        late = self.promised()
        self.finish(late, due + SECOND)
        self.env.invalidate_all()
        self.assertTrue(late.promise_breach)
        self.assertIn(late, self.found("promise_breach"))
        self.assertEqual(self.outcome(late.promise_ids, "promise"), "late")
        self.assertEqual(self.outcome(late.promise_ids, "help"), "marked")

    def test_replaced_in_time_or_broken(self):
        """N5: a new time agreed on before the old one falls due replaces it, later it does not."""
        order = self.promised()
        due = self.start + 5 * HOUR
        with freeze_time(due):
            self.act(order).action_promise(due + HOUR, "Part comes at noon")
        self.assertEqual(order.promise_ids.mapped("replaced"), [True, False])
        with freeze_time(due + SECOND):
            self.env.invalidate_all()
            self.assertFalse(order.promise_breach)
        with freeze_time(due + HOUR + SECOND):
            self.env.invalidate_all()
            self.act(order).action_promise(due + 9 * HOUR)
            self.env.invalidate_all()
            self.assertTrue(order.promise_breach)
            self.assertEqual(order.promise_at, due + 9 * HOUR)
        self.finish(order, due + 3 * HOUR)
        self.env.invalidate_all()
        self.assertTrue(order.promise_breach, "a broken promise stays one")
        self.assertEqual(order.promise_ids.mapped("late"), [False, True, False])

    def test_a_repair_that_did_not_do_keeps_no_promise(self):
        """N9, N5: when the trial run fails the promise is open again."""
        order = self.promised()
        self.finish(order, self.start + 2 * HOUR)
        self.assertTrue(order.promise_ids.done_at)
        with freeze_time(self.start + 3 * HOUR):
            self.act(order).action_resume("Still leaks")
        self.assertFalse(order.promise_ids.done_at)
        with freeze_time(self.start + 5 * HOUR + SECOND):
            self.env.invalidate_all()
            self.assertTrue(order.promise_breach)

    def test_help_before_the_promise_is_missed(self):
        """S8.5: help asked for by the deadline spares the mark; later or never does not."""
        due = self.start + 5 * HOUR
        for asked, outcome in ((due, "requested"), (due + SECOND, "marked"), (None, "marked")):
            with self.subTest(asked):
                order = self.promised()
                if asked:
                    with freeze_time(asked):
                        self.act(order).action_request_help("No puller for the bearing")
                self.sweep(due + HOUR)
                promise = order.promise_ids
                self.assertEqual(self.outcome(promise, "help"), outcome)
                self.assertEqual(self.decision(promise, "help").clause_codes, ["S8.5"])
                self.assertEqual(self.outcome(promise, "promise"), "breached")

    def test_a_promise_needs_a_time_to_come(self):
        """N5: no promise for the past, none on a repaired or cancelled order, none by others."""
        order = self.given()
        with freeze_time(self.start + HOUR):
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "past"):
                self.act(order).action_promise(self.start)
            self.assertEqual(
                self.act(order).action_promise()["res_model"], "jinxing.repair.promise.ask"
            )
            with self.assertRaises(AccessError):
                self.act(order, "farmer").action_promise(self.start + 9 * HOUR)
            self.act(order).action_promise(self.start + 9 * HOUR)
            self.act(order, "supervisor").action_cancel_order("Customer repaired it himself")
            with self.assertRaises(UserError):
                self.act(order, "clerk").action_promise(self.start + 9 * HOUR)
        with freeze_time(self.start + 10 * HOUR):
            self.env.invalidate_all()
            self.assertFalse(order.promise_breach)
        with self.assertRaises(UserError):
            order.promise_ids.with_user(self.users["manager"]).write({"done_at": self.start})
        with self.assertRaises(UserError):
            self.env["jinxing.repair.promise"].with_user(self.users["manager"]).create(
                {"order_id": order.id, "made_at": self.start, "promise_at": self.start + HOUR}
            )


@tagged("post_install", "-at_install")
class TestEscalation(ClockCase):
    """N6: one click to the supervisor; the clock of his answer shows."""

    def test_answer_to_the_second(self):
        """N6: the supervisor answers within the hour; the second after is late."""
        for extra, outcome in ((timedelta(), "on_time"), (SECOND, "late")):
            with self.subTest(outcome):
                order = self.given()
                with freeze_time(self.start + HOUR):
                    self.act(order).action_escalate("Engine must be opened, beyond my grade")
                    self.env.invalidate_all()
                    self.assertTrue(order.is_escalated)
                    self.assertIn(order, self.found("is_escalated"))
                self.assertEqual(order.escalation_deadline, self.start + 2 * HOUR)
                escalation = order.escalation_ids
                self.assertEqual(escalation.supervisor_id, self.users["supervisor"])
                activity = order.activity_ids
                self.assertEqual(activity.user_id, self.users["supervisor"])
                with freeze_time(self.start + 2 * HOUR + extra):
                    self.act(order, "supervisor").action_answer_escalation("Zhao comes at noon")
                self.assertEqual(self.outcome(escalation, "escalation"), outcome)
                self.assertEqual(escalation.late, outcome == "late")
                self.assertFalse(order.is_escalated)
                self.assertFalse(order.activity_ids)
                self.assertEqual(order.step_ids[-2:].mapped("action"), ["escalate", "answer"])
                self.assertEqual(order.step_ids[-2:].mapped("clause"), ["N6", "N6"])

    def test_unanswered_is_told_once(self):
        """N6: an escalation nobody answers is told again when its time is over, once."""
        order = self.given()
        with freeze_time(self.start + SECOND):
            self.act(order).action_contact()
            self.act(order).action_escalate("Beyond my grade")
        self.assertEqual(self.sweep(self.start + HOUR + SECOND), 0)
        self.assertEqual(self.sweep(self.start + HOUR + 2 * SECOND), 1)
        self.assertEqual(self.outcome(order.escalation_ids, "escalation"), "breached")
        self.assertEqual(len(order.activity_ids), 2)
        self.assertEqual(self.sweep(self.start + 2 * HOUR), 0)

    def test_who_may_ask_and_answer(self):
        """N6, S8.5: the technician asks on his orders, a supervisor answers, with words."""
        order = self.given()
        worker = self.act(order)
        with self.assertRaises(AccessError):
            self.act(order, "farmer").action_escalate("x")
        self.assertEqual(worker.action_escalate()["res_model"], "jinxing.repair.reason")
        worker.action_escalate("Beyond my grade")
        with self.assertRaisesRegex(UserError, "not answered"):
            worker.action_escalate("Once more")
        worker.action_request_help("A second man is needed")
        self.assertEqual(len(order.escalation_ids), 2)
        with self.assertRaises(AccessError):
            self.act(order, "clerk").action_answer_escalation("Yes")
        with self.assertRaises(UserError):
            order.escalation_ids.with_user(self.users["supervisor"]).write({"answer": "Yes"})
        supervisor = self.act(order, "supervisor")
        self.assertEqual(
            supervisor.action_answer_escalation()["res_model"], "jinxing.repair.reason"
        )
        supervisor.action_answer_escalation("Zhao comes")
        self.assertEqual(order.escalation_ids.mapped("answer"), ["Zhao comes"] * 2)
        with self.assertRaises(UserError):
            order.escalation_ids.with_user(self.users["supervisor"]).action_answer("Again")
        found = self.env["jinxing.repair.escalation"]
        self.assertTrue(found.with_user(self.users["technician"]).search([]))
        for user in ("station", "dealer", "farmer"):
            self.assertFalse(found.with_user(self.users[user]).search([]), user)


@tagged("post_install", "-at_install")
class TestNotifier(ClockCase):
    """The cron only tells; what it tells of is true without it (S8.2, S8.11)."""

    def test_told_once_to_the_right_people(self):
        """S8.2: an activity for who approved, a message on every supervisor's screen, once."""
        order = self.given()
        bus = []
        bus_class = self.env.registry["bus.bus"]
        original = bus_class._sendone

        def record(model, target, kind, message):
            bus.append((target, kind, message))
            return original(model, target, kind, message)

        with patch.object(bus_class, "_sendone", record):
            self.assertEqual(self.sweep(order.contact_deadline), 0)
            self.assertEqual(self.sweep(order.contact_deadline + SECOND), 1)
            self.assertEqual(self.sweep(order.contact_deadline + HOUR), 0)
        activity = order.activity_ids
        self.assertEqual(activity.user_id, self.users["supervisor"])
        self.assertIn("S8.2", activity.summary)
        self.assertEqual(self.outcome(order, "contact"), "breached")
        shown = [(target, m) for target, kind, m in bus if kind == "simple_notification"]
        people = {target for target, _message in shown}
        self.assertIn(self.users["supervisor"].partner_id, people)
        self.assertIn(self.users["manager"].partner_id, people)
        self.assertNotIn(self.users["clerk"].partner_id, people)
        self.assertIn(order.name, shown[0][1]["message"])

    def test_other_companys_supervisors_hear_nothing(self):
        """S8.2: who supervises another company is not told."""
        company = self.env["res.company"].create({"name": "Other works"})
        foreign = new_test_user(
            self.env,
            "r_foreign",
            groups="base.group_user,jinxing_base.group_supervisor",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertNotIn(foreign, self.orders._supervisors(self.company))
        self.assertEqual(self.orders._supervisors(company), foreign)

    def test_cancelled_and_done_orders_are_left(self):
        """S8.11: nothing is told of an order that is cancelled or whose work is done."""
        order = self.given()
        with freeze_time(self.start + SECOND):
            self.act(order, "supervisor").action_cancel_order("Called off")
        self.assertEqual(self.sweep(self.start + timedelta(days=9)), 0)
        with freeze_time(self.start + timedelta(days=9)):
            self.env.invalidate_all()
            self.assertFalse(order.arrival_breach or order.contact_breach)

    def test_cron_goes_on_where_it_stopped(self):
        """S8.2: batch by batch, each committed; a second run finds nothing."""
        orders = self.orders.concat(*[self.given() for _number in range(3)])
        commits = []
        crons = self.env.registry["ir.cron"]

        def commit(model, processed=0, **kwargs):
            model.env.flush_all()
            commits.append(processed)
            return 1.0

        with (
            patch.object(crons, "_commit_progress", commit),
            freeze_time(self.start + timedelta(minutes=10) + SECOND),
        ):
            self.orders._cron_notify(batch=2)
            self.assertEqual(commits, [2, 1])
            self.assertTrue(all(orders.mapped("contact_notified_at")))
            commits.clear()
            self.orders._cron_notify(batch=2)
            self.assertEqual(commits, [0])
        self.assertEqual(len(orders.activity_ids), 3)

    def test_cron_stops_when_its_time_is_over(self):
        """S8.2: what is left is told by the next run."""
        orders = self.orders.concat(*[self.given() for _number in range(3)])
        crons = self.env.registry["ir.cron"]
        with (
            patch.object(crons, "_commit_progress", lambda *args, **kwargs: 0),
            freeze_time(self.start + timedelta(minutes=10) + SECOND),
        ):
            self.orders._cron_notify(batch=2)
            self.assertEqual(len(orders.filtered("contact_notified_at")), 2)
            self.orders._cron_notify(batch=2)
            self.assertEqual(len(orders.filtered("contact_notified_at")), 3)
