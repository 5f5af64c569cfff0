from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SIGNATURE, RepairCase


@tagged("post_install", "-at_install")
class TestTakeBack(RepairCase):
    """S8.6: a machine goes to the factory against a receipt and comes back against it."""

    def taken(self):
        order = self.on_site()
        self.add_faults(order)
        worker = order.with_user(self.users["technician"])
        worker.action_take_back("Zhang Defu", "Left guard dented", "Key, header", SIGNATURE)
        return order, worker

    def quantity(self, order, location):
        quants = self.env["stock.quant"].search(
            [("lot_id", "=", order.lot_id.id), ("location_id", "=", location.id)]
        )
        return sum(quants.mapped("quantity"))

    def test_there_and_back(self):
        """S8.6: booked in as the customer's, repaired, given back, booked out, signed."""
        order, worker = self.taken()
        receipt = order.open_receipt_id
        self.assertEqual(order.service_state, "taken_back")
        self.assertEqual(receipt.taken_by, self.users["technician"])
        place = receipt.picking_in_id.location_dest_id
        self.assertTrue(place.is_takeback)
        self.assertEqual(receipt.picking_in_id.state, "done")
        self.assertEqual(self.quantity(order, place), 1)
        owners = self.env["stock.quant"].search(
            [("lot_id", "=", order.lot_id.id), ("location_id", "=", place.id)]
        ).owner_id
        self.assertEqual(owners, self.farmer)
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        self.complete(order)
        worker.action_finish()
        with self.assertRaisesRegex(UserError, "back with the customer"):
            worker.action_sign(SIGNATURE, "Zhang Defu")
        with self.assertRaisesRegex(UserError, "identity card"):
            worker.action_deliver_back("Zhang Defu", SIGNATURE)
        worker.action_deliver_back("Zhang Defu", SIGNATURE, reclaimed=True)
        self.assertEqual(self.quantity(order, place), 0)
        self.assertEqual(receipt.state, "returned")
        worker.action_sign(SIGNATURE, "Zhang Defu")
        self.assertEqual(order.service_state, "signed")
        register = self.env["stock.move"].with_user(self.users["clerk"]).search(
            [("receipt_id", "=", receipt.id), ("state", "=", "done")], order="id"
        )
        self.assertEqual(register.mapped("register_direction"), ["in", "out"])

    def test_lost_receipt(self):
        """S8.6: a lost receipt is declared with the identity card; only clerks read its number."""
        order, worker = self.taken()
        receipt = order.open_receipt_id
        worker.action_deliver_back("Zhang Defu", SIGNATURE, lost_id_number="510622197001011234")
        self.assertEqual(receipt.lost_id_number, "510622197001011234")
        with self.assertRaises(AccessError):
            receipt.with_user(self.users["technician"]).read(["lost_id_number"])

    def test_price_refused(self):
        """S8.4, S8.6: who refuses the price gets his machine back, then the order is cancelled."""
        order, worker = self.taken()
        worker.action_quote()
        worker.action_refuse_quotation("Too dear")
        supervisor = order.with_user(self.users["supervisor"])
        with self.assertRaisesRegex(UserError, "back with the customer"):
            supervisor.action_cancel_order("Price refused")
        worker.action_deliver_back("Zhang Defu", SIGNATURE, reclaimed=True)
        supervisor.action_cancel_order("Price refused")
        self.assertEqual((order.state, order.service_state), ("cancel", "cancelled"))
        self.assertFalse(order.move_ids.filtered(lambda m: m.state == "done"))

    def test_no_second_receipt_and_no_empty_one(self):
        """S8.6: a machine is taken once; condition and person are stated."""
        order, worker = self.taken()
        with self.assertRaisesRegex(UserError, "not possible"):
            worker.action_take_back("Zhang Defu", "Dented")
        action = self.on_site(self.other_machine).with_user(
            self.users["technician"]
        ).action_take_back("  ", "Dented")
        self.assertEqual(action["res_model"], "jinxing.repair.take.back")
        receipts = self.env["jinxing.repair.receipt"]
        self.assertEqual(receipts.search_count([("lot_id", "=", self.other_machine.id)]), 0)

    def test_a_receipt_stays_as_it_is(self):
        """S8.6: nobody makes, changes or deletes a receipt by hand."""
        order, _worker = self.taken()
        receipt = order.open_receipt_id.with_user(self.users["clerk"])
        with self.assertRaises(UserError):
            receipt.write({"state": "returned"})
        with self.assertRaises(UserError):
            receipt.create({"order_id": order.id})
        with self.assertRaises(AccessError):
            receipt.unlink()
        for role in ("other_dealer", "other_farmer"):
            with self.assertRaises(AccessError):
                receipt.with_user(self.users[role]).read(["name"])
        self.assertTrue(receipt.with_user(self.users["farmer"]).read(["name"]))

    def test_print(self):
        """S8.6: the receipt and the register print."""
        order, _worker = self.taken()
        receipt = order.open_receipt_id
        for name, records in (
            ("jinxing_repair.report_receipt", receipt),
            ("jinxing_repair.report_goods_register", receipt.picking_in_id.move_ids),
        ):
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(name, records.ids)
            self.assertIn(order.lot_id.name, html.decode())
