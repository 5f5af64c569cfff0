import base64
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase

from odoo.addons.jinxing_repair.tests.common import RepairData

FILE = base64.b64encode(b"%PDF-1.4 report")


class ReturnData(RepairData):
    """Own sales of a part and of a machine, delivered and invoiced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.refund_operation = cls.env.ref("rma.rma_operation_refund")
        cls.replace_operation = cls.env.ref("rma.rma_operation_replace")
        cls.clerk = cls.users["clerk"]
        cls.supervisor = cls.users["supervisor"]
        cls.rope = cls.env["product.product"].create(
            {"name": "Tarpaulin", "is_storable": True, "list_price": 100, "taxes_id": False,
             "invoice_policy": "delivery"}
        )
        cls.department = cls.env["hr.department"].create({"name": "Assembly"})
        cls.employee = cls.env["hr.employee"].create({"name": "Fitter Wu"})

    @classmethod
    def stock(cls, product, quantity=1, serial=None):
        """Goods in the warehouse; the lot of a machine."""
        lot = cls.env["stock.lot"]
        if serial:
            lot = lot.create(
                {"name": serial, "product_id": product.id, "company_id": cls.company.id}
            )
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.warehouse.lot_stock_id, quantity, lot_id=lot or None
        )
        return lot

    @classmethod
    def sale(cls, product, quantity=1, discount=0, price=100, serial=None, days=0, partner=None):
        """A delivered and invoiced sale of our own, so many days ago."""
        lot = cls.stock(product, quantity, serial)
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.farmer).id,
                "warehouse_id": cls.warehouse.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": quantity,
                         "price_unit": price, "discount": discount, "tax_ids": False}
                    )
                ],
            }
        )
        order.action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        if lot:
            picking.move_ids.move_line_ids.lot_id = lot
        picking.move_ids.write({"picked": True})
        picking._action_done()
        invoice = order._create_invoices()
        invoice.invoice_date = cls.today - timedelta(days=days)
        invoice.action_post()
        return order

    @classmethod
    def request(cls, order, operation=None, quantity=1, user=None, **values):
        """A request to return what was sold on ``order``."""
        picking = order.picking_ids.filtered(lambda p: p.picking_type_code == "outgoing")
        move = picking.move_ids
        return cls.env["rma"].with_user(user or cls.clerk).create(
            {
                "partner_id": order.partner_id.id,
                "order_id": order.id,
                "picking_id": picking.id,
                "move_id": move.id,
                "product_id": move.product_id.id,
                "product_uom_qty": quantity,
                "operation_id": (operation or cls.refund_operation).id,
                "lot_id": move.move_line_ids.lot_id.id,
                **values,
            }
        )

    @classmethod
    def receive(cls, rma):
        """Receive the goods of a confirmed return."""
        move = rma.sudo().reception_move_id
        move.quantity = move.product_uom_qty
        if rma.lot_id:
            move.move_line_ids.lot_id = rma.lot_id
        move.picked = True
        move.picking_id._action_done()

    @classmethod
    def refund(cls, rma):
        """Refund a received return, as finance does."""
        rma.with_user(cls.users["finance"]).action_refund()

    @classmethod
    def report(cls, order_days=0):
        """A whole inspection report."""
        return {
            "inspection_issuer": "Provincial station",
            "inspection_number": "Q-17",
            "inspection_date": fields.Date.to_string(cls.today),
            "inspection_file": FILE,
        }


class ReturnCase(ReturnData, TransactionCase):
    """For tests of models."""
