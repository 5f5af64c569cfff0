from datetime import date, datetime

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import WarrantyCase


@tagged("post_install", "-at_install")
class TestDowntime(WarrantyCase):
    """L-down: time in warranty repair is given back, and a holiday does not end a period."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sold = cls.card(invoice_date=date(2024, 3, 15))
        cls.line = cls.sold.line_ids.filtered(lambda line: line.cover_class == "machine")

    def gap(self, first, last, **values):
        return self.env["jinxing.warranty.downtime"].create(
            {
                "card_id": self.sold.id,
                "date_from": first,
                "date_to": last,
                "reason": "Waiting for a part",
                **values,
            }
        )

    def holiday(self, first, last):
        """A public holiday, whole days in China."""
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": False,
                "resource_id": False,
                "date_from": datetime.combine(first, datetime.min.time()).replace(hour=16)
                - (date(2024, 1, 2) - date(2024, 1, 1)),
                "date_to": datetime.combine(last, datetime.min.time()).replace(
                    hour=15, minute=59
                ),
            }
        )

    def test_off_by_default(self):
        """L-down: recorded, and without effect until switched on."""
        self.gap(date(2024, 6, 1), date(2024, 6, 10))
        self.assertEqual(self.line.date_end, date(2025, 3, 15))
        self.assertEqual(len(self.sold.decision_ids), 1)

    def test_switched_on_and_off(self):
        """L-down: ends move on every card when the fact is switched, and say why."""
        self.gap(date(2024, 6, 1), date(2024, 6, 10))
        self.switch("L-down", True)
        self.assertEqual(self.line.date_end, date(2025, 3, 25))
        why = self.sold.decision_ids.filtered("is_current")
        self.assertIn("L-down", why.clause_codes)
        self.assertIn("10 days", why.explanation)
        self.switch("L-down", False)
        self.assertEqual(self.line.date_end, date(2025, 3, 15))

    def test_overlapping_gaps_count_once(self):
        """L-down: the ledger is merged; fault and card agree."""
        self.switch("L-down", True)
        self.gap(date(2024, 6, 1), date(2024, 6, 10))
        second = self.gap(date(2024, 6, 8), date(2024, 6, 12))
        self.assertEqual(self.line.date_end, date(2025, 3, 27))
        machine = self.sold.lot_id
        self.assertEqual(self.decide_fault(machine, day="2025-03-27").outcome, "free")
        self.assertEqual(self.decide_fault(machine, day="2025-03-28").outcome, "chargeable")
        self.assertEqual(self.sold.decision_ids.filtered("is_current").until, self.sold.date_end)
        second.unlink()
        self.assertEqual(self.line.date_end, date(2025, 3, 25))
        self.assertEqual(self.sold.decision_ids.filtered("is_current").until, self.sold.date_end)

    def test_holiday_on_the_last_day(self):
        """L-down: the next day that is no holiday; a holiday taken back moves it back."""
        self.switch("L-down", True)
        holiday = self.holiday(date(2025, 3, 14), date(2025, 3, 16))
        self.assertEqual(self.line.date_end, date(2025, 3, 17))
        decision = self.decide_fault(self.sold.lot_id, day="2025-03-17")
        self.assertEqual((decision.outcome, decision.until), ("free", date(2025, 3, 17)))
        holiday.unlink()
        self.assertEqual(self.line.date_end, date(2025, 3, 15))

    def test_leave_of_one_person_is_no_holiday(self):
        """L-down: only what is everybody's day off."""
        self.switch("L-down", True)
        resource = self.env["resource.resource"].create(
            {"name": "Wang", "calendar_id": self.company.resource_calendar_id.id}
        )
        self.holiday(date(2025, 3, 14), date(2025, 3, 16)).resource_id = resource
        self.assertEqual(self.line.date_end, date(2025, 3, 15))

    def test_gaps_that_cannot_be(self):
        """L-down: ends before it begins, before cover, the same source twice."""
        with self.forbidden():
            self.gap(date(2024, 6, 10), date(2024, 6, 9))
        with self.refused("before cover begins", ValidationError):
            self.gap(date(2024, 3, 1), date(2024, 3, 14))
        self.gap(date(2024, 6, 1), date(2024, 6, 2), source="order 1")
        with self.forbidden():
            self.gap(date(2024, 7, 1), date(2024, 7, 2), source="order 1")

    def test_who_records_by_hand(self):
        """L-down: a supervisor; the others look."""
        values = {
            "card_id": self.sold.id,
            "date_from": "2024-06-01",
            "date_to": "2024-06-02",
            "reason": "x",
        }
        model = self.env["jinxing.warranty.downtime"]
        gap = model.with_user(self.users["supervisor"]).create(values)
        for role in ("clerk", "technician", "parts_keeper"):
            with self.assertRaises(AccessError):
                model.with_user(self.users[role]).create(values)
            self.assertTrue(gap.with_user(self.users[role]).reason)
