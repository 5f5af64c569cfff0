from odoo import fields, models


class JinxingComplaintConsent(models.TransientModel):
    """Takes the customer's consent to the proposed solution (C19.6)."""

    _name = "jinxing.complaint.consent"
    _description = "Customer's Consent"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    proposal = fields.Text(related="ticket_id.proposal")
    proposal_amount = fields.Monetary(related="ticket_id.proposal_amount")
    currency_id = fields.Many2one(related="ticket_id.currency_id")
    method = fields.Selection(
        [("signature", "Signature"), ("call", "Call record")], required=True, default="call"
    )
    name = fields.Char("Who agrees", required=True)
    phone = fields.Char("Number called")
    at = fields.Datetime("When", default=fields.Datetime.now)
    signature = fields.Binary()
    note = fields.Text("What the customer said")
    recording = fields.Binary(attachment=False)
    recording_name = fields.Char()

    def action_confirm(self):
        """Record the consent; a sound recording of the call is kept with the complaint."""
        self.ensure_one()
        ticket = self.ticket_id
        note = self.note
        if self.method == "call" and note:
            note = f"{self.phone or ''} {note}".strip()
        ticket.action_consent(
            self.method, self.name, signature=self.signature, note=note, at=self.at
        )
        if self.recording:
            self.env["jinxing.complaint.evidence"].create(
                {
                    "ticket_id": ticket.id,
                    "kind": "recording",
                    "name": self.env._("Call with %(name)s: he agrees", name=self.name),
                    "source": self.phone,
                    "file": self.recording,
                    "file_name": self.recording_name,
                }
            )
        return {"type": "ir.actions.act_window_close"}
