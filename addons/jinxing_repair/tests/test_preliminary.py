from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SIGNATURE, RepairCase
from .test_clock import SECOND, ClockCase


class PreliminaryCase(RepairCase):
    """Approved orders of machines whose model has failed before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records = cls.env["jinxing.repair.preliminary"]
        for role in ("clerk", "supervisor", "technician"):
            cls.users[role].lang = "en_US"

    def assess(self, order, user="clerk", at=None, **values):
        """Assess an order as somebody of the department; return the record that counts."""
        order.with_user(self.users[user]).action_assess_preliminary(values, at=at)
        return order.preliminary_id

    @classmethod
    def closed_before(cls, number=2):
        """Closed orders of the model, on which a gearbox housing and a battery were fitted."""
        orders = cls.env["repair.order"]
        for index in range(number):
            order = cls.signed(cls.sell(f"JYOLD{index}", months=20))
            order.with_user(cls.users["technician"]).action_hand_in()
            order.with_user(cls.users["supervisor"]).action_close(quality_score=5)
            orders |= order
        return orders


@tagged("post_install", "-at_install")
class TestProposal(PreliminaryCase):
    """S8.2: what the system proposes, and what it goes by."""

    def proposal(self, order):
        return order._preliminary_proposals()[order]

    def test_by_the_callers_words(self):
        """S8.2: the words name kind and component, the guide what to tell and how to serve."""
        order = self.approved(fault_description="The gearbox housing leaks, engine runs")
        one = self.proposal(order)
        self.assertEqual((one.category, one.component), ("GEARBOX", "05"))
        self.assertEqual((one.way, one.cover), ("visit", "free"))
        self.assertIn("G4.2", one.decision.clauses)
        chinese = self.approved(
            fault_description="打不着火，电瓶没电", category_ids=[Command.clear()]
        )
        one = self.proposal(chinese)
        self.assertEqual((one.category, one.component), ("ELECTRICAL", "13"))
        self.assertEqual((one.severity, one.cover), ("still", "chargeable"))

    def test_g4_the_cover_is_the_cover_rules(self):
        """S8.2, G4.3: the battery of a machine of three months is still free."""
        order = self.approved(
            self.other_machine, fault_description="battery", category_ids=[Command.clear()]
        )
        self.assertEqual(self.proposal(order).cover, "free")

    def test_g1_2_a_repair_still_guaranteed(self):
        """S8.2, G1.2: what was repaired less than thirty days ago is probably it again."""
        done = self.signed()
        battery = done.fault_ids.filtered(lambda f: f.component_id == self.battery)
        battery._store({"category_id": self.electrical_category.id})
        order = self.approved(fault_description="It does not run well")
        one = self.proposal(order)
        self.assertEqual(one.component, self.housing.code)
        self.assertEqual(one.cover, "free")
        self.assertIn("G1.2", one.decision.clauses)
        text = self.env["jinxing.decision"]._paragraphs({1: one.decision.steps})[1]
        self.assertIn(done.name, text)

    def test_by_the_history_of_the_model(self):
        """S8.2: closed orders of the model say which component, which parts, how many hours."""
        self.closed_before()
        order = self.approved(
            self.other_machine, fault_description="Something is wrong",
            category_ids=[Command.set(self.gearbox_category.ids)],
        )
        one = self.proposal(order)
        self.assertIn(one.component, (self.housing.code, self.battery.code))
        parts = {
            self.housing.code: self.part_housing, self.battery.code: self.part_battery,
        }
        self.assertEqual(one.parts, ((parts[one.component].id, 1.0),))
        self.assertIn(one.hours, (6.0, 0.5))
        self.assertIn("likely_cause", [step.key for step in one.decision.steps])
        other = self.sell("JY20250003", months=3, model=self.other_model)
        stranger = self.approved(
            other, fault_description="Something is wrong",
            category_ids=[Command.set(self.gearbox_category.ids)],
        )
        self.assertFalse(self.proposal(stranger).component, "another model has no history")

    def test_g1_2_a_part_no_longer_approved_is_not_proposed(self):
        """S8.2, G1.2: what may not be fitted on the model any more is not brought."""
        self.closed_before()
        (self.part_housing | self.part_battery).approved_model_ids = [
            Command.set(self.other_model.product_tmpl_id.ids)
        ]
        order = self.approved(
            self.other_machine, fault_description="Something is wrong",
            category_ids=[Command.set(self.gearbox_category.ids)],
        )
        self.assertFalse(self.proposal(order).parts)

    def test_g3_4_in_farm_season_nothing_waits(self):
        """S8.2, G3.4: a loose bolt can wait, but not while the harvest is on."""
        seasons = self.env["jinxing.farm.season"].search([])
        seasons.active = False
        order = self.approved(fault_description="A bolt is loose")
        self.assertEqual(self.proposal(order).severity, "can_wait")
        day = self.today
        self.env["jinxing.farm.season"].create(
            {
                "name": "Now", "month_from": day.month, "day_from": day.day,
                "month_to": day.month, "day_to": day.day,
            }
        )
        one = self.proposal(order)
        self.assertEqual(one.severity, "limited")
        self.assertIn("G3.4", one.decision.clauses)

    def test_it_stays_a_proposal(self):
        """S8.2: looking at the proposal keeps it with its why, and assesses nothing."""
        order = self.approved()
        opened = order.with_user(self.users["clerk"]).action_open_contact()
        wizard = self.env["jinxing.repair.contact"].browse(opened["res_id"])
        self.assertTrue(wizard.why)
        record = order.preliminary_ids
        self.assertEqual((record.state, record.user_id.id), ("proposed", False))
        self.assertFalse(order.preliminary_at or order.preliminary_id)
        why = record.with_user(self.users["clerk"]).action_why()
        decision = self.env["jinxing.decision"].browse(why["res_id"])
        self.assertEqual(decision.kind, "preliminary_proposal")
        self.assertIn("S8.2", decision.clause_codes)
        order.with_user(self.users["clerk"]).action_open_contact()
        self.assertEqual(len(order.preliminary_ids), 1, "looked at twice, kept once")


@tagged("post_install", "-at_install")
class TestAssessing(PreliminaryCase):
    """S8.2: a person confirms or changes the proposal; the latest counts."""

    def test_confirmed_as_proposed(self):
        """S8.2: who, when, and that it was not changed; a step is noted."""
        order = self.approved(fault_description="gearbox housing leaks")
        record = self.assess(order)
        self.assertEqual(
            (record.state, record.user_id, record.changed),
            ("confirmed", self.users["clerk"], False),
        )
        self.assertEqual(record.component_id, self.housing)
        self.assertEqual(record.cover, "free")
        self.assertTrue(order.preliminary_at)
        step = order.step_ids[-1]
        self.assertEqual((step.action, step.clause), ("preliminary", "S8.2"))

    def test_changed_and_assessed_anew(self):
        """S8.2: the second takes the first one's place, both stay; the clock stopped once."""
        order = self.approved()
        with freeze_time(order.approved_at + timedelta(minutes=3)):
            first = self.assess(
                order, category_id=self.electrical_category.id, component_id=self.battery.id,
                severity="still", parts=[[self.part_battery.id, 2]], hours=1.5,
                advice="Do not bridge the starter",
            )
        self.assertTrue(first.changed)
        self.assertEqual(first.cover, "chargeable", "by the rule, not by hand (G4.3)")
        self.assertEqual(first.part_ids.mapped(lambda p: (p.product_id, p.quantity)),
                         [(self.part_battery, 2.0)])
        at = order.preliminary_at
        second = self.assess(order, user="supervisor", severity="can_wait")
        self.assertEqual(order.preliminary_id, second)
        self.assertEqual(order.preliminary_at, at)
        self.assertIn(first, order.preliminary_ids)

    def test_who_may(self):
        """S8.2: clerk, supervisor, its technician, its provider's people; nobody else."""
        order = self.approved()
        order.with_user(self.users["clerk"]).action_assign(
            technician_id=self.technician.id, reason="x"
        )
        for user in ("clerk", "supervisor", "manager", "technician"):
            with self.subTest(user):
                self.assertEqual(self.assess(order, user).user_id, self.users[user])
        strangers = ("parts_keeper", "finance", "nobody", "dealer", "farmer", "station",
                     "station_man", "other_dealer")
        for user in strangers:
            with self.subTest(user), self.assertRaises(AccessError):
                self.assess(order, user)
        given = self.approved(
            self.other_machine, category_ids=[Command.set(self.electrical_category.ids)]
        )
        given.with_user(self.users["clerk"]).action_assign(
            provider_id=self.station.id, reason="Nearer"
        )
        self.assertEqual(self.assess(given, "station").user_id, self.users["station"])

    def test_when(self):
        """S8.2: from the approval to the arrival, not before and not after."""
        with self.assertRaisesRegex(UserError, "from the approval"):
            self.assess(self.order())
        order = self.on_site(self.other_machine)
        with self.assertRaisesRegex(UserError, "from the approval"):
            self.assess(order)
        order = self.approved()
        for at, words in (("2020-01-01 08:00:00", "before the step"),
                          (fields.Datetime.now() + timedelta(hours=1), "future")):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.assess(order, at=at)

    def test_bad_input(self):
        """S8.2: each value is checked at the door, and the message says what is wrong."""
        order = self.approved()
        machine = self.model
        for values, words in (
            ({"category_id": False}, "kind of fault"),
            ({"category_id": True}, "kind of fault"),
            ({"category_id": 999999999}, "kind of fault"),
            ({"component_id": "x"}, "component"),
            ({"severity": "terrible"}, "none of the choices"),
            ({"way": False}, "none of the choices"),
            ({"hours": -1}, "from 0"), ({"hours": 1000}, "from 0"), ({"hours": "x"}, "from 0"),
            ({"advice": 5}, "no text"), ({"advice": "x" * 2001}, "longer"),
            ({"visit_at": "soon"}, "time"), ({"visit_at": "2020-01-01 08:00:00"}, "past"),
            ({"parts": "x"}, "up to"), ({"parts": [[1]]}, "Choose the part"),
            ({"parts": [[machine.id, 1]]}, "does not exist"),
            ({"parts": [[self.part_battery.id, 0]]}, "from 0.001"),
            ({"parts": [[self.part_battery.id, 1], [self.part_battery.id, 1]]}, "stands once"),
            ({"cover": "free"}, "no preliminary"), ({"state": "confirmed"}, "no preliminary"),
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, words):
                self.assess(order, **values)
        with self.assertRaisesRegex(ValidationError, "G1.2"):
            self.assess(order, parts=[[self.part_foreign.id, 1]])
        with self.assertRaisesRegex(UserError, "no preliminary"):
            order.with_user(self.users["clerk"]).action_assess_preliminary([1])
        self.assertFalse(order.preliminary_id)

    def test_unknown_fault_needs_a_person(self):
        """S8.2: with nothing to go by, the kind of fault is chosen, not guessed."""
        order = self.approved(fault_description="?", category_ids=[Command.clear()])
        with self.assertRaisesRegex(UserError, "choose the kind of fault"):
            self.assess(order)
        self.assess(order, category_id=self.gearbox_category.id)

    def test_installation(self):
        """S-inst, S8.2: an installation is assessed as such."""
        ticket = self.register(kind="installation", fault_description=False,
                               category_ids=[Command.clear()])
        ticket.action_create_dispatch_order()
        order = ticket.order_ids
        order.with_user(self.users["supervisor"]).action_approve()
        self.assertEqual(self.assess(order).category_id.code, "INSTALLATION")

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses(self):
        """S8.2: half an assessment, hours below zero, no quantity: not even by the system."""
        order = self.approved()
        record = self.assess(order, parts=[[self.part_battery.id, 1]])
        vals = {"order_id": order.id, "state": "confirmed"}
        whole = {
            **vals, "user_id": 1, "category_id": self.gearbox_category.id, "severity": "still",
            "way": "visit",
        }
        for bad in (vals, {**whole, "user_id": False}, {**whole, "severity": False},
                    {**whole, "hours": -1}, {**whole, "hours": 1000}, {**whole, "solved": True}):
            with self.subTest(bad), self.assertRaises(IntegrityError), self.cr.savepoint():
                self.records.create(bad)
        parts = self.env["jinxing.repair.preliminary.part"]
        part = {"preliminary_id": record.id, "product_id": self.part_housing.id}
        for bad in ({**part, "quantity": 0}, {**part, "product_id": self.part_battery.id}):
            with self.subTest(bad), self.assertRaises(IntegrityError), self.cr.savepoint():
                parts.create(bad)

    def test_nobody_edits_it(self):
        """S8.2: the history is written by the steps, and stays."""
        order = self.approved()
        record = self.assess(order, parts=[[self.part_battery.id, 1]])
        manager = self.users["manager"]
        for write in (
            lambda: record.with_user(manager).write({"severity": "can_wait"}),
            lambda: record.part_ids.with_user(manager).write({"quantity": 5}),
            lambda: record.with_user(manager).unlink(),
            lambda: self.records.with_user(manager).create({"order_id": order.id}),
        ):
            with self.assertRaises(UserError):  # an access error is one
                write()
        with self.assertRaisesRegex(UserError, "stays"):
            record.sudo().write({"severity": "can_wait"})
        clerk = order.with_user(self.users["clerk"]).with_context(
            default_solved=True, default_way="phone", default_user_id=manager.id,
            default_note="x",
        )
        clerk.action_assess_preliminary({})
        self.assertEqual(
            (order.preliminary_id.solved, order.preliminary_id.note, order.solved_at),
            (False, False, False), "a context says nothing",
        )
        moment = fields.Datetime.now()
        for name, value in (
            ("preliminary_at", moment), ("preliminary_deadline", moment),
            ("preliminary_late", False), ("preliminary_notified_at", moment),
            ("preliminary_id", False), ("preliminary_ids", [Command.clear()]),
            ("solved_at", moment),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                order.with_user(manager).write({name: value})


@tagged("post_install", "-at_install")
class TestPreliminaryClock(ClockCase, PreliminaryCase):
    """S8.2: ten minutes from the approval; the second after them is a breach."""

    def assessed_breaches(self):
        return self.orders.search([("preliminary_breach", "=", True)])

    def test_to_the_second(self):
        """S8.2: the tenth minute's last second is in time, the next one is a breach."""
        with freeze_time(self.start):
            order = self.approved()
        deadline = self.start + timedelta(minutes=10)
        self.assertEqual(order.preliminary_deadline, deadline)
        for moment, breached in ((deadline - SECOND, False), (deadline, False),
                                 (deadline + SECOND, True)):
            with self.subTest(moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(order.preliminary_breach, breached)
                self.assertEqual(order in self.assessed_breaches(), breached)
                self.assertEqual(
                    order in self.orders.search([("preliminary_breach", "!=", True)]),
                    not breached,
                )
        for moment, outcome in ((deadline, "on_time"), (deadline + SECOND, "late")):
            with freeze_time(self.start):
                order = self.approved()
            with self.subTest(outcome), freeze_time(moment):
                self.assess(order)
                self.assertEqual(order.preliminary_late, outcome == "late")
                self.assertEqual(order in self.assessed_breaches(), outcome == "late")
                decision = self.decision(order, "preliminary")
                self.assertEqual(
                    (decision.outcome, decision.clause_codes), (outcome, ["S8.2"])
                )

    def test_its_minutes_are_policy_and_rest_at_night(self):
        """S8.2: its own minutes, in the windows of the contact."""
        def value(key, text):
            self.env["jinxing.policy.value"].create(
                {
                    "parameter_id": self.env.ref(f"jinxing_repair.policy_{key}").id,
                    "date_from": "2020-01-01", "value": text, "company_id": self.company.id,
                }
            )

        value("preliminary_minutes", "25")
        value("contact_windows", "07:00-21:00")
        # 20:55 in Deyang is 12:55 UTC: five minutes that evening, twenty the next morning
        evening = fields.Datetime.to_datetime("2026-09-12 12:55:00")
        self.assertEqual(
            self.orders._preliminary_deadline(evening, self.company),
            fields.Datetime.to_datetime("2026-09-12 23:20:00"),
        )
        self.assertEqual(
            self.orders._contact_deadline(evening, self.company),
            fields.Datetime.to_datetime("2026-09-12 23:05:00"),
        )

    def test_told_once(self):
        """S8.2: the supervisor is told the second after, once, and not of what was assessed."""
        with freeze_time(self.start):
            order, other = self.approved(), self.approved(self.other_machine)
            for one in (order, other):
                one.with_user(self.users["clerk"]).action_contact()
            self.assess(other)
        deadline = order.preliminary_deadline
        self.assertEqual(self.sweep(deadline), 0)
        self.assertEqual(self.sweep(deadline + SECOND), 1)
        activity = order.activity_ids
        self.assertEqual(activity.user_id, self.users["supervisor"])
        self.assertIn("S8.2", activity.summary)
        self.assertFalse(other.activity_ids)
        self.assertEqual(self.outcome(order, "preliminary"), "breached")
        self.assertEqual(self.sweep(deadline + timedelta(hours=1)), 0)
        self.assertEqual(len(order.activity_ids), 1)

    def test_missed_stays_missed(self):
        """S8.2: arrived or cancelled, what was not done in time stays a fact."""
        order = self.given(assessed=False)
        late = order.preliminary_deadline + SECOND
        with freeze_time(late):
            worker = self.act(order)
            order.check_ids.filtered(lambda c: c.phase == "departure").write({"done": True})
            worker.action_arrive()
            self.env.invalidate_all()
            self.assertTrue(order.preliminary_breach and order.contact_breach)
        with freeze_time(late + timedelta(days=3)):
            self.assertIn(order, self.assessed_breaches())
            self.assertIn(order, self.found("contact_breach"))
        with freeze_time(self.start):
            gone = self.approved(self.other_machine)
        with freeze_time(late):
            self.act(gone, "supervisor").action_cancel_order("Sold")
            self.env.invalidate_all()
            self.assertIn(gone, self.assessed_breaches())
        with freeze_time(self.start):
            soon = self.given(assessed=False)
            soon.check_ids.filtered(lambda c: c.phase == "departure").write({"done": True})
            self.act(soon).action_arrive()
        with freeze_time(late):
            self.env.invalidate_all()
            self.assertFalse(soon.preliminary_breach, "he stood at the machine in time")
            self.assertNotIn(soon, self.assessed_breaches())

    def test_on_the_lists_of_what_is_late(self):
        """S8.2: the supervisor's list shows it, and the day's figures count it."""
        with freeze_time(self.start):
            order = self.approved()
            order.with_user(self.users["clerk"]).action_contact()
        view = self.env.ref("jinxing_repair.repair_order_view_search")
        arch = self.orders.get_view(view.id, "search")["arch"]
        self.assertIn("preliminary_breach", arch)
        with freeze_time(order.preliminary_deadline + SECOND):
            report = self.env["jinxing.daily.report"].with_user(self.users["supervisor"]).create(
                {"kind": "department", "date": self.today}
            )
            breaches = dict(report._day_figures()["breaches"])
            self.assertEqual(
                breaches["preliminary_breach"],
                self.orders.search_count(
                    [("preliminary_breach", "=", True), ("service_state", "=", "approved")]
                ),
            )


@tagged("post_install", "-at_install")
class TestPreliminaryUsed(PreliminaryCase):
    """S8.2: what was assessed is used by the rest of the order."""

    def test_t1_the_ranking_follows(self):
        """S8.2, T1-T5: another kind of fault demands other competences."""
        order = self.approved(category_ids=[Command.set(self.electrical_category.ids)])
        self.assertTrue(
            {p.key: p for p in order._rank_technicians()}[self.station_man.id].allowed
        )
        self.assess(order, category_id=self.gearbox_category.id)
        self.assertEqual(order.category_ids, self.gearbox_category)
        self.assertFalse(
            {p.key: p for p in order._rank_technicians()}[self.station_man.id].allowed
        )

    def test_t1_what_was_registered_is_not_lost(self):
        """S8.2: choosing one of two kinds registered leaves the other to be asked for too."""
        both = self.gearbox_category | self.electrical_category
        order = self.approved(category_ids=[Command.set(both.ids)])
        self.assess(order, category_id=self.electrical_category.id)
        self.assertEqual(order.category_ids, both)

    def test_the_visit_agreed_is_planned(self):
        """S8.2: the calendar shows the visit as agreed."""
        order = self.approved()
        visit = fields.Datetime.now().replace(microsecond=0) + timedelta(hours=3)
        record = self.assess(order, visit_at=visit, note="In the field behind the mill")
        self.assertEqual((order.schedule_date, record.visit_at), (visit, visit))

    def test_in_one_line(self):
        """S8.2: kind, component, severity, way, parts in one line, for the dispatch order."""
        order = self.approved()
        record = self.assess(
            order, component_id=self.housing.id, severity="still", way="workshop", hours=6,
            parts=[[self.part_housing.id, 1]],
        )
        line = record.with_context(lang="en_US")._in_one_line()
        for word in ("Machine stands still", "Take to the workshop", "Gearbox housing × 1", "6 h"):
            self.assertIn(word, line)
        report = "jinxing_repair.report_dispatch_order"
        for user in ("clerk", "supervisor", "finance"):
            reports = self.env["ir.actions.report"].with_user(self.users[user])
            html = reports._render_qweb_html(report, order.ids)[0].decode()
            for word in ("初步评估：", "机器停机", "拉回维修车间", "Gearbox housing × 1"):
                with self.subTest(user, word=word):
                    self.assertIn(word, html)

    # -- solved on the phone (N9, S8.9) ----------------------------------------------------------

    def solve(self, order, user="clerk", **values):
        return self.assess(
            order, user, **{"way": "phone", "solved": True, "advice": "Tighten it", **values}
        )

    def test_n9_s8_9_a_clerk_only_reports_it(self):
        """S8.2, N9, S8.9: solved on the phone goes before the supervisor, who cancels."""
        order = self.approved()
        order.with_user(self.users["clerk"]).action_contact()
        self.solve(order)
        self.assertEqual(order.service_state, "approved")
        self.assertTrue(order.solved_at)
        self.assertEqual(order.activity_ids.user_id, self.users["supervisor"])
        with self.assertRaises(AccessError):
            order.with_user(self.users["clerk"]).action_confirm_solved()
        order.with_user(self.users["supervisor"]).action_confirm_solved()
        self.assertEqual((order.service_state, order.state), ("cancelled", "cancel"))
        self.assertIn("Tighten it", order.step_ids[-1].reason)
        self.assertFalse(order.signed_at or order.closed_at or order.quality_score)
        self.assertTrue(order.ticket_id.stage_id.closed, "the contact is answered")

    def test_n9_a_supervisor_ends_it_at_once(self):
        """S8.2: what he solved himself he need not lay before himself."""
        order = self.approved()
        order.with_user(self.users["clerk"]).action_contact()
        self.solve(order, "supervisor")
        self.assertEqual(order.service_state, "cancelled")

    def test_solved_after_all_not(self):
        """S8.2: assessed anew without it, the order goes on."""
        order = self.approved()
        order.with_user(self.users["clerk"]).action_contact()
        self.solve(order)
        self.assess(order, way="visit")
        self.assertFalse(order.solved_at)
        with self.assertRaisesRegex(UserError, "nobody said"):
            order.with_user(self.users["supervisor"]).action_confirm_solved()

    def test_what_is_not_solved_by_phone(self):
        """S8.2, S8.9: nobody reached, no advice, a visit, or work begun: no short cut."""
        order = self.approved()
        with self.assertRaisesRegex(UserError, "once the customer was reached"):
            self.solve(order)
        order.with_user(self.users["clerk"]).action_contact()
        for values, words in (({"way": "visit"}, "only advice"), ({"advice": " "}, "advice")):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.solve(order, **values)
        self.add_faults(order)
        with self.assertRaisesRegex(UserError, "S8.9"):
            self.solve(order)
        with self.assertRaises(UserError):
            order.with_user(self.users["supervisor"]).action_confirm_solved()
        self.assertEqual(order.service_state, "approved")

    def test_cancelled_otherwise_the_contact_is_new_again(self):
        """S8.1: without the advice nobody has answered the customer."""
        order = self.approved()
        order.with_user(self.users["supervisor"]).action_cancel_order("Wrong machine")
        self.assertFalse(order.ticket_id.stage_id.closed)


@tagged("post_install", "-at_install")
class TestContactDialog(PreliminaryCase):
    """S8.2: call and assessment in one form."""

    def open(self, order, user="clerk"):
        opened = order.with_user(self.users[user]).action_open_contact()
        return Form(
            self.env["jinxing.repair.contact"].with_user(self.users[user]).browse(
                opened["res_id"]
            )
        )

    def test_both_in_one_go(self):
        """S8.2: filled in as proposed; one confirmation notes both."""
        order = self.approved(fault_description="gearbox housing leaks")
        form = self.open(order)
        self.assertEqual((form.category_id, form.component_id), (self.gearbox_category,
                                                                 self.housing))
        self.assertEqual(form.cover, "free")
        self.assertTrue(form.reached and form.assess and form.advice)
        form.note = "He waits at the road"
        form.save().action_confirm()
        self.assertTrue(order.contacted_at and order.preliminary_at)
        self.assertIn("road", order.preliminary_id.note)
        self.assertEqual(
            order.step_ids.mapped("action")[-2:], ["contact", "preliminary"]
        )

    def test_another_component_another_price(self):
        """S8.2, G4.3: the form says at once what is probably to be paid."""
        form = self.open(self.approved())
        form.category_id = self.electrical_category
        form.component_id = self.battery
        self.assertEqual(form.cover, "chargeable")
        self.assertIn("main switch", form.advice)

    def test_not_reached_yet(self):
        """S8.2: the assessment alone, then the call alone; nothing at all is refused."""
        order = self.approved()
        form = self.open(order)
        form.reached = False
        form.save().action_confirm()
        self.assertTrue(order.preliminary_at and not order.contacted_at)
        form = self.open(order)
        self.assertFalse(form.assess)
        self.assertTrue(form.reached)
        form.save().action_confirm()
        self.assertTrue(order.contacted_at)
        self.assertEqual(len(order.preliminary_ids.filtered("user_id")), 1)
        form = self.open(order)
        with self.assertRaisesRegex(UserError, "Neither"):
            form.save().action_confirm()

    def test_solved_while_talking(self):
        """S8.2: the call itself may solve it."""
        order = self.approved()
        form = self.open(order)
        form.way = "phone"
        form.advice = "Tighten the bolt"
        form.solved = True
        form.save().action_confirm()
        self.assertTrue(order.solved_at)

    def test_technicians_form(self):
        """S8.2: a technician notes it of his own order, not of another's."""
        order = self.approved()
        with self.assertRaises(AccessError):
            self.open(order, "technician")
        order.with_user(self.users["clerk"]).action_assign(
            technician_id=self.technician.id, reason="x"
        )
        form = self.open(order, "technician")
        form.save().action_confirm()
        self.assertEqual(order.preliminary_id.user_id, self.users["technician"])

    def test_dispatch_goes_on(self):
        """S8.2, S8.9: an assessed order goes its way to the signature."""
        order = self.signed()
        self.assertEqual(order.service_state, "signed")
        self.assertTrue(SIGNATURE)
