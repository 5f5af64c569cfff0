from odoo import fields, models


class JinxingToolStep(models.TransientModel):
    """Asks for what a step of a custody needs (B24)."""

    _name = "jinxing.tool.step"
    _description = "Step of a Tool"

    action = fields.Selection(
        [
            ("return", "Return"),
            ("hand_over", "Hand over"),
            ("lost", "Lost"),
            ("damaged", "Damaged"),
            ("worn", "Worn out"),
        ],
        required=True,
    )
    custody_ids = fields.Many2many("jinxing.tool.custody", string="Tools")
    employee_id = fields.Many2one("hr.employee", "Taken over by")
    condition = fields.Char()
    explanation = fields.Text("What happened")
    repairable = fields.Boolean("Can be repaired")
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
    repair_cost = fields.Monetary("Cost of the repair")

    def action_apply(self):
        """Take the step."""
        self.ensure_one()
        custodies = self.custody_ids
        if self.action == "return":
            return custodies.action_return(self.condition)
        if self.action == "hand_over":
            return custodies.action_hand_over(self.employee_id.id, self.condition)
        if self.action == "damaged":
            custodies.write({"repairable": self.repairable, "repair_cost": self.repair_cost})
            return custodies.action_damaged(self.explanation)
        if self.action == "lost":
            return custodies.action_lost(self.explanation)
        return custodies.action_worn(self.explanation)
