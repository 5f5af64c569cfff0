from datetime import date, datetime, time, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import SIGNATURE
from .test_clock import HOUR
from .test_exchange import ExchangeCase


@tagged("post_install", "-at_install")
class TestPublicHolidays(TransactionCase):
    """L-30wd: the public holidays of China, and the days worked for them, are data."""

    def test_l_30wd_public_holidays_of_china_are_data(self):
        """L-30wd: National Day 2026 is off for seven days, two days of rest are worked for it."""
        calendar = self.env.ref("base.main_company")._work_calendar()
        for worked in (date(2026, 9, 20), date(2026, 10, 10)):
            self.assertIn(worked.weekday(), (5, 6))
            self.assertTrue(calendar.is_working(worked), worked)
        self.assertFalse(any(calendar.is_working(date(2026, 10, n)) for n in range(1, 8)))
        self.assertTrue(calendar.is_working(date(2026, 10, 8)))
        # 20 weekdays and two Saturdays worked, less six weekdays of the Spring Festival
        january, february = date(2026, 1, 31), date(2026, 2, 28)
        self.assertEqual(calendar.count(january, february), 16)


@tagged("post_install", "-at_install")
class TestThirtyWorkingDays(ExchangeCase):
    """L-30wd: each word of the law's fact, on real orders."""

    def due(self, order):
        return order.exchange_due_clause, order.exchange_due_on

    def beyond(self, start):
        """The day after the thirtieth working day since ``start``."""
        return self.company._work_calendar().nth(start, 30) + timedelta(days=1)

    def test_l_30wd_is_on_by_default(self):
        """L-30wd, L-rep2: in force unless a manager switches them off."""
        for name in ("l_30wd", "l_rep2"):
            self.assertTrue(self.env.ref(f"jinxing_base.clause_{name}").enabled)

    def test_l_30wd_holidays_of_all_calendars_count(self):
        """L-30wd: a public holiday entered for no calendar in particular is one of everybody."""
        monday = self.day0 + timedelta(days=(7 - self.day0.weekday()) % 7 or 7)
        self.assertTrue(self.company._work_calendar().is_working(monday))
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "台风停工",
                "company_id": self.company.id,
                "date_from": datetime.combine(monday, time(0)),
                "date_to": datetime.combine(monday, time(12)),
            }
        )
        leave.calendar_id = False
        self.assertFalse(self.company._work_calendar().is_working(monday))

    def test_l_30wd_counts_from_the_receipt(self):
        """L-30wd: from the day the machine was handed in, not from the call before it."""
        order = self.under_repair()
        with freeze_time(self.noon(1)):
            self.act(order).action_open_wait("producer_parts", note="Bearing 6208")
        self.assertEqual(self.due(order), ("L-30wd", self.beyond(self.day0)))
        with freeze_time(self.noon(8)):
            self.act(order).action_take_back(
                handed_over_by="Zhang Defu", condition="Muddy", signature=SIGNATURE
            )
        self.assertEqual(
            self.due(order), ("L-30wd", self.beyond(self.day0 + timedelta(days=8)))
        )

    def test_l_30wd_stands_on_the_warning_list_ten_days_before(self):
        """L-30wd: on the list of warnings 10 days before, with the day; the supervisor is told."""
        order = self.under_repair()
        with freeze_time(self.noon(0) + 2 * HOUR):
            self.act(order).action_open_wait("customer", note="Harvests with it")
        days = (self.beyond(self.day0) - self.day0).days
        listed = self.env.ref("jinxing_repair.repair_order_action_warning")
        domain = [("exchange_outcome", "=", "warning"), ("id", "=", order.id)]
        self.assertIn("exchange_outcome", listed.domain)
        self.look(days - 11)
        self.assertFalse(self.orders.search(domain))
        self.look(days - 10)
        self.assertEqual(self.orders.search(domain), order)
        self.assertEqual(self.due(order), ("L-30wd", self.beyond(self.day0)))
        told = order.activity_ids.filtered(lambda a: "about to arise" in a.summary)
        self.assertEqual(told.user_id, self.users["supervisor"])

    def test_l_30wd_no_fault_test(self):
        """L-30wd: whatever the machine waited for, even for the customer himself."""
        for number, reason in enumerate(("customer", "other", "producer_parts")):
            machine = self.sell(f"JY2025009{number}", months=3)
            order = self.under_repair(machine)
            with freeze_time(self.noon(0) + 2 * HOUR):
                self.act(order).action_open_wait(reason, note="Said so")
            self.look((self.beyond(self.day0) - self.day0).days)
            self.assertIn("L-30wd", self.of(order).mapped("clause_code"), reason)

    def test_l_30wd_the_choice_is_the_users_and_recorded(self):
        """L-30wd: exchange or further repair, who noted it when; he may change his mind."""
        order = self.under_repair()
        with freeze_time(self.noon(0) + 2 * HOUR):
            self.act(order).action_open_wait("other", note="Strike")
        self.look(60)
        right = self.of(order)
        self.assertEqual((right.clause_code, right.outcome), ("L-30wd", "user_choice"))
        clerk = right.with_user(self.users["clerk"])
        with freeze_time(self.noon(60) + HOUR):
            clerk.action_further_repair("By phone: wants his own machine back")
        self.assertEqual(
            (right.state, right.user_choice, right.chosen_by_id, right.chosen_at),
            ("lapsed", "further_repair", self.users["clerk"], self.noon(60) + HOUR),
        )
        self.assertIn("his own machine", right.lapse_reason)
        self.look(61)
        self.assertFalse(self.of(order), "he has chosen")
        with self.assertRaises(AccessError):
            right.with_user(self.users["technician"]).action_claim()
        with freeze_time(self.noon(70)):
            clerk.action_claim("Has waited long enough")
        self.assertEqual(
            (right.state, right.user_choice, right.chosen_at, right.lapse_reason),
            ("claimed", "exchange", self.noon(70), False),
        )
        with freeze_time(self.noon(71)):
            clerk.action_further_repair()
        self.finish(order, 72)
        with self.assertRaises(UserError):
            clerk.action_claim("Too late, it is repaired")


@tagged("post_install", "-at_install")
class TestSameProblem(ExchangeCase):
    """L-rep2: the same problem back after two repairs, stage by stage."""

    def again(self, days, **values):
        order = self.under_repair(days=days, **values)
        self.finish(order, days)
        return order

    def by_law(self, order):
        return self.of(order).filtered(lambda r: r.clause_code == "L-rep2")

    def execute(self, right, days, note="Done"):
        with freeze_time(self.noon(days) + 2 * HOUR):
            right.with_user(self.users["supervisor"]).action_execute(note)

    def exchange(self, right, serial, days):
        """The dealer gives another machine, noted by the supervisor."""
        new = self.env["stock.lot"].create(
            {"name": serial, "product_id": self.model.id, "company_id": self.company.id}
        )
        with freeze_time(self.noon(days) + 2 * HOUR):
            right.with_user(self.users["supervisor"])._record_exchange(
                new, self.day0 + timedelta(days=days)
            )
        return new

    def test_l_rep2_goes_on_with_the_machine_given(self):
        """L-rep2: component, machine, and back again on the new machine: return."""
        machine = self.sell("JY20250081", months=2)
        values = {"machine": machine, "serious": True}
        first = self.again(0, **values)
        self.again(20, **values)
        third = self.under_repair(days=40, **values)
        self.execute(self.by_law(third), 40)
        self.finish(third, 40)
        fourth = self.under_repair(days=60, **values)
        right = self.by_law(fourth)
        self.assertEqual(right.outcome, "exchange")
        new = self.exchange(right, "JY20269081", 61)
        self.assertEqual(new.card_id.replaces_id.lot_id, machine)
        other = self.under_repair(new, component=self.battery, days=70, serious=True)
        self.assertFalse(self.by_law(other), "another problem")
        with freeze_time(self.noon(70) + 2 * HOUR):
            other.fault_ids.service_ids.unlink()
        fifth = self.under_repair(new, days=80, serious=True)
        right = self.by_law(fifth)
        self.assertEqual((right.outcome, right.lot_id), ("return", new))
        self.assertIn(first, right.order_ids, "the first machine's repairs are its evidence")
        self.assertEqual(fifth.exchange_outcome, "return")
        self.assertIn(
            "after the exchange", self.decision(right, "exchange_right").explanation
        )

    def test_l_rep2_a_machine_given_by_another_right_begins_anew(self):
        """L-rep2: exchanged for taking too long, the new machine's first fault is a first one."""
        order = self.under_repair(serious=True)
        with freeze_time(self.noon(0) + 2 * HOUR):
            self.act(order).action_open_wait("other", note="Strike")
        self.look(60)
        new = self.exchange(self.of(order), "JY20269082", 60)
        later = self.under_repair(new, days=70, serious=True)
        self.assertFalse(self.by_law(later))

    def test_l_rep2_the_return_is_carried_out_by_the_seller(self):
        """L-rep2: the dealer takes the machine back and refunds it; card void, claim kept."""
        machine = self.sell("JY20250083", months=2)
        values = {"machine": machine, "serious": True}
        for days in (0, 10):
            self.again(days, **values)
        for days in (20, 30):
            order = self.under_repair(days=days, **values)
            self.execute(self.by_law(order), days)
            self.finish(order, days)
        order = self.under_repair(days=40, **values)
        right = self.by_law(order)
        self.assertEqual((right.outcome, right.bearer_id), ("return", self.dealer))
        supervisor = right.with_user(self.users["supervisor"])
        proof = self.env["ir.attachment"].with_user(self.users["supervisor"]).create(
            {"name": "退款凭证.pdf", "raw": b"paid back"}
        )
        with freeze_time(self.noon(41)):
            action = supervisor.action_exchanged_by_other()
            form = (
                self.env[action["res_model"]]
                .with_user(self.users["supervisor"])
                .with_context(**action["context"])
            )
            today = self.day0 + timedelta(days=41)
            with self.assertRaises(UserError):
                form.create({"date": today, "refunded": 98000}).action_confirm()
            with self.assertRaises(UserError):
                form.create(
                    {"date": today, "evidence_ids": [(6, 0, proof.ids)]}
                ).action_confirm()
            with self.assertRaises(UserError):
                supervisor._record_exchange(self.other_machine, today)
            with self.assertRaises(AccessError):
                right.with_user(self.users["clerk"])._record_return(today, 1, 0, proof)
            form.create(
                {"date": today, "refunded": 98000, "amount": 60000,
                 "evidence_ids": [(6, 0, proof.ids)]}
            ).action_confirm()
        self.assertEqual((right.state, right.claim_amount), ("executed", 60000))
        self.assertIn("98,000", right.execution_note)
        self.assertEqual(machine.card_ids.mapped("state"), ["void"])
        with freeze_time(self.noon(42)):
            settlement = self.env["jinxing.settlement"].with_user(
                self.users["supervisor"]
            )._build(self.day0 + timedelta(days=42))
        self.assertIn(right, settlement.line_ids.exchange_right_id)

    def test_l_rep2_ordinary_problem_in_the_first_days_of_the_first_season(self):
        """L-rep2: two repairs and back within 30 days of the first season since the purchase."""
        self.env["jinxing.farm.season"].search([]).active = False
        bought = self.day0 - timedelta(days=61)  # two months before the first call, or so
        begin = self.day0 - timedelta(days=10)
        end = self.day0 + timedelta(days=60)
        self.env["jinxing.farm.season"].create(
            {"name": "First", "month_from": begin.month, "day_from": begin.day,
             "month_to": end.month, "day_to": end.day}
        )
        machine = self.sell("JY20250084", months=1)
        self.assertGreater(machine.card_id.invoice_date, bought)
        late = self.sell("JY20250085", months=1)
        old = self.sell("JY20240086", months=11)
        for one, days in ((machine, 19), (late, 25), (old, 19)):
            for day in (0, 6):
                self.again(day, machine=one)
            order = self.under_repair(one, days=days)
            rights = self.by_law(order)
            with self.subTest(one.name):
                if one == machine:
                    self.assertEqual((rights.outcome, rights.component_id),
                                     ("new_part", self.housing))
                elif one == late:
                    self.assertFalse(rights)
                    self.assertIn(
                        "not within the first 30 days",
                        self.decision(order, "exchange_right").explanation,
                    )
            if one == old:
                # bought in an earlier season, if one began since: this one is not its first
                self.assertTrue(rights or old.card_id.invoice_date < begin - timedelta(days=290))

    def test_l_rep2_not_for_wear_parts(self):
        """L-rep2: an ordinary problem of a wear part gives nothing, a serious one does."""
        machine = self.sell("JY20250087", months=1)
        values = {"machine": machine, "component": self.belt}
        for days in (0, 5):
            self.again(days, **values)
        third = self.under_repair(days=9, **values)
        self.assertFalse(self.by_law(third))
        with freeze_time(self.noon(9) + 2 * HOUR):
            third.fault_ids.with_user(self.users["clerk"]).serious = True
        self.assertEqual(self.by_law(third).outcome, "new_part", "at once when it is noted")

    def test_l_rep2_a_farm_seasons_part_leads_to_no_exchange(self):
        """G3.4, L-rep2: an ordinary problem after the first days: part by G3.4, never a machine."""
        machine = self.sell("JY20240088", months=11)
        for days in (0, 5):
            self.again(days, machine=machine)
        third = self.under_repair(days=9, machine=machine)
        right = self.of(third)
        self.assertEqual(right.clause_code, "G3.4")
        with freeze_time(self.noon(9) + 2 * HOUR):
            right.with_user(self.users["parts_keeper"]).action_old_part_back()
        self.execute(right, 9)
        self.finish(third, 10)
        fourth = self.under_repair(days=15, machine=machine)
        self.assertFalse(self.of(fourth))

    def test_l_rep2_switched_off(self):
        """L-rep2: a manager switches it off, and what stands by it goes."""
        machine = self.sell("JY20250089", months=2)
        values = {"machine": machine, "serious": True}
        for days in (0, 20):
            self.again(days, **values)
        third = self.under_repair(days=40, **values)
        self.assertTrue(self.by_law(third))
        with freeze_time(self.noon(41)):
            self.law(L_rep2=False)
        self.look(41)
        self.assertFalse(self.by_law(third))
