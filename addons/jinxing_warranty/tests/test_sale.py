from odoo import Command
from odoo.tests import tagged

from .common import WarrantyCase


@tagged("post_install", "-at_install")
class TestSale(WarrantyCase):
    """G5.3: a machine we deliver ourselves is registered as sold, its card drafted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("cn", cls.company, install_demo=False)
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        ) or cls.env["stock.warehouse"].create({"name": "W", "code": "W"})

    def deliver(self, buyer, machines):
        """A confirmed order over the machines, delivered."""
        stock = self.warehouse.lot_stock_id
        for machine in machines:
            self.env["stock.quant"]._update_available_quantity(self.model, stock, 1, lot_id=machine)
        order = self.env["sale.order"].create(
            {
                "partner_id": buyer.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.model.id, "product_uom_qty": len(machines)}
                    )
                ],
            }
        )
        order.action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return order

    def test_sold_to_a_farmer(self):
        """G5.3: one draft for each machine, with owner and sale; nothing to copy by hand."""
        machines = self.machine() | self.machine()
        order = self.deliver(self.owner, machines)
        for machine in machines:
            draft = machine.card_ids
            self.assertEqual((draft.state, draft.source), ("draft", "sale"))
            self.assertEqual(draft.owner_id, self.owner)
            self.assertEqual(draft.owner_phone, "13980123456")
            self.assertEqual(draft.sale_line_id, order.order_line)
            self.assertEqual(machine.sold_date, self.today)
            self.assertEqual(self.decide_fault(machine).outcome, "free")

    def test_phone_that_is_none_does_not_stop_the_delivery(self):
        """G5.3: it is asked for at activation."""
        self.owner.phone = "call me"
        machine = self.machine()
        self.deliver(self.owner, machine)
        self.assertFalse(machine.card_ids.owner_phone)

    def test_invoice_fills_in_number_and_day(self):
        """L24a: whether it is posted after the delivery or before."""
        after, before = self.machine(), self.machine()
        order = self.deliver(self.owner, after)
        invoice = order._create_invoices()
        invoice.invoice_date = self.today
        invoice.action_post()
        self.assertEqual(after.card_ids.invoice_number, invoice.name)
        self.assertEqual(after.card_ids.invoice_date, self.today)
        after.card_ids.action_activate()
        self.assertEqual(after.card_id.state, "active")

        self.model.invoice_policy = "order"
        stock = self.warehouse.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.model, stock, 1, lot_id=before)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.owner.id,
                "order_line": [Command.create({"product_id": self.model.id})],
            }
        )
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.write({"invoice_date": self.today, "fapiao": "12345678"})
        invoice.action_post()
        order.picking_ids.action_assign()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        self.assertEqual(before.card_ids.invoice_number, "12345678")

    def test_sold_to_a_dealer(self):
        """G3.1: the machine is his, no card yet: he registers his own sale to the farmer."""
        machine = self.machine()
        self.deliver(self.dealer, machine)
        self.assertEqual(machine.dealer_id, self.dealer)
        self.assertFalse(machine.card_ids)

    def test_delivered_again_after_a_card(self):
        """G4: a machine that has a card does not get a second one."""
        card = self.card()
        self.deliver(self.buyer, card.lot_id)
        self.assertEqual(card.lot_id.card_ids, card)
        self.assertEqual(card.lot_id.owner_id, self.owner)

    def give_back(self, order):
        wizard = self.env["stock.return.picking"].with_context(
            active_id=order.picking_ids.id, active_model="stock.picking"
        ).create({})
        wizard.product_return_moves.quantity = 1
        picking = wizard._create_return()
        picking.action_assign()
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_machine_that_comes_back(self):
        """G5.3: the draft is void, the sale forgotten."""
        machine = self.machine()
        order = self.deliver(self.owner, machine)
        draft = machine.card_ids
        self.give_back(order)
        self.assertEqual(draft.state, "void")
        self.assertFalse(machine.sold_date)
        self.assertEqual(self.decide_fault(machine).clauses[0], "G5.3")

    def test_void_card_leaves_our_own_sale(self):
        """G5.3: the card was wrong, the delivery was not."""
        machine = self.machine()
        self.deliver(self.owner, machine)
        card = machine.card_ids
        card.write({"invoice_number": "12345678", "invoice_date": self.today})
        card.action_activate()
        card.action_void("Wrong owner")
        self.assertFalse(machine.owner_id)
        self.assertEqual(machine.sold_date, self.today)
