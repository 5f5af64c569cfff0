from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RepairCase

_FORGED = {
    "default_service_kind": "repair",
    "default_service_state": "closed",
    "default_state": "done",
    "default_quality_score": 5,
    "default_quote_state": "accepted",
    "default_arrived_at": "2020-01-01 00:00:00",
    "default_contacted_at": "2020-01-01 00:00:00",
    "default_contact_late": True,
}


@tagged("post_install", "-at_install")
class TestContextDefaults(RepairCase):
    """S8.1-S8.10: what only steps and rules set is not set by a client's context either."""

    def test_s8_1_no_order_beside_its_registration(self):
        """S8.1: a closed order is not made from a context; a plain repair stays plain."""
        clerk = self.env["repair.order"].with_user(self.users["clerk"])
        order = clerk.with_context(**_FORGED).create({"product_id": self.model.id})
        self.assertFalse(order.service_kind)
        self.assertFalse(order.service_state)
        self.assertEqual(order.state, "draft")

    def test_s8_1_made_from_the_registration(self):
        """S8.1, S8.9: the step that makes the order works with all rights, and is not fooled."""
        ticket = self.register()
        clerk = ticket.with_user(self.users["clerk"]).with_context(
            **_FORGED, default_technician_id=self.novice.id, default_provider_id=self.station.id
        )
        clerk.action_create_dispatch_order()
        order = ticket.order_ids
        self.assertEqual((order.service_state, order.state), ("registered", "draft"))
        self.assertFalse(
            order.quality_score or order.arrived_at or order.contacted_at or order.contact_late
            or order.technician_id or order.provider_id
        )
        self.assertEqual(order.quote_state, "none")

    def test_g1_2_faults_parts_and_visits(self):
        """G1.2, S8.11: no guarantee, no cover and no arrival out of a context."""
        order = self.on_site()
        forged = {
            "default_guarantee_until": "2030-01-01",
            "default_repaired_on": "2020-01-01",
            "default_cover": "free",
            "default_arrived_at": "2020-01-01 00:00:00",
            "default_outcome": "fixed",
            "default_state": "done",
            "default_location_dest_id": self.van.id,
        }
        env = self.env(user=self.users["clerk"], context={**self.env.context, **forged})
        fault = env["jinxing.repair.fault"].create(
            {"order_id": order.id, "component_id": self.battery.id}
        )
        self.assertEqual((fault.cover, fault.guarantee_until), ("chargeable", False))
        self.assertFalse(fault.repaired_on)
        visit = env["jinxing.repair.visit"].create(
            {"order_id": order.id, "technician_id": self.technician.id}
        )
        self.assertFalse(visit.arrived_at or visit.outcome)
        move = env["stock.move"].create(
            {
                "repair_id": order.id,
                "repair_line_type": "add",
                "fault_id": fault.id,
                "product_id": self.part_battery.id,
                "product_uom_qty": 1,
            }
        )
        self.assertNotEqual(move.sudo().state, "done")
        self.assertNotEqual(move.sudo().location_dest_id, self.van)

    def test_s8_10_a_report_is_not_checked_by_its_writer(self):
        """S8.10: a daily report begins as a draft, whatever the context says."""
        reports = self.env["jinxing.daily.report"].with_user(self.users["technician"])
        report = reports.with_context(default_state="checked").create(
            {"date": fields.Date.today(), "technician_id": self.technician.id}
        )
        self.assertEqual(report.state, "draft")

    def test_a_default_of_ones_own(self):
        """S8.1: a default that a user keeps for himself does not fill it either."""
        self.env["ir.default"].set(
            "repair.order", "service_state", "closed", user_id=self.users["clerk"].id
        )
        order = self.env["repair.order"].with_user(self.users["clerk"]).create(
            {"product_id": self.model.id}
        )
        self.assertFalse(order.service_state)

    def test_values_are_refused_as_before(self):
        """S8.1: what is said openly is refused, not dropped."""
        with self.assertRaises(UserError):
            self.env["jinxing.repair.fault"].with_user(self.users["clerk"]).create(
                {"order_id": self.order().id, "component_id": self.battery.id, "cover": "free"}
            )
