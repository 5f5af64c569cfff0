from odoo import api, fields, models


class JinxingLiability(models.Model):
    """A complaint is one of the things somebody answers for (C19.7, G1.4)."""

    _inherit = "jinxing.liability"

    origin = fields.Selection(
        selection_add=[("complaint", "Complaint")], ondelete={"complaint": "set default"}
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Complaint", index="btree_not_null", ondelete="restrict"
    )
    department_id = fields.Many2one(
        "hr.department", "Liable department", index="btree_not_null"
    )

    @api.model
    def _facts(self):
        return (*super()._facts(), "ticket_id", "department_id")
