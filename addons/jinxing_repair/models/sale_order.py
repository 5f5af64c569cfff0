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
