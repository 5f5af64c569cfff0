from odoo import fields, models


class JinxingConductDecide(models.TransientModel):
    """Asks whether an incident or a praise is confirmed, and what came of it (N8)."""

    _name = "jinxing.conduct.decide"
    _description = "Decide on Conduct"

    conduct_id = fields.Many2one("jinxing.conduct", required=True, readonly=True)
    confirmed = fields.Selection(
        [("yes", "Confirmed"), ("no", "Dismissed")], "Decision", required=True
    )
    outcome = fields.Text("What came of it", required=True)

    def action_confirm(self):
        """Decide."""
        self.ensure_one()
        self.conduct_id.action_decide(self.confirmed == "yes", self.outcome)
        return {"type": "ir.actions.act_window_close"}
