from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import complaint


class JinxingComplaintEvidence(models.Model):
    """A piece of evidence on a complaint (C19.4).

    Its file belongs to it and not to the registration, so that the customer, who may read his
    registration, does not read what was found in the house.
    """

    _name = "jinxing.complaint.evidence"
    _description = "Evidence on a Complaint"
    _order = "id"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    name = fields.Char("What it shows", required=True)
    kind = fields.Selection(
        [
            ("photo", "Photo or video"),
            ("document", "Document"),
            ("recording", "Sound recording"),
            ("measurement", "Measurement"),
            ("statement", "Statement"),
        ],
        required=True,
        default="photo",
    )
    source = fields.Char("From whom")
    file = fields.Binary(required=True, attachment=True)
    file_name = fields.Char()
    user_id = fields.Many2one(
        "res.users", "Added by", readonly=True, required=True, default=lambda self: self.env.user
    )
    date = fields.Datetime(readonly=True, required=True, default=fields.Datetime.now)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("name", vals.get("file_name"))
        pieces = super().create(vals_list)
        pieces._ensure_open()
        return pieces

    def write(self, vals):
        self._ensure_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        self._ensure_open()

    def _ensure_open(self):
        """Refuse to change evidence once it was judged on; a recording of the consent may follow.

        :raises UserError: the investigation is over
        """
        late = self.filtered(
            lambda piece: not piece.ticket_id.complaint_step
            or complaint.has_passed(
                piece.ticket_id.complaint_step,
                complaint.LIABILITY if piece.kind == "recording" else complaint.INVESTIGATE,
            )
        )
        if late:
            raise UserError(
                self.env._(
                    "%(names)s: the investigation is over, its evidence stays (C19.4).",
                    names=", ".join(late.ticket_id.mapped("number")),
                )
            )

    def _files(self):
        """Return the attachments that hold the files, oldest first."""
        # sudo: the files of evidence the reader may read
        return self.env["ir.attachment"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", "file"),
            ],
            order="id",
        )
