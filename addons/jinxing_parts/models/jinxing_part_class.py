from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules.classes import ABC, XYZ, Bounds


class JinxingPartClass(models.Model):
    """A class of parts and the stock policy that goes with it (B23, B25)."""

    _name = "jinxing.part.class"
    _description = "Class of Parts"
    _order = "warehouse_id desc, abc, xyz"

    abc = fields.Selection(
        [("A", "A: high value"), ("B", "B: middle value"), ("C", "C: low value")],
        "By value",
        required=True,
    )
    xyz = fields.Selection(
        [("X", "X: regular"), ("Y", "Y: varying"), ("Z", "Z: irregular")],
        "By regularity",
        required=True,
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        domain=[("parts_role", "!=", False)],
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: for all that have no policy of their own.",
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True)
    stocked = fields.Boolean(
        "Kept in stock", default=True, help="Otherwise it is ordered when it is asked for."
    )
    target = fields.Float(
        "Service level", default=95.0, help="So many per cent of the demand is to be there."
    )
    safety_days = fields.Integer("Safety (days)", default=15)
    review_days = fields.Integer("Review (days)", default=30)
    count_days = fields.Integer("Count every (days)", default=90)

    _once = models.UniqueIndex(
        "(abc, xyz, COALESCE(warehouse_id, 0))", "There is a policy of this class already."
    )
    _sane = models.Constraint(
        "CHECK(safety_days >= 0 AND review_days >= 0 AND count_days > 0"
        " AND target > 0 AND target <= 100)",
        "Days are not negative, counts need an interval, the service level is a share.",
    )

    @api.depends("abc", "xyz", "warehouse_id")
    def _compute_display_name(self):
        for record in self:
            name = f"{record.abc or ''}{record.xyz or ''}"
            if record.warehouse_id:
                name = f"{name} · {record.warehouse_id.name}"
            record.display_name = name

    @api.model
    def _bounds(self, company=None):
        """Return the policy of the classes: shares of value and bounds of variation (B23).

        :raises ValidationError: the policy's numbers are out of order
        """
        policy = self.env["jinxing.policy.parameter"]
        try:
            return Bounds(
                a_share=policy._value("parts_abc_a_percent", company=company) / 100.0,
                b_share=policy._value("parts_abc_b_percent", company=company) / 100.0,
                x_max=policy._value("parts_xyz_x_max", company=company),
                y_max=policy._value("parts_xyz_y_max", company=company),
            )
        except ValueError as error:
            raise ValidationError(
                self.env._("The policies of the classes are out of order: %(why)s", why=error)
            ) from error

    @api.model
    def _all_classes(self):
        """Return the nine classes, the most valuable and regular first."""
        return [(abc, xyz) for abc in ABC for xyz in XYZ]
