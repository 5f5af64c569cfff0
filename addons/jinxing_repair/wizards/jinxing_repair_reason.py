from odoo import fields, models


class JinxingRepairReason(models.TransientModel):
    """Asks for the reason of a step that needs one."""

    _name = "jinxing.repair.reason"
    _description = "Reason of a Step"

    order_ids = fields.Many2many("repair.order", required=True, readonly=True)
    action = fields.Selection(
        [
            ("return", "Return"),
            ("cancel", "Cancel"),
            ("decline", "Decline"),
            ("resume", "Go on"),
            ("refuse_quotation", "Price refused"),
            ("let_work", "Let him work all the same"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Take the step with the reason given."""
        self.ensure_one()
        name = "action_cancel_order" if self.action == "cancel" else f"action_{self.action}"
        getattr(self.order_ids, name)(reason=self.reason)
        return {"type": "ir.actions.act_window_close"}
