from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dispatch_order_ids = fields.One2many(
        "repair.order",
        "sale_order_id",
        "Dispatch orders",
        domain=[("service_kind", "!=", False)],
        groups="jinxing_base.group_clerk,account.group_account_invoice",
    )

    def _prepare_invoice(self):
        """Tie the invoice to its repair, whichever way it is made: one invoice, no second."""
        vals = super()._prepare_invoice()
        # sudo: who invoices need not see the order
        order = self.sudo().dispatch_order_ids[:1]
        if order:
            vals["dispatch_order_id"] = order.id
        return vals
