from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


def notice_topics():
    """Return what a customer or a liable person is told of a complaint."""
    return [
        ("explanation", "Why it is not established"),
        ("promise", "Duties and timetable"),
        ("proposal", "Proposed solution"),
        ("penalty", "Liability and penalty"),
        ("result", "Result"),
    ]


class JinxingComplaintNotice(models.Model):
    """That somebody was told something about a complaint: what, how, when (C19.2-C19.7).

    It is evidence, so it is written once.
    """

    _name = "jinxing.complaint.notice"
    _description = "Notice on a Complaint"
    _order = "id"
    _rec_name = "topic"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    topic = fields.Selection(notice_topics(), required=True, readonly=True)
    method = fields.Selection(
        [
            ("mail", "E-mail"),
            ("phone", "Phone"),
            ("message", "Text message or WeChat"),
            ("letter", "Letter"),
            ("visit", "Visit"),
            ("portal", "Portal"),
        ],
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one("res.partner", "Told to", readonly=True, index="btree_not_null")
    address = fields.Char("Number or address", readonly=True)
    note = fields.Text("What was said", readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "By", required=True, readonly=True, default=lambda self: self.env.user
    )
    message_id = fields.Many2one("mail.message", readonly=True)

    @api.constrains("method", "note", "address")
    def _check_evidence(self):
        for notice in self:
            if notice.method in ("phone", "message", "letter", "visit") and not (
                (notice.note or "").strip()
            ):
                raise ValidationError(
                    self.env._("Note what was said, and how he took it: it is the evidence.")
                )
            if notice.method in ("phone", "message", "mail") and not notice.address:
                raise ValidationError(self.env._("Which number or address was it told to?"))

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A notice that was given stays as it is."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A notice that was given stays as it is."))
