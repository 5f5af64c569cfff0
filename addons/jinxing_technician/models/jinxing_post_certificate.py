from odoo import api, fields, models


class JinxingPostCertificate(models.Model):
    """A certificate of the post from elsewhere, such as a repairer's licence (S7)."""

    _name = "jinxing.post.certificate"
    _description = "Certificate of the Post"
    _inherit = ["mail.thread"]
    _order = "date_issue desc, id desc"

    name = fields.Char("Certificate", required=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Technician",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_company", "=", False)],
    )
    number = fields.Char()
    issuer = fields.Char(required=True)
    date_issue = fields.Date("Issued on", required=True)
    date_expiry = fields.Date("Valid until", help="Last valid day; empty: without limit.")
    scan = fields.Binary(attachment=True)
    scan_filename = fields.Char()
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)

    _dates_ordered = models.Constraint(
        "CHECK(date_expiry IS NULL OR date_expiry >= date_issue)",
        "A certificate cannot end before it begins.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.partner_id._become_technicians()
        return records
