from odoo import fields, models


class HelpdeskTicketCategory(models.Model):
    """What a contact is about: its subject, and the nature of a complaint (C19.2, O21)."""

    _inherit = "helpdesk.ticket.category"

    clause_id = fields.Many2one(
        "jinxing.clause",
        index="btree_not_null",
        help="The clause a complaint of this nature is about: R15 for passing the customer on.",
    )
    against_person = fields.Boolean(
        "Against a person", help="A complaint of this nature names whom it is about."
    )
