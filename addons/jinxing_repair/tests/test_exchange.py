from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, warmup
from odoo.tools import mute_logger

from ..rules.service_clock import local_moment
from .common import SIGNATURE
from .test_clock import HOUR, ClockCase

CHINA = "Asia/Shanghai"


class ExchangeCase(ClockCase):
    """Repairs that take long or do not do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rights = cls.env["jinxing.exchange.right"]
        cls.day0 = cls.orders._service_day(cls.start, cls.company)
        # the tests choose their public holidays themselves
        cls.env["resource.calendar.leaves"].search([("resource_id", "=", False)]).unlink()
        cls.env["jinxing.farm.season"].create(
            {"name": "All the year", "month_from": 1, "month_to": 12, "day_to": 31}
        )

    def noon(self, days):
        """The moment of noon so many days after the call."""
        return local_moment(self.day0 + timedelta(days=days), time(12), CHINA)

    def law(self, **switches):
        """Switch facts of the law on or off."""
        for code, enabled in switches.items():
            clause = self.env["jinxing.clause"]._by_codes([code.replace("_", "-")])
            clause.with_user(self.users["manager"]).enabled = enabled

    def under_repair(self, machine=None, component=None, days=0, **fault):
        """A warranty repair whose technician stands at the machine on a day."""
        order = self.given_on(machine, days)
        with freeze_time(self.noon(days) + HOUR):
            self.act(order).action_contact()
            self.packed(order)
            self.act(order).action_arrive()
            self.env["jinxing.repair.fault"].with_user(self.users["clerk"]).create(
                {
                    "order_id": order.id,
                    "component_id": (component or self.housing).id,
                    "symptom": "Leaks",
                    **fault,
                }
            )
        return order

    def given_on(self, machine, days):
        with freeze_time(self.noon(days)):
            order = self.approved(machine or self.machine)
            self.act(order, "clerk").action_assign(
                technician_id=self.technician.id, reason="Dealer has nobody"
            )
            self.act(order).action_accept()
        return order

    def finish(self, order, days, quality="good", sign=True):
        with freeze_time(self.noon(days) + 2 * HOUR):
            self.complete(order)
            order.fault_ids.with_user(self.users["clerk"]).write({"quality_after": quality})
            self.act(order).action_finish()
            if sign:
                self.act(order).action_sign(SIGNATURE, "Zhang Defu")

    def look(self, days):
        """Run the daily look at noon of a day."""
        crons = self.env.registry["ir.cron"]
        with (
            freeze_time(self.noon(days)),
            patch.object(crons, "_commit_progress", lambda *args, **kwargs: 1.0),
        ):
            self.env.invalidate_all()
            self.orders._cron_exchange()

    def of(self, order, state="open"):
        return self.rights.search(
            [("order_id", "=", order.id), ("state", "=", state)], order="arisen_on, id"
        )


@tagged("post_install", "-at_install")
class TestRightsByTime(ExchangeCase):
    """G2.1, G2.2, L-30wd: rights that arise with the days, to the day."""

    def wait(self, order, reason, days, end=None, **values):
        with freeze_time(self.noon(days)):
            self.act(order).action_open_wait(reason, note="Bearing 6208", **values)
        if end is not None:
            with freeze_time(self.noon(end)):
                self.act(order).action_close_wait(reason)

    def test_g2_1_day_91_without_the_producers_part(self):
        """G2.1: day 90 gives nothing, day 91 an exchange by the seller; warned 10 days before."""
        self.law(L_30wd=False)
        order = self.under_repair()
        self.wait(order, "producer_parts", 0)
        self.assertEqual(order.handed_over_at, order.called_at)
        self.look(80)
        self.assertEqual((order.exchange_outcome, self.of(order)), ("none", self.rights))
        self.assertEqual(order.exchange_due_on, self.day0 + timedelta(days=91))
        self.look(81)
        self.assertEqual(order.exchange_outcome, "warning")
        self.assertIn("G2.1", order.exchange_due_clause)
        warned = order.activity_ids.filtered(lambda a: "about to arise" in a.summary)
        self.assertEqual(warned.user_id, self.users["supervisor"])
        decision = self.decision(order, "exchange_right")
        self.assertEqual(decision.until, self.day0 + timedelta(days=90))
        self.look(90)
        self.assertFalse(self.of(order))
        self.look(91)
        right = self.of(order)
        self.assertEqual(
            (right.clause_code, right.outcome, right.bearer, right.bearer_id),
            ("G2.1", "exchange", "seller", self.dealer),
        )
        self.assertEqual(right.arisen_on, self.day0 + timedelta(days=91))
        self.assertEqual(right.fault_ids, order.fault_ids)
        self.assertEqual(right.wait_ids, order.wait_ids)
        self.assertIn("90 days", self.decision(right, "exchange_right").explanation)
        self.look(92)
        self.look(120)
        self.assertEqual(self.of(order), right, "raised once")
        self.assertEqual(len(order.activity_ids.filtered(lambda a: "arisen" in a.summary)), 1)

    def test_g2_2_day_31_for_the_repairers_own_reason(self):
        """G2.2: day 31 without a wait recorded is the repairer's; he bears the cost."""
        self.law(L_30wd=False)
        order = self.under_repair()
        self.look(30)
        self.assertEqual(order.exchange_outcome, "warning")
        self.assertFalse(self.of(order))
        self.look(31)
        right = self.of(order)
        self.assertEqual(
            (right.clause_code, right.bearer, right.bearer_id),
            ("G2.2", "repairer", self.company.partner_id),
        )

    def test_customers_waits_do_not_count(self):
        """G2.2: days that began in a wait of the customer are no days of repair."""
        self.law(L_30wd=False)
        order = self.under_repair()
        self.wait(order, "customer", 5, end=15)
        self.assertEqual(order.exchange_due_on, self.day0 + timedelta(days=41))
        self.look(40)
        self.assertFalse(self.of(order))
        self.look(41)
        self.assertEqual(self.of(order).arisen_on, self.day0 + timedelta(days=41))
        with freeze_time(self.noon(41)):
            self.env.invalidate_all()
            self.assertEqual(order.repair_days, 31)

    def test_l_30wd_counts_working_days(self):
        """L-30wd: 30 working days of the company's calendar, public holidays taken out."""
        order = self.under_repair()
        calendar = self.orders.sudo().company_id.browse(self.company.id)._work_calendar()
        expected = calendar.nth(self.day0, 30) + timedelta(days=1)
        self.wait(order, "producer_parts", 0)
        self.assertEqual((order.exchange_due_clause, order.exchange_due_on), ("L-30wd", expected))
        monday = self.day0 + timedelta(days=(7 - self.day0.weekday()) % 7 or 7)
        leaves = self.env["resource.calendar.leaves"]
        leave = leaves.create(
            {
                "name": "国庆节",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": datetime.combine(monday, time(0)),
                "date_to": datetime.combine(monday, time(12)),
            }
        )
        self.assertEqual(order.exchange_look_on, self.orders._service_day(None, self.company))
        self.look(1)
        self.assertGreater(order.exchange_due_on, expected)
        saturday = monday + timedelta(days=5)
        leave.write(
            {
                "time_type": "other",
                "date_from": datetime.combine(saturday, time(0)),
                "date_to": datetime.combine(saturday, time(12)),
            }
        )
        self.look(2)
        self.assertLess(order.exchange_due_on, expected + timedelta(days=1))
        leave.unlink()
        self.look(3)
        self.assertEqual(order.exchange_due_on, expected)
        days = (expected - self.day0).days
        self.look(days - 1)
        self.assertFalse(self.of(order))
        self.look(days)
        right = self.of(order)
        self.assertEqual((right.clause_code, right.outcome), ("L-30wd", "user_choice"))
        decision = self.decision(right, "exchange_right")
        self.assertEqual(decision.clause_codes[0], "L-30wd")
        self.assertIn("G2.1", decision.clause_codes, "both are named")

    def test_switched_off_law_takes_its_rights_back(self):
        """L-30wd: a manager who switches the fact off takes open rights by it back."""
        order = self.under_repair()
        self.wait(order, "producer_parts", 0)
        self.look(60)
        self.assertEqual(self.of(order).clause_code, "L-30wd")
        with freeze_time(self.noon(61)):
            self.law(L_30wd=False)
        self.look(61)
        self.assertFalse(self.of(order))
        with freeze_time(self.noon(62)):
            self.law(L_30wd=True)
        self.look(62)
        self.assertEqual(len(self.of(order)), 1)

    def test_repaired_in_time_gives_nothing(self):
        """G2.1, G2.2: a repair done before the limit; its waits end with it."""
        order = self.under_repair()
        self.wait(order, "producer_parts", 1)
        self.finish(order, 20)
        self.assertTrue(order.wait_ids.date_end)
        self.assertFalse(order.exchange_look_on or order.exchange_due_on)
        self.look(200)
        self.assertFalse(self.of(order))

    def test_outside_the_cover_gives_nothing(self):
        """G2.1: a chargeable repair is no warranty repair."""
        order = self.under_repair(component=self.battery)
        self.look(200)
        self.assertFalse(self.of(order))
        self.assertFalse(order.exchange_look_on)

    def test_corrected_wait_takes_the_right_back(self):
        """G2.2: when the cause was noted wrongly the open right lapses, and comes back."""
        self.law(L_30wd=False)
        order = self.under_repair()
        self.look(35)
        right = self.of(order)
        with freeze_time(self.noon(36)):
            wait = (
                self.env["jinxing.repair.wait"]
                .with_user(self.users["supervisor"])
                .create(
                    {
                        "order_id": order.id,
                        "reason": "producer_parts",
                        "note": "Gearbox",
                        "date_start": self.noon(1),
                    }
                )
            )
        self.assertEqual(right.state, "lapsed")
        self.assertTrue(right.lapse_reason)
        with freeze_time(self.noon(37)):
            wait.unlink()
        self.assertEqual(self.of(order).clause_code, "G2.2")

    def test_the_first_receipt_is_the_handing_in(self):
        """G2.1: 送修 is the receipt when the machine is taken back, else the call."""
        order = self.under_repair()
        with freeze_time(self.noon(3)):
            self.act(order).action_take_back(
                handed_over_by="Zhang Defu", condition="Muddy", signature=SIGNATURE
            )
        self.assertEqual(order.handed_over_at, self.noon(3))
        self.assertEqual(order.called_at, self.noon(0))

    def test_cancelled_order_lapses(self):
        """G2.2: a cancelled repair gives no right."""
        self.law(L_30wd=False)
        order = self.under_repair()
        self.look(31)
        right = self.of(order)
        with freeze_time(self.noon(32)):
            self.act(order, "supervisor").action_cancel_order("Machine was sold")
        self.assertEqual(right.state, "lapsed")
        self.look(40)
        self.assertFalse(self.of(order) or order.exchange_look_on)

    # -- waiting ---------------------------------------------------------------------------------

    def test_waits_open_and_close_with_reasons(self):
        """G2.1: by the worker, with the part, in order, not twice; corrected with a trace."""
        order = self.under_repair()
        worker = self.act(order)
        with freeze_time(self.noon(2)):
            self.assertEqual(worker.action_open_wait()["res_model"], "jinxing.repair.wait.ask")
            with self.assertRaises(AccessError):
                self.act(order, "farmer").action_open_wait("customer")
            with self.assertRaises(ValidationError):
                worker.action_open_wait("producer_parts")
            with self.assertRaisesRegex(UserError, "does not wait"):
                worker.action_close_wait()
            worker.action_open_wait("producer_parts", product_id=self.part_housing.id)
            with self.assertRaises(ValidationError):
                worker.action_open_wait("producer_parts", product_id=self.part_housing.id)
            worker.action_open_wait("customer", note="Harvests with it", at=self.noon(1))
            with self.assertRaises(UserError):
                worker.action_open_wait("other", at=self.noon(-1))
        self.assertEqual(order.waiting_for, "Customer, Producer has not supplied a part")
        with freeze_time(self.noon(4)):
            worker.action_close_wait("customer")
        self.assertEqual(order.waiting_for, "Producer has not supplied a part")
        self.assertEqual(order.step_ids[-1].action, "wait_end")
        waits = order.wait_ids
        with self.assertRaises(AccessError):
            waits.with_user(self.users["clerk"]).write({"reason": "other"})
        with self.assertRaises(AccessError):
            waits.with_user(self.users["clerk"]).unlink()
        before = len(order.message_ids)
        waits[:1].with_user(self.users["supervisor"]).write({"note": "Said so by phone"})
        self.assertEqual(len(order.message_ids), before + 1)
        self.finish(order, 6)
        with self.assertRaises(UserError):
            waits[:1].with_user(self.users["supervisor"]).write({"note": "x"})
        with self.assertRaises(UserError):
            worker.action_open_wait("customer")

    def test_warranty_repair_is_downtime(self):
        """L-down: from handing in to the signature the card keeps the days, once."""
        order = self.under_repair()
        end = order.card_id.line_ids.filtered(lambda c: c.cover_class == "main").date_end
        self.finish(order, 9)
        gap = order.card_id.downtime_ids
        self.assertEqual(
            (gap.date_from, gap.date_to, gap.source),
            (self.day0, self.day0 + timedelta(days=9), order.name),
        )
        self.law(L_down=True)
        line = order.card_id.line_ids.filtered(lambda c: c.cover_class == "main")
        self.assertEqual((line.date_end - end).days, 10)
        paid = self.under_repair(component=self.battery, days=20)
        with freeze_time(self.noon(20) + HOUR):
            paid.fault_ids.service_ids.unlink()
        self.finish(paid, 21)
        self.assertEqual(order.card_id.downtime_ids, gap, "a chargeable repair is none")


@tagged("post_install", "-at_install")
class TestRightsByRepetition(ExchangeCase):
    """G3.4, L-rep2: what does not do after the second repair."""

    def again(self, days, quality="good", **values):
        order = self.under_repair(days=days, **values)
        self.finish(order, days, quality)
        return order

    def test_g3_4_back_after_the_second_repair(self):
        """G3.4: the third time in one season: a new part, only against the old one."""
        self.law(L_rep2=False)
        first, second = self.again(0), self.again(5)
        self.assertFalse(self.rights.search([("lot_id", "=", self.machine.id)]))
        third = self.under_repair(days=9)
        right = self.of(third)
        self.assertEqual(
            (right.clause_code, right.outcome, right.component_id, right.bearer),
            ("G3.4", "new_part", self.housing, "producer"),
        )
        self.assertTrue(right.needs_old_part)
        self.assertEqual(right.order_ids, first | second | third)
        self.assertEqual(len(right.fault_ids), 3)
        self.assertEqual(third.exchange_outcome, "new_part")
        explanation = self.decision(right, "exchange_right").explanation
        self.assertIn(self.housing.name, explanation)
        release = self.decision(right, "new_part_release")
        self.assertEqual(release.outcome, "held")
        with self.assertRaisesRegex(UserError, "old one"):
            right.with_user(self.users["supervisor"]).action_execute("Given out")
        with self.assertRaises(AccessError):
            right.with_user(self.users["technician"]).action_old_part_back()
        right.with_user(self.users["parts_keeper"]).action_old_part_back()
        self.assertEqual(self.outcome(right, "new_part_release"), "released")
        self.assertEqual(right.old_part_by_id, self.users["parts_keeper"])
        with freeze_time(self.noon(9) + 2 * HOUR):
            right.with_user(self.users["supervisor"]).action_execute("Given out of store 2")
        self.assertEqual((right.state, right.executed_by_id),
                         ("executed", self.users["supervisor"]))
        self.finish(third, 10)
        fourth = self.again(12)
        self.assertFalse(self.of(fourth), "the new part begins anew")
        self.assertFalse(self.of(third))

    def test_g3_4_trial_fails_at_once(self):
        """G3.4: the second repair fails its trial: the right is there at once."""
        self.law(L_rep2=False)
        order = self.under_repair()
        self.finish(order, 1, sign=False)
        with freeze_time(self.noon(2)):
            self.act(order).action_resume("Leaks again")
        self.assertFalse(order.fault_ids.quality_after, "to be found anew")
        self.assertFalse(self.of(order))
        self.finish(order, 3, quality="not_ok", sign=False)
        right = self.of(order)
        self.assertEqual((right.clause_code, right.arisen_on),
                         ("G3.4", self.day0 + timedelta(days=3)))
        with freeze_time(self.noon(3) + 3 * HOUR):
            order.fault_ids.with_user(self.users["clerk"]).quality_after = "good"
        self.assertEqual(right.state, "lapsed")
        with freeze_time(self.noon(3) + 4 * HOUR):
            self.act(order).action_resume("Leaks after all")
        self.assertEqual(len(self.of(order)), 1)

    def test_g3_4_outside_one_season(self):
        """G3.4: repairs of different seasons do not add up."""
        self.law(L_rep2=False)
        self.env["jinxing.farm.season"].search([]).active = False
        first, last = self.day0, self.day0 + timedelta(days=6)
        self.env["jinxing.farm.season"].create(
            {
                "name": "Short",
                "month_from": first.month,
                "day_from": first.day,
                "month_to": last.month,
                "day_to": last.day,
            }
        )
        self.again(0)
        self.again(5)
        third = self.under_repair(days=7)
        self.assertFalse(self.of(third))

    def test_misuse_counts_for_nothing(self):
        """G3.4: only quality problems; a ground of exclusion or a diagnosis takes them out."""
        self.law(L_rep2=False)
        self.again(0)
        self.again(5, exclusion="G5.1", exclusion_evidence="Ran without oil")
        third = self.under_repair(days=9)
        self.assertFalse(self.of(third))
        fourth_machine = self.sell("JY20250077", months=2)
        for days in (0, 5):
            self.again(days, machine=fourth_machine)
        third = self.under_repair(days=9, machine=fourth_machine)
        right = self.of(third)
        self.assertTrue(right)
        liability = third.fault_ids.liability_ids.with_user(self.users["supervisor"])
        liability.write({"cause": "misuse", "evidence": "Stone in the gearbox"})
        liability.action_decide()
        self.assertEqual(right.state, "lapsed")

    def test_l_rep2_serious_problem(self):
        """L-rep2: back after two repairs: the component; again: the machine; again: return."""
        machine = self.sell("JY20250078", months=2)
        values = {"machine": machine, "serious": True}
        self.again(0, **values)
        self.again(40, **values)
        outcomes = []
        for days in (80, 120, 160):
            order = self.under_repair(days=days, **values)
            with freeze_time(self.noon(days) + 2 * HOUR):
                right = self.of(order).filtered(lambda r: r.clause_code == "L-rep2")
                outcomes.append(right.outcome)
                self.assertEqual(right.bearer_id, self.dealer)
                right.with_user(self.users["clerk"]).action_claim("As the law says")
                right.with_user(self.users["supervisor"]).action_execute("Done")
            self.finish(order, days)
        self.assertEqual(outcomes, ["new_part", "exchange", "return"])

    def test_component_noted_wrongly(self):
        """G3.4: when the component is corrected the right goes with it."""
        self.law(L_rep2=False)
        self.again(0)
        self.again(5)
        third = self.under_repair(days=9)
        right = self.of(third)
        with freeze_time(self.noon(9) + 2 * HOUR):
            third.fault_ids.with_user(self.users["clerk"]).component_id = self.belt
        self.assertEqual(right.state, "lapsed")


@tagged("post_install", "-at_install")
class TestRight(ExchangeCase):
    """What is done with a right, by whom, and what it costs to look for them."""

    def right(self, machine=None):
        order = self.under_repair(machine)
        self.look(60)
        return self.of(order)

    def test_states(self):
        """G2.2, L-30wd: open, claimed, executed; one done, the others lapse."""
        order = self.under_repair()
        self.look(60)
        rights = self.of(order)
        self.assertEqual(set(rights.mapped("clause_code")), {"G2.2", "L-30wd"})
        choice = rights.filtered(lambda r: r.outcome == "user_choice")
        clerk = choice.with_user(self.users["clerk"])
        clerk.action_claim("Wants another machine")
        self.assertEqual((choice.state, choice.claim_note), ("claimed", "Wants another machine"))
        with self.assertRaises(UserError):
            clerk.action_claim()
        with self.assertRaises(AccessError):
            clerk.action_execute("x")
        supervisor = choice.with_user(self.users["supervisor"])
        self.assertEqual(supervisor.action_execute()["res_model"], "jinxing.record.reason")
        supervisor.action_execute("4LZ-4.0 JY20260001")
        self.assertEqual(set(rights.mapped("state")), {"executed", "lapsed"})
        self.look(70)
        self.assertFalse(self.of(order), "what is satisfied does not come back")

    def test_further_repair_and_lapse(self):
        """L-30wd: the user may choose further repair; other rights have no such choice."""
        rights = self.right()
        choice = rights.filtered(lambda r: r.outcome == "user_choice")
        other = rights - choice
        with self.assertRaises(UserError):
            other.with_user(self.users["clerk"]).action_further_repair()
        choice.with_user(self.users["clerk"]).action_further_repair()
        self.assertEqual(choice.state, "lapsed")
        supervisor = other.with_user(self.users["supervisor"])
        asked = supervisor.action_lapse()
        wizard = (
            self.env[asked["res_model"]]
            .with_user(self.users["supervisor"])
            .with_context(**asked["context"])
            .create({"reason": "Does not want it"})
        )
        wizard.action_confirm()
        self.assertEqual((other.state, other.lapse_reason), ("lapsed", "Does not want it"))
        self.look(65)
        self.assertFalse(self.of(other.order_id))

    def test_rights_are_the_rules_alone(self):
        """G2.1: nobody makes, edits or deletes a right; the database keeps it single."""
        right = self.right()[:1]
        values = {
            "order_id": right.order_id.id,
            "lot_id": right.lot_id.id,
            "clause_id": right.clause_id.id,
            "outcome": right.outcome,
            "bearer": "seller",
            "arisen_on": right.arisen_on,
        }
        for user in ("clerk", "supervisor", "manager"):
            found = right.with_user(self.users[user])
            for change in ({"state": "executed"}, {"needs_old_part": False}):
                with self.assertRaises(UserError):
                    found.write(change)
            with self.assertRaises(UserError):
                found.unlink()
            with self.assertRaises(UserError):
                found.create(values)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.rights.sudo().create(values)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            right.sudo().write({"state": "executed", "needs_old_part": True})
            right.flush_recordset()

    def test_who_reads(self):
        """G2.1: customer, dealer and provider read theirs, others nothing."""
        right = self.right()
        for user in ("clerk", "supervisor", "parts_keeper", "finance", "technician", "dealer",
                     "farmer"):
            with self.subTest(user):
                found = self.rights.with_user(self.users[user]).search([])
                self.assertEqual(found, right)
        for user in ("other_dealer", "other_farmer", "station"):
            with self.subTest(user):
                self.assertFalse(self.rights.with_user(self.users[user]).search([]))
                with self.assertRaises(AccessError):
                    right.with_user(self.users[user]).read(["outcome"])
                with self.assertRaises(AccessError):
                    right.with_user(self.users[user]).action_claim()
        with self.assertRaises(AccessError):
            right.with_user(self.users["farmer"]).action_claim()
        with self.assertRaises(AccessError):
            self.rights.with_user(self.users["nobody"]).search([])

    def test_repair_record_note_prints(self):
        """G2.1: the note of the repair record names machine, waits, faults and the clause."""
        order = self.under_repair()
        with freeze_time(self.noon(1)):
            self.act(order).action_open_wait("producer_parts", product_id=self.part_housing.id)
        self.look(100)
        rights = self.of(order)
        report = self.env["ir.actions.report"].with_user(self.users["clerk"])
        html = report._render_qweb_html("jinxing_repair.report_repair_note", rights.ids)[0].decode()
        for text in (order.name, self.machine.name, self.part_housing.name, "G2.1", "L-30wd",
                     self.housing.name, rights[0].name):
            self.assertIn(text, html)

    # -- cost ------------------------------------------------------------------------------------

    def sweep_many(self, count):
        orders = self.env["repair.order"]
        with freeze_time(self.noon(0)):
            for number in range(count):
                machine = self.sell(f"JX{count:03}{number:04}", months=5)
                orders |= self.order(machine)
        self.env["jinxing.repair.fault"].create(
            [{"order_id": order.id, "component_id": self.housing.id} for order in orders]
        )
        with freeze_time(self.noon(29)):
            orders.write({"exchange_look_on": self.day0})
            self.env.flush_all()
            self.env.invalidate_all()
            with patch("random.random", lambda: 1), self.assertQueryCount(__system__=48):
                orders._look_at_exchange()
                self.env.flush_all()
        self.assertEqual(set(orders.mapped("exchange_outcome")), {"warning"})

    @warmup
    def test_queries_for_one(self):
        """G2.1, G2.2: looking at one order, warning and activity included."""
        self.sweep_many(1)

    @warmup
    def test_queries_for_fifty(self):
        """G2.1, G2.2: fifty orders cost as many queries as one."""
        self.sweep_many(50)


@tagged("post_install", "-at_install")
class TestFarmSeason(ExchangeCase):
    """G3.4: farm seasons by region and crop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seasons = cls.env["jinxing.farm.season"]
        regions = cls.env["jinxing.region"]
        cls.south = regions.create({"name": "South"})
        cls.town = regions.create({"name": "Town", "parent_id": cls.south.id})
        cls.none = regions

    def ranges(self, seasons, region=None, crop=None, first=date(2026, 1, 1),
               last=date(2026, 12, 31)):
        return seasons._ranges(region or self.none, crop, first, last)

    def test_defaults_of_the_handbook(self):
        """G3.4: rapeseed and wheat 1 May to 15 June, rice 1 August to 31 October."""
        seasons = self.seasons.browse(
            self.env.ref(f"jinxing_repair.season_{crop}").id
            for crop in ("rapeseed", "wheat", "rice")
        )
        spring, autumn = ((date(2026, 5, 1), date(2026, 6, 15)),), (
            (date(2026, 8, 1), date(2026, 10, 31)),)
        self.assertEqual(self.ranges(seasons, crop="wheat"), spring)
        self.assertEqual(self.ranges(seasons, crop="rapeseed"), spring)
        self.assertEqual(self.ranges(seasons, crop="rice"), autumn)
        self.assertEqual(self.ranges(seasons), spring + autumn, "an unknown crop: all of them")
        self.assertEqual(self.ranges(seasons, crop="maize"), ())
        self.assertEqual(self.ranges(seasons, crop="rice", last=date(2026, 7, 31)), ())

    def test_region_year_and_turn_of_the_year(self):
        """G3.4: the nearest region goes first, one year's dates before each year's."""
        general, south, once = self.seasons.create(
            [
                {"name": "G", "crop": "rice", "month_from": 8, "month_to": 10, "day_to": 31},
                {"name": "S", "crop": "rice", "region_id": self.south.id,
                 "month_from": 12, "day_from": 15, "month_to": 2, "day_to": 29},
                {"name": "O", "crop": "rice", "year": "2026", "month_from": 9, "month_to": 9,
                 "day_to": 30},
            ]
        )
        seasons = general | south | once
        self.assertEqual(
            self.ranges(seasons), ((date(2026, 9, 1), date(2026, 9, 30)),)
        )
        self.assertEqual(
            self.ranges(seasons, self.town),
            (
                (date(2025, 12, 15), date(2026, 2, 28)),
                (date(2026, 12, 15), date(2027, 2, 28)),
            ),
        )

    def test_bad_days_are_refused(self):
        """G3.4: months and days that are none."""
        values = {"name": "X", "month_from": 4, "month_to": 5}
        with self.assertRaises(ValidationError):
            self.seasons.create({**values, "day_from": 31})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.seasons.create({**values, "month_to": 13})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.seasons.create({**values, "year": "26"})

    def test_only_managers_set_seasons(self):
        """G3.4: all staff read them, managers set them."""
        values = {"name": "X", "month_from": 4, "month_to": 5}
        self.seasons.with_user(self.users["manager"]).create(values)
        self.assertTrue(self.seasons.with_user(self.users["technician"]).search([]))
        for user in ("clerk", "supervisor"):
            with self.assertRaises(AccessError):
                self.seasons.with_user(self.users[user]).create(values)
        with self.assertRaises(AccessError):
            self.seasons.with_user(self.users["farmer"]).search([])
