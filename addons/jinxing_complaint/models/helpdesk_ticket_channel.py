from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HelpdeskTicketChannel(models.Model):
    """A way customers reach us; the hotline has a manager who answers for it (O20, M26)."""

    _inherit = "helpdesk.ticket.channel"

    is_hotline = fields.Boolean("Complaint hotline")
    hotline_number = fields.Char("Number or address made public")
    manager_id = fields.Many2one(
        "res.users",
        "Responsible manager",
        domain=[("share", "=", False)],
        help="Answers for the hotline (M26); is told of contacts nobody has answered.",
    )

    @api.constrains("is_hotline", "manager_id")
    def _check_manager(self):
        if self.filtered(lambda c: c.is_hotline and not c.manager_id):
            raise ValidationError(
                self.env._("The complaint hotline has a responsible manager (M26).")
            )
