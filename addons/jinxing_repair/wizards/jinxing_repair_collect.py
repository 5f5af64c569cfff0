from odoo import api, fields, models


class JinxingRepairCollect(models.TransientModel):
    """The technician records what he took on the spot (S8.4)."""

    _name = "jinxing.repair.collect"
    _description = "Money Collected"

    order_id = fields.Many2one("repair.order", required=True, readonly=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    method = fields.Selection(
        [("cash", "Cash"), ("wechat", "WeChat"), ("alipay", "Alipay")],
        "Paid by",
        required=True,
        default="cash",
    )
    amount = fields.Monetary(compute="_compute_amount")
    reference = fields.Char(help="Number of the payment by WeChat or Alipay.")

    @api.depends("order_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.order_id._amount_due()

    def action_confirm(self):
        """Record the money."""
        self.ensure_one()
        self.order_id.action_collect(
            method=self.method, amount=self.amount, reference=self.reference
        )
        return {"type": "ir.actions.act_window_close"}
