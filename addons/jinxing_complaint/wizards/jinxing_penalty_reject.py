from odoo import fields, models


class JinxingPenaltyReject(models.TransientModel):
    """Asks why a penalty is rejected."""

    _name = "jinxing.penalty.reject"
    _description = "Reject a Penalty"

    penalty_id = fields.Many2one("jinxing.penalty", required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Reject it with the reason given."""
        self.penalty_id.action_reject(self.reason)
        return {"type": "ir.actions.act_window_close"}
