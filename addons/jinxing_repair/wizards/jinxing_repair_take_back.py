from odoo import fields, models


class JinxingRepairTakeBack(models.TransientModel):
    """Takes a machine back against a receipt, or gives it back (S8.6)."""

    _name = "jinxing.repair.take.back"
    _description = "Take Back or Give Back"

    mode = fields.Selection([("take", "Take back"), ("return", "Give back")], required=True)
    order_id = fields.Many2one("repair.order", required=True, readonly=True)
    person = fields.Char("Customer's name", required=True)
    condition = fields.Text("Condition and damage")
    accessories = fields.Text("What came along")
    signature = fields.Binary()
    reclaimed = fields.Boolean("Receipt reclaimed")
    lost_id_number = fields.Char("Receipt lost: identity card")

    def action_confirm(self):
        """Take the machine, or give it back; print the receipt when it is taken."""
        self.ensure_one()
        order = self.order_id
        if self.mode == "return":
            order.action_deliver_back(
                self.person, self.signature, self.reclaimed, self.lost_id_number
            )
            return {"type": "ir.actions.act_window_close"}
        order.action_take_back(self.person, self.condition, self.accessories, self.signature)
        report = self.env.ref("jinxing_repair.action_report_receipt")
        return report.report_action(order.open_receipt_id)
