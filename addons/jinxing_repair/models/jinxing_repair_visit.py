from odoo import api, fields, models
from odoo.exceptions import ValidationError


class JinxingRepairVisit(models.Model):
    """One trip of a technician to a machine (S8.3, S8.11, N5)."""

    _name = "jinxing.repair.visit"
    _description = "Visit"
    _order = "id"
    _rec_name = "order_id"

    order_id = fields.Many2one("repair.order", required=True, index=True, ondelete="cascade")
    technician_id = fields.Many2one("res.partner", required=True, index=True)
    planned_at = fields.Datetime("Planned", index="btree_not_null")
    departed_at = fields.Datetime("Departed")
    arrived_at = fields.Datetime("Arrived")
    left_at = fields.Datetime("Left")
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    distance_km = fields.Float("Distance (km)", digits=(8, 1))
    outcome = fields.Selection(
        [
            ("fixed", "Repaired"),
            ("not_fixed", "Not repaired yet"),
            ("taken_back", "Taken back"),
            ("no_access", "Nobody or nothing there"),
        ]
    )
    explanation = fields.Text("What was explained to the customer")
    next_step = fields.Char()
    promise_at = fields.Datetime(
        "Promised for", index="btree_not_null", help="A deadline that is watched (N5)."
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)

    _in_order = models.Constraint(
        "CHECK((arrived_at IS NULL OR departed_at IS NULL OR arrived_at >= departed_at)"
        " AND (left_at IS NULL OR arrived_at IS NULL OR left_at >= arrived_at))",
        "Departure, arrival and leaving follow each other.",
    )
    _distance_sane = models.Constraint(
        "CHECK(distance_km IS NULL OR distance_km BETWEEN 0 AND 5000)",
        "The distance of a visit is 0 to 5,000 km.",
    )

    @api.constrains("outcome", "explanation", "next_step", "promise_at")
    def _check_promise(self):
        """A visit that ends without a fix says why, what next and until when (N5)."""
        for visit in self.filtered(lambda v: v.outcome == "not_fixed"):
            if not (visit.explanation and visit.next_step and visit.promise_at):
                raise ValidationError(
                    self.env._(
                        "The machine is not repaired: note what was explained, the next step and "
                        "the promised time (N5)."
                    )
                )
