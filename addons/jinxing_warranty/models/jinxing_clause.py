from odoo import models


class JinxingClause(models.Model):
    _inherit = "jinxing.clause"

    def write(self, vals):
        """Move the ends of cover when downtime begins or ceases to count (L-down)."""
        result = super().write(vals)
        if "enabled" in vals and "L-down" in self.mapped("code"):
            # sudo: the ends of cover follow the law on every card, whoever switches it
            lines = self.env["jinxing.warranty.card.line"].sudo().search(
                [("card_id.downtime_ids", "!=", False)]
            )
            self.env.add_to_compute(lines._fields["date_end"], lines)
        return result
