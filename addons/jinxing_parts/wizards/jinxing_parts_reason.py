from odoo import fields, models
from odoo.exceptions import UserError


class JinxingPartsReason(models.TransientModel):
    """Asks for what a step of a requisition needs: a reason, another warehouse."""

    _name = "jinxing.parts.reason"
    _description = "Reason of a Step"

    action = fields.Selection(
        [
            ("refuse", "Refuse"),
            ("approve", "Approve beyond the credit"),
            ("reroute", "Supply from another warehouse"),
        ],
        required=True,
    )
    requisition_ids = fields.Many2many("jinxing.parts.requisition", string="Requisitions")
    warehouse_id = fields.Many2one(
        "stock.warehouse", "Warehouse", domain=[("parts_role", "!=", False)]
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        """Take the step with the reason given."""
        self.ensure_one()
        if self.action == "refuse":
            return self.requisition_ids.action_refuse(self.reason)
        if self.action == "approve":
            return self.requisition_ids.action_approve(self.reason)
        if not self.warehouse_id:
            raise UserError(self.env._("From which warehouse?"))
        return self.requisition_ids.action_reroute(self.warehouse_id.id, self.reason)
