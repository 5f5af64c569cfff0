from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import order_flow

#: What only the steps of the order set: when and how a visit really went.
SYSTEM = frozenset(
    {
        "departed_at", "arrived_at", "left_at", "latitude", "longitude", "outcome",
        "explanation", "next_step", "promise_at", "decision_ids",
    }
)


class JinxingRepairVisit(models.Model):
    """One trip of a technician to a machine (S8.3, S8.11, N5)."""

    _name = "jinxing.repair.visit"
    _description = "Visit"
    _order = "id"
    _rec_name = "order_id"

    order_id = fields.Many2one("repair.order", required=True, index=True, ondelete="cascade")
    technician_id = fields.Many2one("res.partner", required=True, index=True)
    planned_at = fields.Datetime("Planned", index="btree_not_null")
    departed_at = fields.Datetime("Departed", readonly=True)
    arrived_at = fields.Datetime("Arrived", readonly=True)
    left_at = fields.Datetime("Left", readonly=True)
    latitude = fields.Float(digits=(10, 7), readonly=True)
    longitude = fields.Float(digits=(10, 7), readonly=True)
    distance_km = fields.Float("Distance (km)", digits=(8, 1))
    outcome = fields.Selection(
        [
            ("fixed", "Repaired"),
            ("not_fixed", "Not repaired yet"),
            ("taken_back", "Taken back"),
            ("no_access", "Nobody or nothing there"),
        ],
        readonly=True,
    )
    explanation = fields.Text("What was explained to the customer", readonly=True)
    next_step = fields.Char(readonly=True)
    promise_at = fields.Datetime(
        "Promised for",
        readonly=True,
        index="btree_not_null",
        help="A deadline that is watched (N5).",
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, precompute=True)

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
        """A visit that ends without a fix says why, what next and until when (N5).

        Where nobody was there to explain it to, what next and until when.
        """
        for visit in self.filtered(lambda v: v.outcome == "no_access"):
            if not (visit.next_step and visit.promise_at):
                raise ValidationError(
                    self.env._(
                        "Nobody was there: note the next step and the promised time (N5)."
                    )
                )
        for visit in self.filtered(lambda v: v.outcome == "not_fixed"):
            if not (visit.explanation and visit.next_step and visit.promise_at):
                raise ValidationError(
                    self.env._(
                        "The machine is not repaired: note what was explained, the next step and "
                        "the promised time (N5)."
                    )
                )

    # -- visits are planned by hand and made by the steps ----------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._ensure_planning(set().union(*vals_list))
        visits = super().create(vals_list)
        visits._ensure_open()
        return visits

    def write(self, vals):
        if not self.env.su:
            self._ensure_planning(set(vals) | ({"departed_at"} if "order_id" in vals else set()))
            self._ensure_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned(self):
        self._ensure_open()
        if not self.env.su and self.filtered(lambda v: v.departed_at or v.arrived_at):
            raise UserError(self.env._("A visit that was made is not deleted."))

    @api.model
    def _ensure_planning(self, names):
        """Refuse facts of a visit said by hand."""
        if SYSTEM & names:
            raise UserError(
                self.env._("When and how a visit went is noted by the buttons of the order.")
            )

    def _ensure_open(self):
        """Refuse changes to visits of orders the customer has signed (G1.2)."""
        if self.env.su:
            return
        done = self.order_id.filtered(lambda o: o.service_state not in order_flow.OPEN)
        if done:
            raise UserError(
                self.env._(
                    "%(names)s: what the customer has signed is not changed.",
                    names=", ".join(done.mapped("name")),
                )
            )
