from odoo import fields, models
from odoo.exceptions import UserError


class JinxingPartsReason(models.TransientModel):
    """Asks for what a step needs: a reason, another warehouse."""

    _name = "jinxing.parts.reason"
    _description = "Reason of a Step"

    action = fields.Selection(
        [
            ("refuse", "Refuse"),
            ("approve", "Approve beyond the credit"),
            ("reroute", "Supply from another warehouse"),
            ("suspend", "Suspend"),
            ("review", "Review"),
            ("waive", "Waive"),
        ],
        required=True,
    )
    requisition_ids = fields.Many2many("jinxing.parts.requisition", string="Requisitions")
    approval_ids = fields.Many2many("jinxing.supplier.approval", string="Approvals")
    purchase_ids = fields.Many2many("jinxing.station.purchase", string="Reported purchases")
    old_part_ids = fields.Many2many("jinxing.old.part", string="Old parts")
    warehouse_id = fields.Many2one(
        "stock.warehouse", domain=[("parts_role", "!=", False)]
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        """Take the step with the reason given."""
        self.ensure_one()
        if self.action == "reroute" and not self.warehouse_id:
            raise UserError(self.env._("From which warehouse?"))
        steps = {
            "refuse": lambda: self.requisition_ids.action_refuse(self.reason),
            "approve": lambda: self.requisition_ids.action_approve(self.reason),
            "reroute": lambda: self.requisition_ids.action_reroute(
                self.warehouse_id.id, self.reason
            ),
            "suspend": lambda: self.approval_ids.action_suspend(self.reason),
            "review": lambda: self.purchase_ids.action_review(self.reason),
            "waive": lambda: self.old_part_ids.action_waive(self.reason),
        }
        return steps[self.action]()
