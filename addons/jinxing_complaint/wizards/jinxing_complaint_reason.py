from odoo import fields, models


class JinxingComplaintReason(models.TransientModel):
    """Asks for the reason of a step that needs one."""

    _name = "jinxing.complaint.reason"
    _description = "Reason of a Complaint's Step"

    ticket_ids = fields.Many2many("helpdesk.ticket", required=True, readonly=True)
    action = fields.Selection(
        [
            ("propose", "Ask a superior"),
            ("send_back", "Send back"),
            ("refuse", "Customer refuses"),
            ("reclassify", "No complaint"),
        ],
        required=True,
        readonly=True,
    )
    kind = fields.Selection(
        [
            ("repair", "Repair"), ("installation", "Installation"),
            ("consultation", "Consultation"), ("opinion", "Opinion"), ("praise", "Praise"),
        ],
        "What it is",
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Take the step with the reason given."""
        self.ensure_one()
        if self.action == "reclassify":
            self.ticket_ids.action_reclassify(self.kind, self.reason)
        else:
            getattr(self.ticket_ids, f"action_{self.action}")(reason=self.reason)
        return {"type": "ir.actions.act_window_close"}
