from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SIGNATURE, RepairCase


@tagged("post_install", "-at_install")
class TestInstallation(RepairCase):
    """S-inst: delivering and commissioning a machine takes the way of a repair, its own list."""

    def test_the_whole_way(self):
        """S-inst, S8.1, S8.9: from the call to the closed order, without any fault."""
        ticket = self.register(kind="installation", fault_description=False)
        ticket.action_create_dispatch_order()
        order = ticket.order_ids
        self.assertEqual((order.service_kind, order.service_state), ("installation", "registered"))
        repair = self.order(self.other_machine)
        closing = order.check_ids.filtered(lambda c: c.phase == "closing").item_id
        of_repair = repair.check_ids.filtered(lambda c: c.phase == "closing").item_id
        self.assertTrue(closing - of_repair, "each kind has its own closing list")
        self.assertTrue(of_repair - closing)
        self.assertEqual(
            (closing & of_repair).clause_id.mapped("code"), ["S8.7", "S8.8"],
            "how the customer's things are treated is asked whatever the kind",
        )
        departure = order.check_ids.filtered(lambda c: c.phase == "departure")
        self.assertEqual(
            departure.item_id, repair.check_ids.filtered(lambda c: c.phase == "departure").item_id
        )
        order.with_user(self.users["supervisor"]).action_approve()
        order.with_user(self.users["clerk"]).action_assign(
            technician_id=self.technician.id, reason="Dealer has no technician free"
        )
        worker = order.with_user(self.users["technician"])
        worker.action_accept()
        worker.action_contact()
        with self.assertRaisesRegex(UserError, "before departure"):
            worker.action_depart()
        departure.with_user(self.users["clerk"]).write({"done": True})
        order.bring_ids.with_user(self.users["clerk"]).write({"left_reason": "not_needed"})
        worker.action_depart()
        worker.action_arrive()
        worker.action_finish()
        with self.assertRaisesRegex(UserError, "checklist"):
            worker.action_sign(SIGNATURE, "Zhang Defu")
        clerk = order.with_user(self.users["clerk"])
        clerk.check_ids.write({"done": True})
        with self.assertRaisesRegex(UserError, "trial run"):
            worker.action_sign(SIGNATURE, "Zhang Defu")
        clerk.write(
            {"explanation": "Instructed", "precautions": "Check the oil", "trial_run_ok": True}
        )
        worker.action_sign(SIGNATURE, "Zhang Defu")
        visit = order.visit_ids
        self.assertEqual((visit.outcome, visit.left_at), ("fixed", order.signed_at))
        worker.action_hand_in()
        order.with_user(self.users["supervisor"]).action_close(quality_score=5)
        self.assertEqual((order.service_state, order.state), ("closed", "done"))
        self.assertFalse(order.sale_order_id)
        self.assertTrue(ticket.stage_id.closed, "the registration is done with its order")

    def test_a_fault_found_on_the_way(self):
        """S-inst, G4: a fault found while installing is decided like any other."""
        order = self.on_site(kind="installation")
        housing, _battery = self.add_faults(order)
        self.assertEqual(housing.cover, "free")
        worker = order.with_user(self.users["technician"])
        with self.assertRaisesRegex(UserError, "cause of each fault"):
            worker.action_finish()
