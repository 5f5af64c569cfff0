from odoo import fields, models


class JinxingRepairAssess(models.TransientModel):
    """The supervisor's assessment of time and quality (S8.9)."""

    _name = "jinxing.repair.assess"
    _description = "Assess and Close"

    order_ids = fields.Many2many("repair.order", required=True, readonly=True)
    quality_score = fields.Integer(required=True, default=5)
    note = fields.Text()

    def action_confirm(self):
        """Close the orders with this score."""
        self.ensure_one()
        self.order_ids.action_close(self.quality_score, self.note)
        return {"type": "ir.actions.act_window_close"}
