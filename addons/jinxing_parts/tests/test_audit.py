from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_old_part import OldPartCase

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestAudit(OldPartCase):
    """Every warranty part is fitted, returned, or unaccounted for (G1.3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part_belt.standard_price = 55
        cls.stock(cls.part_belt, cls.station_store, 2)
        # what is there was there long before
        cls.env["stock.move"].search([("is_inventory", "=", True)]).date = cls.day - 90 * DAY

    @classmethod
    def audit(cls, partner=None, first=None, last=None, user="parts_keeper"):
        return cls.env["jinxing.parts.audit"].with_user(cls.users[user]).create(
            {
                "partner_id": (partner or cls.station).id,
                "date_from": first or cls.day - 30 * DAY,
                "date_to": last or cls.day,
            }
        )

    def line(self, audit, part=None):
        return audit.line_ids.filtered(lambda li: li.product_id == (part or self.part_belt))

    def issue(self, quantity):
        requisition = self.approved_requisition(lines=[(self.part_belt, quantity, "warranty")])
        self.ship(requisition)
        self.receive(requisition)

    def test_g1_3_issued_fitted_returned_and_there(self):
        self.issue(10)
        back = self.requisition(lines=[(self.part_belt, 3, "warranty")], kind="return")
        back.action_submit()
        back.return_picking_id.move_ids.write({"quantity": 3, "picked": True})
        back.return_picking_id.button_validate()
        line = self.line(self.audit())
        self.assertEqual((line.opening, line.issued, line.returned), (2, 10, 3))
        self.assertEqual((line.corrected, line.book), (0, 9))

    def test_g1_3_what_is_fitted_on_signed_orders_counts(self):
        self.signed_order()
        audit = self.audit(self.technician)
        line = self.line(audit, self.part_housing)
        self.assertEqual((line.opening, line.fitted, line.book), (10, 1, 9))

    def test_g1_3_missing_parts_are_listed_with_their_worth(self):
        self.issue(10)
        audit = self.audit()
        line = self.line(audit)
        line.write({"is_counted": True, "counted": 9})
        with self.assertRaises(AccessError):
            audit.action_confirm()
        audit.with_user(self.users["supervisor"]).action_confirm()
        self.assertEqual(line.missing, 3)
        self.assertEqual((audit.outcome, audit.amount), ("unaccounted", 165))
        self.assertEqual(self.at(self.part_belt, self.station_store), 9)
        decision = audit.decision_ids
        self.assertEqual((decision.outcome, decision.clause_codes), ("unaccounted", ["G1.3"]))
        settlements = self.env["jinxing.settlement"].with_user(self.users["supervisor"])
        for _twice in range(2):
            settlements._build(self.day)
        taken = self.env["jinxing.settlement.line"].search([("kind", "=", "unaccounted")])
        self.assertEqual((taken.partner_id, taken.amount), (self.station, -165))
        self.assertIn(audit.name, taken.name)

    def test_g1_3_what_an_audit_corrected_is_not_missed_again(self):
        first = self.audit(last=self.day - DAY)
        self.line(first).write({"is_counted": True, "counted": 1})
        first.with_user(self.users["supervisor"]).action_confirm()
        self.assertEqual(self.line(first).missing, 1)
        second = self.audit(first=self.day)
        line = self.line(second)
        self.assertEqual((line.opening, line.corrected, line.book), (1, 0, 1))
        line.write({"is_counted": True, "counted": 1})
        second.with_user(self.users["supervisor"]).action_confirm()
        self.assertEqual((line.missing, second.outcome), (0, "accounted"))

    def test_g1_3_what_a_keepers_count_took_off_is_missing(self):
        self.stock(self.part_belt, self.station_store, 1)
        audit = self.audit()
        audit.with_user(self.users["supervisor"]).action_confirm()
        line = self.line(audit)
        self.assertEqual((line.corrected, line.book, line.missing), (1, 1, 1))

    def test_g1_3_a_count_of_today_is_rolled_back_to_the_end_of_the_period(self):
        audit = self.audit(last=self.day - DAY)
        self.issue(10)
        line = self.line(audit)
        line.write({"is_counted": True, "counted": 12})
        audit.with_user(self.users["supervisor"]).action_confirm()
        self.assertEqual((line.book, line.missing), (2, 0))
        self.assertEqual(self.at(self.part_belt, self.station_store), 12)

    def test_g1_3_own_staff_answers_to_hr(self):
        self.part_housing.standard_price = 1450
        audit = self.audit(self.technician)
        self.line(audit, self.part_housing).write({"is_counted": True, "counted": 8})
        audit.with_user(self.users["supervisor"]).action_confirm()
        liability = audit.liability_id
        self.assertEqual(liability.employee_id, self.technician.employee_ids)
        self.assertEqual((liability.origin, liability.amount), ("loss", 2900))
        self.env["jinxing.settlement"].with_user(self.users["supervisor"])._build(self.day)
        self.assertFalse(
            self.env["jinxing.settlement.line"].search([("kind", "=", "unaccounted")])
        )

    def test_g1_3_periods_do_not_overlap(self):
        self.audit(first=self.day - 10 * DAY, last=self.day - 5 * DAY)
        with self.assertRaisesRegex(ValidationError, "covers"), self.cr.savepoint():
            self.audit(first=self.day - 7 * DAY)
        with self.assertRaisesRegex(ValidationError, "over"), self.cr.savepoint():
            self.audit(first=self.day, last=self.day + DAY)
        with self.assertRaisesRegex(ValidationError, "no store"), self.cr.savepoint():
            self.audit(self.far_station)

    def test_g1_3_the_books_are_not_edited(self):
        audit = self.audit()
        line = self.line(audit)
        for vals in ({"issued": 1}, {"missing": 0}, {"corrected": 5}):
            with self.assertRaises(UserError):
                line.write(vals)
        audit.with_user(self.users["supervisor"]).action_confirm()
        with self.assertRaises(UserError):
            line.counted = 3
        with self.assertRaises(UserError):
            audit.with_user(self.users["supervisor"]).unlink()

    def test_g1_3_a_station_reads_its_own_when_confirmed(self):
        audit = self.audit()
        audits = self.env["jinxing.parts.audit"].with_user(self.users["station"])
        self.assertFalse(audits.search([("id", "=", audit.id)]))
        audit.with_user(self.users["supervisor"]).action_confirm()
        self.assertTrue(audits.search([("id", "=", audit.id)]))
        other = self.env["jinxing.parts.audit"].with_user(self.users["dealer"])
        self.assertFalse(other.search([("id", "=", audit.id)]))
