from odoo import fields, models
from odoo.exceptions import ValidationError


class JinxingPublicReport(models.TransientModel):
    """Any employee reports a complaint he found in the media or before an authority (C17)."""

    _name = "jinxing.public.report"
    _description = "Report of a Public Complaint"

    source = fields.Selection(
        [("media", "News media"), ("authority", "Authority or association")], required=True
    )
    where = fields.Char("Which one, and where", required=True)
    customer = fields.Char("Who complains")
    phone = fields.Char("His phone")
    text = fields.Text("What he complains about", required=True)
    file = fields.Binary("Picture or letter", attachment=False)
    file_name = fields.Char()

    def action_report(self):
        """Register the complaint, urgent, and tell the department at once (C17)."""
        self.ensure_one()
        if not (self.text or "").strip() or not (self.where or "").strip():
            raise ValidationError(
                self.env._("Say where it was raised and what it is about.")
            )
        channel = self.env.ref("jinxing_complaint.channel_public", raise_if_not_found=False)
        # sudo: any employee may report, whatever else he may do (C17)
        ticket = self.env["helpdesk.ticket"].sudo().create(
            {
                "kind": "complaint",
                "public_source": self.source,
                "public_where": self.where,
                "caller_name": self.customer,
                "caller_phone": self.phone,
                "fault_description": self.text,
                "channel_id": channel.id if channel else False,
                "company_id": self.env.company.id,
            }
        )
        ticket.message_subscribe(partner_ids=self.env.user.partner_id.ids)
        if self.file:
            # sudo: as above
            self.env["jinxing.complaint.evidence"].sudo().create(
                {
                    "ticket_id": ticket.id,
                    "kind": "document",
                    "name": self.file_name or self.env._("Report"),
                    "source": self.env.user.name,
                    "file": self.file,
                    "file_name": self.file_name,
                }
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Thank you"),
                "message": self.env._(
                    "%(number)s: the after-sales department was told.", number=ticket.number
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
