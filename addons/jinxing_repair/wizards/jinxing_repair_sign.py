from odoo import fields, models


class JinxingRepairSign(models.TransientModel):
    """Takes the customer's signature at the back office's screen (N9)."""

    _name = "jinxing.repair.sign"
    _description = "Customer's Signature"

    order_id = fields.Many2one("repair.order", required=True, readonly=True)
    signature = fields.Binary(required=True)
    signed_by = fields.Char(required=True)

    def action_confirm(self):
        """Sign the order."""
        self.ensure_one()
        self.order_id.action_sign(self.signature, self.signed_by)
        return {"type": "ir.actions.act_window_close"}
