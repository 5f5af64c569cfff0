from odoo import fields, models


class JinxingComplaintInform(models.TransientModel):
    """Tells the customer something, by letter or otherwise, and keeps the evidence."""

    _name = "jinxing.complaint.inform"
    _description = "Tell the Customer"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    topic = fields.Selection(
        [
            ("explanation", "Why it is not established"),
            ("promise", "Duties and timetable"),
            ("proposal", "Proposed solution"),
            ("result", "Result"),
        ],
        required=True,
        readonly=True,
    )
    method = fields.Selection(
        [
            ("mail", "E-mail"),
            ("phone", "Phone"),
            ("message", "Text message or WeChat"),
            ("letter", "Letter"),
            ("visit", "Visit"),
        ],
        required=True,
    )
    address = fields.Char("Number or address")
    note = fields.Text("What was said")

    def action_confirm(self):
        """Tell him, or note that he was told."""
        self.ensure_one()
        self.ticket_id.action_inform(self.topic, self.method, self.note, self.address)
        return {"type": "ir.actions.act_window_close"}
