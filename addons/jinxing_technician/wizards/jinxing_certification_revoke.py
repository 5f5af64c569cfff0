from odoo import fields, models


class JinxingCertificationRevoke(models.TransientModel):
    """Asks for the reason before certificates are revoked (T0)."""

    _name = "jinxing.certification.revoke"
    _description = "Revoke Certificates"

    certification_ids = fields.Many2many(
        "jinxing.certification",
        "jinxing_certification_revoke_rel",
        "wizard_id",
        "certification_id",
        string="Certificates",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    date = fields.Date(
        "Revoked from",
        required=True,
        default=fields.Date.context_today,
        help="The first day the grade no longer holds.",
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Revoke them."""
        self.ensure_one()
        self.certification_ids.action_revoke(self.reason, self.date)
        return {"type": "ir.actions.act_window_close"}
