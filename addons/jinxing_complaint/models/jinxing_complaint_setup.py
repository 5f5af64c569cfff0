from odoo import fields, models

ROLES = [("clerk", "Clerk"), ("supervisor", "Supervisor"), ("manager", "Manager")]


class JinxingComplaintRemedy(models.Model):
    """A way to settle a complaint, and the least role that may grant it (C19.5, G3.2)."""

    _name = "jinxing.complaint.remedy"
    _description = "Way to Settle a Complaint"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    role = fields.Selection(
        ROLES,
        "Granted by",
        required=True,
        default="clerk",
        help="The least role that may grant it; the amount may demand a higher one.",
    )
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint("unique(name)", "There is a way of this name already.")


class JinxingComplaintCause(models.Model):
    """Why something happened that a customer complained about (C19.4)."""

    _name = "jinxing.complaint.cause"
    _description = "Cause of a Complaint"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("unique(code)", "There is a cause with this code already.")
