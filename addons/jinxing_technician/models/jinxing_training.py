from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import grading

#: Empty lines of an attendance sheet, for who comes without being named before.
_FREE_LINES = 8


class JinxingTraining(models.Model):
    """A training of technicians, ours or a station's, or of customers (S7, T5).

    A technician who passed may work; a customer learns to run his machine and becomes nobody's
    technician by it.
    """

    _name = "jinxing.training"
    _description = "Training"
    _inherit = ["mail.thread", "jinxing.decision.mixin"]
    _order = "date_end desc, id desc"
    _check_company_auto = True

    name = fields.Char("Subject", required=True)
    audience = fields.Selection(
        [("technician", "Technicians"), ("customer", "Customers")],
        "For",
        required=True,
        default="technician",
        help="Only a training of technicians qualifies for work (S7).",
    )
    date_start = fields.Date("From", required=True, default=fields.Date.context_today)
    date_end = fields.Date("To", required=True, default=fields.Date.context_today)
    location = fields.Char()
    content = fields.Text()
    category_ids = fields.Many2many("jinxing.fault.category", string="Fault categories")
    trainer_id = fields.Many2one(
        "res.partner", index="btree_not_null", tracking=True, check_company=True
    )
    trainer_kind = fields.Selection(
        [("five_star", "Five-star technician"), ("external", "External trainer")],
        "Capacity of the trainer",
        compute="_compute_trainer_kind",
        store=True,
        readonly=False,
        precompute=True,
    )
    line_ids = fields.One2many("jinxing.training.line", "training_id", "Participants")
    passed_count = fields.Integer("Passed", compute="_compute_passed_count")
    state = fields.Selection(
        [("draft", "Planned"), ("done", "Held"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    _dates_ordered = models.Constraint(
        "CHECK(date_end >= date_start)", "A training cannot end before it begins."
    )

    @api.depends("trainer_id", "date_start")
    def _compute_trainer_kind(self):
        for record in self:
            if record.trainer_id and record.date_start:
                record.trainer_kind = record.trainer_id._guess_judge_kind(
                    record.date_start, training=True
                )
            else:
                record.trainer_kind = False

    @api.depends("line_ids.passed")
    def _compute_passed_count(self):
        for record in self:
            record.passed_count = len(record.line_ids.filtered("passed"))

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if any(record.state != "draft" for record in records):
            raise UserError(self.env._("A training begins as planned."))
        return records

    def write(self, vals):
        if "state" in vals and not self.env.su:
            raise UserError(self.env._("Close or cancel a training with its buttons."))
        fixed = {"audience", "date_start", "date_end", "trainer_id", "trainer_kind", "company_id"}
        if fixed & set(vals):
            self._ensure_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self._ensure_draft()

    def _ensure_draft(self):
        held = self.filtered(lambda record: record.state != "draft")
        if held:
            raise UserError(
                self.env._(
                    "A training that was held or cancelled stays as it is: %(names)s.",
                    names=", ".join(held.mapped("name")),
                )
            )

    def action_done(self):
        """Close trainings: who passed is qualified from the last day on (S7).

        :raises UserError: not planned, not over, nobody attended, or the trainer may not train
            (T5)
        """
        self.check_access("write")
        self._ensure_draft()
        today = fields.Date.context_today(self)
        judged = {}
        for record in self:
            if record.date_end > today:
                problem = self.env._("it is not over yet")
            elif not record.line_ids.filtered("attended"):
                problem = self.env._("nobody attended")
            elif not record.trainer_id or not record.trainer_kind:
                problem = self.env._(
                    "name a trainer: a five-star technician or an external trainer"
                )
            else:
                judged[record.id] = record.trainer_id._judge_decisions(
                    record.trainer_kind,
                    record.date_start,
                    candidates=record.line_ids.partner_id,
                    training=True,
                )
                if judged[record.id].outcome == grading.ACCEPTED:
                    continue
                problem = " ".join(self.env["jinxing.decision"]._sentences(judged[record.id]))
            raise UserError(
                self.env._(
                    "%(name)s cannot be closed: %(problem)s",
                    name=record.name,
                    problem=problem,
                )
            )
        self._record_decisions("trainer", judged)
        # sudo: only the actions set the state; access was checked above
        self.sudo().state = "done"
        technicians = self.filtered(lambda record: record.audience == "technician")
        technicians.line_ids.filtered("passed").partner_id._become_technicians()

    def _print_free_lines(self):
        """Return the numbers of the empty lines on the attendance sheet."""
        self.ensure_one()
        taken = len(self.line_ids)
        return range(taken + 1, taken + 1 + _FREE_LINES)

    def action_cancel(self):
        """Cancel planned trainings."""
        self.check_access("write")
        self._ensure_draft()
        # sudo: only the actions set the state; access was checked above
        self.sudo().state = "cancelled"


class JinxingTrainingLine(models.Model):
    """Who took part in a training, and from when to when it qualifies him (S7)."""

    _name = "jinxing.training.line"
    _description = "Training Participant"
    _order = "training_id, id"
    _rec_name = "partner_id"

    training_id = fields.Many2one(
        "jinxing.training", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Participant",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_company", "=", False)],
    )
    station_id = fields.Many2one(related="partner_id.parent_id", string="Works for")
    attended = fields.Boolean()
    score = fields.Float(digits=(5, 2), aggregator="avg")
    passed = fields.Boolean()
    qualified_from = fields.Date(
        compute="_compute_qualified", store=True, help="Empty until the training is closed."
    )
    qualified_to = fields.Date(
        compute="_compute_qualified", store=True, help="Last day; empty: without limit."
    )
    note = fields.Char()
    state = fields.Selection(related="training_id.state")
    company_id = fields.Many2one(related="training_id.company_id", store=True, index=True)

    _once = models.Constraint(
        "unique(training_id, partner_id)", "Everybody takes part in a training once."
    )
    _passed_attended = models.Constraint(
        "CHECK(attended OR NOT COALESCE(passed, FALSE))",
        "Only who attended can have passed (S7).",
    )
    _score_range = models.Constraint(
        "CHECK(COALESCE(score, 0) BETWEEN 0 AND 100)", "Scores are per cent, 0 to 100."
    )
    _qualified_index = models.Index(
        "(partner_id, qualified_from) WHERE qualified_from IS NOT NULL"
    )

    @api.depends(
        "passed", "training_id.state", "training_id.date_end", "training_id.company_id",
        "training_id.audience",
    )
    def _compute_qualified(self):
        policies = self.env["jinxing.policy.parameter"]
        for line in self:
            training = line.training_id
            line.qualified_from = line.qualified_to = False
            if training.state == "done" and line.passed and training.audience == "technician":
                line.qualified_from = training.date_end
                months = policies._value(
                    "training_validity_months", training.date_end, training.company_id
                )
                if months:
                    line.qualified_to = grading.expiry(training.date_end, months)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.training_id._ensure_draft()
        return lines

    def write(self, vals):
        if {"training_id", "partner_id", "attended", "passed", "score"} & set(vals):
            self.training_id._ensure_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self.training_id._ensure_draft()
