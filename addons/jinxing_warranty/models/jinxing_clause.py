from odoo import models


class JinxingClause(models.Model):
    _inherit = "jinxing.clause"

    def write(self, vals):
        """Move the ends of cover when downtime begins or ceases to count (L-down)."""
        switched = "enabled" in vals and "L-down" in self.mapped("code")
        lines = self.env["jinxing.warranty.card.line"]
        if switched:
            lines.flush_model(["date_end"])  # what is still to be reckoned, under the old law
        result = super().write(vals)
        if switched:
            lines._move_ends([("card_id.state", "=", "active")])
        return result
