from odoo import fields, models


class JinxingInvoicePost(models.TransientModel):
    """Asks with whom and under which number invoices went out by post (S8.4)."""

    _name = "jinxing.invoice.post"
    _description = "Sent by Post"

    move_ids = fields.Many2many("account.move", required=True, readonly=True)
    carrier = fields.Char(required=True)
    tracking = fields.Char("Tracking number", required=True)

    def action_confirm(self):
        """Record the letter on the invoices."""
        self.ensure_one()
        self.move_ids.action_post_out(self.carrier, self.tracking)
        return {"type": "ir.actions.act_window_close"}
