from odoo.tests import HttpCase, tagged

from .common import SIGNATURE, RepairData
from .common_onsite import OnsiteData


@tagged("post_install", "-at_install")
class TestMainWay(OnsiteData, RepairData, HttpCase):
    """The main way through, each person in his own browser.

    What the technician does on his phone is walked in ``test_onsite_browser``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.speak_english()
        cls.model.default_code = "MAIN-4.0"

    def path(self, action, record=None):
        return f"/odoo/action-jinxing_{action}" + (f"/{record.id}" if record else "")

    def test_from_the_list_to_the_payment(self):
        """G4.2, G4.3, S8.1-S8.9: imported, registered, sent, repaired, closed, paid, shown."""
        self.start_tour(
            self.path("warranty.jinxing_card_import_action"), "jinxing_main_import", login="r_clerk"
        )
        machine = self.env["stock.lot"].search([("name", "=like", "MAIN000_")])
        self.assertEqual(machine.mapped("name"), ["MAIN0001"])
        card = machine.card_id
        self.assertEqual((card.state, card.dealer_id), ("active", self.dealer))

        self.start_tour(
            self.path("repair.registration_action") + "/new", "jinxing_main_register",
            login="r_clerk",
        )
        order = self.env["repair.order"].search([("lot_id", "=", machine.id)])
        self.assertEqual(len(order), 1)
        self.assertEqual(order.service_state, "registered")

        path = self.path("repair.repair_order_action", order)
        self.start_tour(path, "jinxing_main_approve", login="r_supervisor")
        self.assertEqual(order.service_state, "assigned")
        self.assertEqual(order.technician_id, self.technician)
        self.assertEqual((order.contact_deadline - order.approved_at).total_seconds(), 600)

        self.technician_does(order)
        self.assertEqual(order.service_state, "handed_in")

        self.start_tour(path, "jinxing_main_close", login="r_supervisor")
        self.assertEqual(order.service_state, "closed")

        self.start_tour(
            self.path("repair.repair_order_action_invoice"), "jinxing_main_invoice",
            login="r_finance",
        )
        invoice = order.sudo().sale_order_id.invoice_ids
        self.assertEqual(invoice.amount_untaxed, 710)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

        self.start_tour("/my/machines", "jinxing_main_dealer", login="r_dealer")
        self.authenticate("r_other_dealer", "r_other_dealer")
        for page in ("/my/machines", "/my/dispatch"):
            text = self.url_open(page).text
            self.assertNotIn("MAIN0001", text)
            self.assertNotIn(order.name, text)

    def technician_does(self, order):
        """From accepting to handing in."""
        worker = order.with_user(self.users["technician"])
        worker.action_accept()
        worker.action_contact()
        self.packed(order)
        worker.action_arrive()
        self.add_faults(order)
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Yang Mingde")
        self.complete(order)
        worker.action_finish()
        worker.action_sign(SIGNATURE, "Yang Mingde")
        worker.action_hand_in()
