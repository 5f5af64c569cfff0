from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SIGNATURE, RepairCase


@tagged("post_install", "-at_install")
class TestWalk(RepairCase):
    """The main way through: from the call to the paid invoice."""

    def test_two_faults_one_free_one_chargeable(self):
        """S8.1-S8.9, G4.2, G4.3: the housing of month 20 is free, the battery is charged."""
        order = self.approved()
        self.assertEqual(order.service_state, "approved")
        self.assertEqual(order.state, "confirmed")
        self.assertEqual((order.contact_deadline - order.approved_at).total_seconds(), 600)
        self.assertEqual((order.arrival_deadline - order.called_at).total_seconds(), 86400)
        clerk = order.with_user(self.users["clerk"])
        with self.assertRaisesRegex(UserError, "G3.1"):
            clerk.action_assign(technician_id=self.technician.id)
        with self.assertRaisesRegex(UserError, "T4"):
            clerk.action_assign(technician_id=self.novice.id, reason="Nobody else")
        clerk.action_assign(technician_id=self.technician.id, reason="Dealer is full")
        worker = order.with_user(self.users["technician"])
        worker.action_accept()
        worker.action_contact(note="On the way")
        self.assertEqual(order.service_state, "contacted")
        with self.assertRaisesRegex(UserError, "list before departure"):
            worker.action_arrive(latitude=31.1, longitude=104.4)
        self.packed(order)
        worker.action_arrive(latitude=31.1, longitude=104.4)
        self.assertEqual(order.state, "under_repair")
        housing, battery = self.add_faults(order)
        self.assertEqual((housing.cover, battery.cover), ("free", "chargeable"))
        self.assertIn("G4.2", housing.cover_clauses)
        self.assertIn("G4.3", battery.cover_clauses)
        self.assertEqual(order.quote_state, "to_quote")
        with self.assertRaises(UserError) as caught:
            self.complete(order)
        self.assertIn("has not accepted the price", str(caught.exception))
        worker.action_quote()
        self.assertEqual(order.quote_amount, 680 + 30)
        self.assertEqual(
            order.sudo().sale_order_id.order_line.product_id,
            self.part_battery + self.fee_battery.product_id,
        )
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        self.complete(order)
        worker.action_finish()
        worker.action_sign(SIGNATURE, "Zhang Defu")
        self.assertEqual((order.state, order.service_state), ("done", "signed"))
        quants = self.env["stock.quant"]
        for part in (self.part_housing, self.part_battery):
            self.assertEqual(quants._get_available_quantity(part, self.van), 9)
        self.assertEqual((housing.guarantee_until - housing.repaired_on).days, 30)
        worker.action_hand_in()
        with self.assertRaises(AccessError):
            worker.action_close(5)
        order.with_user(self.users["supervisor"]).action_close(5)
        self.assertEqual(order.service_state, "closed")
        order.with_user(self.users["finance"]).action_invoice()
        invoice = order.sudo().sale_order_id.invoice_ids
        self.assertEqual((invoice.amount_untaxed, invoice.state), (710, "posted"))
        self.assertEqual(
            invoice.invoice_line_ids.product_id, self.part_battery + self.fee_battery.product_id
        )

    def test_less_used_than_planned(self):
        """S8.4: what was not used is neither taken from stock nor charged."""
        order = self.on_site()
        _housing, battery = self.add_faults(order)
        battery.move_ids.product_uom_qty = 2
        worker = order.with_user(self.users["technician"])
        worker.action_quote()
        self.assertEqual(order.quote_amount, 2 * 680 + 30)
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        battery.move_ids.write({"quantity": 1, "picked": True})
        (order.move_ids - battery.move_ids).write({"picked": True, "quantity": 1})
        self.complete(order)
        worker.action_finish()
        worker.action_sign(SIGNATURE, "Zhang Defu")
        order.with_user(self.users["finance"]).action_invoice()
        self.assertEqual(order.sudo().sale_order_id.invoice_ids.amount_untaxed, 710)

    def test_decided_otherwise_after_the_quotation(self):
        """G5.1: a ground of exclusion found later makes a free fault chargeable, with a line."""
        order = self.on_site()
        housing, _battery = self.add_faults(order)
        worker = order.with_user(self.users["technician"])
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        housing.write({"exclusion": "G5.1", "exclusion_evidence": "Ran without oil"})
        self.assertEqual(housing.cover, "chargeable")
        self.assertEqual(order.quote_state, "quoted")
        self.assertEqual(order.quote_amount, 710 + 2380 + 360)
        housing.write({"exclusion": False})
        self.assertEqual(housing.cover, "free")
        self.assertEqual(order.quote_amount, 710)

    def test_labour_carries_the_sales_tax(self):
        """S8.4: what the fee card charges carries the company's sales tax, set or given."""
        tax = self.env["account.tax"].create({"name": "VAT", "amount": 13})
        other = tax.copy({"name": "Simplified"})
        self.company.account_sale_tax_id = tax
        products = self.env["product.product"].create(
            [
                {"name": "Labour", "type": "service", "taxes_id": False},
                {"name": "Travel", "type": "service", "taxes_id": other.ids},
            ]
        )
        self.env["jinxing.fee.item"].create(
            [
                {"code": f"V{product.id}", "name": "x", "product_id": product.id, "price_unit": 1}
                for product in products
            ]
        )
        self.assertEqual(products.mapped("taxes_id"), tax + other)
        self.assertEqual(products[1].taxes_id, other)

    def test_free_is_labour_material_and_transport(self):
        """L-free, S8.4: a free fault's part, labour and travel cost nothing beside a charge."""
        order = self.on_site()
        housing, battery = self.add_faults(order)
        clerk = self.users["clerk"]
        travel = self.env["repair.service"].with_user(clerk).create(
            {"repair_id": order.id, "fault_id": housing.id, "fee_item_id": self.fee_travel.id}
        )
        worker = order.with_user(self.users["technician"])
        worker.action_quote()
        self.assertEqual(order.quote_amount, 680 + 30)
        self.assertFalse(travel.is_chargeable)
        travel.with_user(clerk).fault_id = battery
        worker.action_quote()
        self.assertTrue(travel.is_chargeable)
        self.assertEqual(order.quote_amount, 680 + 30 + 60)

    def test_several_orders_quoted_at_once(self):
        """S8.4: each customer has a quotation of his own, with his own chargeable lines."""
        orders = self.on_site() | self.on_site(self.other_machine)
        for order in orders:
            self.add_faults(order)
        second = orders[1]
        second.partner_id = self.other_farmer
        second.fault_ids.write({"exclusion": "G5.1", "exclusion_evidence": "Ran without oil"})
        orders.with_user(self.users["technician"]).action_quote()
        sales = orders.sudo().mapped("sale_order_id")
        self.assertEqual(len(sales), 2)
        self.assertEqual(sales.mapped("partner_id"), orders.mapped("partner_id"))
        self.assertEqual(orders.mapped("quote_amount"), [710, 710 + 2380 + 360])
