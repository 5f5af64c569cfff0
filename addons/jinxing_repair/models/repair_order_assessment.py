from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import assessment
from ..rules.assessment import AssessmentFacts, AssessmentPolicy, DueFacts

_ASSESSMENT = frozenset({"time_mark", "assessment"})


class RepairOrder(models.Model):
    """The assessment of time and quality when an order is closed (S8.9)."""

    _inherit = "repair.order"

    time_mark = fields.Float(
        readonly=True,
        copy=False,
        digits=(6, 2),
        aggregator="avg",
        help="Computed from what was due and when it was done.",
    )
    assessment = fields.Selection(
        [
            ("satisfactory", "Satisfactory"),
            ("too_late", "Time not satisfactory"),
            ("too_poor", "Quality not satisfactory"),
            ("both_lacking", "Time and quality not satisfactory"),
        ],
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | _ASSESSMENT

    @api.model
    def _assessment_policy(self, day, company):
        """Return the scale of both marks in force on a day."""
        return AssessmentPolicy(
            time_full=self._policy("assessment_time_full", day, company),
            per_hour=self._policy("assessment_time_per_hour", day, company),
            time_pass=self._policy("assessment_time_pass", day, company),
            quality_min=self._policy("assessment_min_score", day, company),
            quality_max=self._policy("assessment_max_score", day, company),
            quality_pass=self._policy("assessment_quality_pass", day, company),
        )

    def _due_facts(self):
        """Return what was due on the order, and when it was done."""
        self.ensure_one()
        due = [
            DueFacts(kind, deadline, done or None)
            for kind, deadline, done in (
                (assessment.CONTACT, self.contact_deadline, self.contacted_at),
                (assessment.ARRIVAL, self.arrival_deadline, self.arrived_at),
            )
            if deadline
        ]
        due += [
            DueFacts(assessment.PROMISE, promise.promise_at, promise.done_at or None)
            for promise in self.promise_ids
            if not promise.replaced
        ]
        return tuple(due)

    def _ensure_quality(self, quality):
        """Refuse a quality score off the scale of its day (S8.9).

        :raises UserError: says which scores there are
        """
        words = self.env["jinxing.decision"]
        for order in self:
            day = self._service_day(order.handed_in_at or None, order.company_id)
            policy = self._assessment_policy(day, order.company_id)
            refusal = assessment.check_quality(quality, policy)
            if refusal:
                text = words._texts()[refusal.key]
                raise UserError(words._render_step(text, refusal.key, dict(refusal.params)))

    def _assess(self, quality):
        """Store the mark of the time, reckoned, beside that of the quality as scored (S8.9)."""
        decisions = {}
        for order in self:
            day = self._service_day(order.handed_in_at, order.company_id)
            decisions[order.id] = assessment.decide_assessment(
                AssessmentFacts(
                    policy=self._assessment_policy(day, order.company_id),
                    handed_in_at=order.handed_in_at,
                    due=order._due_facts(),
                    quality=quality,
                )
            )
        self._record_decisions("assessment", decisions, first=True)
        # sudo: the marks are the rule's
        for order in self.sudo():
            decision = decisions[order.id]
            order.write(
                {
                    "time_mark": decision.facts["time_mark"],
                    "assessment": decision.outcome,
                }
            )
