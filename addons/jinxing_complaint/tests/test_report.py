from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestReport(ComplaintCase):
    """M26, M27, S8.2, S8.11, G1.2: the figures of the manager's screens."""

    def figures(self, model, domain, *names):
        self.env.flush_all()
        return self.env[model]._read_group(domain, [], [f"{name}:avg" for name in names])[0]

    def test_contacts_in_time(self):
        """O21: of those answered or overdue, how many were answered in time."""
        now = fields.Datetime.now()
        tickets = self.env["helpdesk.ticket"]
        for hours, answered in ((30, False), (30, True), (2, True), (2, False)):
            ticket = tickets.create(
                {"kind": "opinion", "name": "X", "called_at": now - timedelta(hours=hours)}
            )
            tickets |= ticket
            if answered:
                ticket.action_answered()
        in_time, hours = self.figures(
            "jinxing.contact.report", [("id", "in", tickets.ids)], "in_time", "answer_hours"
        )
        self.assertAlmostEqual(in_time, 100 / 3, places=2)
        self.assertAlmostEqual(hours, 16, places=1)

    def test_service(self):
        """S8.2, S8.11, G1.2: rates of one order that was in time and fixed at once."""
        order = self.signed()
        figures = self.figures(
            "jinxing.service.report", [("order_id", "=", order.id)],
            "contact_in_time", "arrival_in_time", "first_time_fix", "rework",
        )
        self.assertEqual(figures, (100, 100, 100, 0))
        order.sudo().write({"contacted_at": order.contact_deadline + timedelta(minutes=1)})
        [late] = self.figures(
            "jinxing.service.report", [("order_id", "=", order.id)], "contact_in_time"
        )
        self.assertEqual(late, 0)

    def test_cost_of_warranty(self):
        """G4: parts and labour of a free fault, by the month in service; a paid one costs us 0."""
        self.part_housing.standard_price = 1000
        order = self.signed()
        self.env.flush_all()
        rows = {
            row.component_id: row
            for row in self.env["jinxing.cause.report"].search([("order_id", "=", order.id)])
        }
        housing, battery = rows[self.housing], rows[self.battery]
        self.assertEqual(housing.labour_cost, 360)
        self.assertEqual(housing.warranty_cost, housing.parts_cost + 360)
        self.assertEqual(housing.months_in_service, 21)
        self.assertEqual(battery.warranty_cost, 0)

    def test_who_reads(self):
        """M26: the office reads its own company's figures, nobody else reads any."""
        order = self.signed()
        self.env.flush_all()
        for model in ("contact", "service", "cause"):
            reports = self.env[f"jinxing.{model}.report"]
            self.assertTrue(reports.with_user(self.users["manager"]).search([], limit=1))
            for user in ("technician", "nobody", "farmer", "dealer"):
                with self.subTest(model=model, user=user), self.assertRaises(AccessError):
                    reports.with_user(self.users[user]).search([], limit=1)
        other = self.env["res.company"].create({"name": "Other factory"})
        foreign = self.env["jinxing.service.report"].with_user(self.users["manager"])
        self.users["manager"].company_ids |= other
        self.assertFalse(
            foreign.with_context(allowed_company_ids=other.ids).search(
                [("order_id", "=", order.id)]
            )
        )
