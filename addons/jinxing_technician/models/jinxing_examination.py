from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..rules import grading

#: What an examiner without an office role may enter.
_SHEET_FIELDS = {"line_ids", "score_written", "is_written", "note"}


class JinxingExamination(models.Model):
    """An examination for a star grade: a written part and a practical score sheet (T0).

    The written part is an Odoo survey that the candidate answers with a link of his own, or a
    score entered by hand. The sheet of the practical part holds one line per competence of the
    grade and those below. A failed examination stays as one; a passed one awards the grade.
    """

    _name = "jinxing.examination"
    _description = "Examination"
    _inherit = ["mail.thread", "mail.activity.mixin", "jinxing.decision.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["partner_id"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Candidate",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        check_company=True,
        domain=[("is_company", "=", False)],
    )
    grade = fields.Integer(required=True, default=1, tracking=True)
    grade_level = fields.Selection(
        [("1", "One star"), ("2", "Two star"), ("3", "Three star"), ("4", "Four star"),
         ("5", "Five star")],
        string="Examined for",
        compute="_compute_grade_level",
        inverse="_inverse_grade_level",
    )
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True, copy=False)
    examiner_id = fields.Many2one(
        "res.partner", index="btree_not_null", tracking=True, check_company=True
    )
    examiner_kind = fields.Selection(
        [("five_star", "Five-star technician"), ("manager", "Manager"),
         ("external", "External examiner")],
        "Capacity of the examiner",
        compute="_compute_examiner_kind",
        store=True,
        readonly=False,
        precompute=True,
    )
    survey_id = fields.Many2one(
        "survey.survey",
        "Written questions",
        ondelete="restrict",
        domain=[("certification", "=", True)],
        default=lambda self: self.env.ref(
            "jinxing_technician.survey_examination", raise_if_not_found=False
        ),
    )
    user_input_id = fields.Many2one(
        "survey.user_input",
        "Written answers",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    written_url = fields.Char("Link for the candidate", compute="_compute_written_url")
    score_written = fields.Float(
        "Written score",
        digits=(5, 2),
        aggregator="avg",
        compute="_compute_score_written",
        store=True,
        readonly=False,
        copy=False,
    )
    is_written = fields.Boolean(
        "Written part done",
        compute="_compute_score_written",
        store=True,
        readonly=False,
        copy=False,
    )
    line_ids = fields.One2many(
        "jinxing.examination.line",
        "examination_id",
        "Score sheet",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        copy=False,
    )
    score_practical = fields.Float(
        "Practical score",
        digits=(5, 2),
        aggregator="avg",
        compute="_compute_score_practical",
        store=True,
    )
    state = fields.Selection(
        [("draft", "Planned"), ("passed", "Passed"), ("failed", "Not passed"),
         ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    certification_ids = fields.One2many(
        "jinxing.certification", "examination_id", "Certificate", readonly=True
    )
    note = fields.Text()
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    _grade_range = models.Constraint(
        "CHECK(grade BETWEEN 1 AND 5)", "A star grade is 1 to 5 (T1-T5)."
    )
    _score_range = models.Constraint(
        "CHECK(COALESCE(score_written, 0) BETWEEN 0 AND 100)", "Scores are per cent, 0 to 100."
    )

    @api.depends("partner_id", "grade", "date")
    def _compute_display_name(self):
        for record in self:
            who = record.partner_id.name or ""
            record.display_name = f"{who} {'★' * record.grade} {record.date or ''}".strip()

    @api.depends("grade")
    def _compute_grade_level(self):
        for record in self:
            record.grade_level = str(record.grade) if 1 <= record.grade <= 5 else False

    def _inverse_grade_level(self):
        for record in self:
            record.grade = int(record.grade_level or 0)

    @api.depends("examiner_id", "date")
    def _compute_examiner_kind(self):
        for record in self:
            if record.examiner_id and record.date:
                record.examiner_kind = record.examiner_id._guess_judge_kind(record.date)
            else:
                record.examiner_kind = False

    @api.depends("user_input_id")
    def _compute_written_url(self):
        for record in self:
            # sudo: the link of an answer is for whoever may see the examination
            answer = record.sudo().user_input_id
            record.written_url = (
                f"{record.get_base_url()}{answer.get_start_url()}" if answer else False
            )

    @api.depends("user_input_id.state", "user_input_id.scoring_percentage")
    def _compute_score_written(self):
        for record in self:
            # sudo: the score of the own candidate, not the survey's other answers
            answer = record.sudo().user_input_id
            if record.state == "draft" and answer.state == "done":
                record.score_written = max(answer.scoring_percentage, 0)
                record.is_written = True
            else:
                record.score_written = record.score_written
                record.is_written = record.is_written

    @api.depends("grade")
    def _compute_line_ids(self):
        competences = self.env["jinxing.competence"].search([("examined", "=", True)])
        for record in self.filtered(lambda r: r.state == "draft"):
            demanded = competences.filtered(lambda c, top=record.grade: c.grade <= top)
            listed = record.line_ids.competence_id
            record.line_ids = [
                *(
                    Command.unlink(line.id)
                    for line in record.line_ids
                    if line.competence_id not in demanded
                ),
                *(Command.create({"competence_id": c.id}) for c in demanded - listed),
            ]

    @api.depends("line_ids.score", "line_ids.is_scored")
    def _compute_score_practical(self):
        for record in self:
            facts = grading.ExaminationFacts(record.grade, None, record._practical_scores())
            record.score_practical = facts.practical_score or 0

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if any(record.state != "draft" for record in records):
            raise UserError(self.env._("An examination begins as planned."))
        return records

    def write(self, vals):
        if not self.env.su:
            if {"state", "user_input_id"} & set(vals):
                raise UserError(self.env._("Assess or cancel an examination with its buttons."))
            office = self.env.user.has_group("jinxing_base.group_supervisor")
            if not office and set(vals) - _SHEET_FIELDS:
                raise UserError(self.env._("An examiner enters scores, nothing else."))
        if not set(vals) <= {"note", "state"} | set(self._activity_fields()):
            self._ensure_draft()
        return super().write(vals)

    @api.model
    def _activity_fields(self):
        """Return the fields of chatter and activities, which stay editable."""
        return [
            name
            for name in self._fields
            if name.startswith(("activity_", "message_", "my_activity_", "website_message"))
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_assessed(self):
        self._ensure_draft()

    def _ensure_draft(self):
        closed = self.filtered(lambda record: record.state != "draft")
        if closed:
            raise UserError(
                self.env._(
                    "An examination that is over stays as it is: %(names)s.",
                    names=", ".join(closed.mapped("display_name")),
                )
            )

    # -- written part --------------------------------------------------------------------------

    def action_start_written(self):
        """Make the candidate's own answer sheet, once, and open it.

        :raises UserError: over, or without questions
        """
        self.ensure_one()
        self.check_access("write")
        self._ensure_draft()
        if not self.survey_id:
            raise UserError(self.env._("Choose the questions of the written part first."))
        if not self.user_input_id:
            # sudo: the examiner need not be allowed to manage surveys
            record = self.sudo()
            record.user_input_id = record.survey_id._create_answer(
                partner=record.partner_id, check_attempts=False
            )
        return {"type": "ir.actions.act_url", "url": self.written_url, "target": "new"}

    # -- result --------------------------------------------------------------------------------

    def _practical_scores(self):
        """Return ``{competence code: score}``, None where none is given yet."""
        self.ensure_one()
        return {
            line.competence_id.code: line.score if line.is_scored else None
            for line in self.line_ids
        }

    def action_assess(self):
        """Decide passed or not; who passed is awarded the grade from the day on (T0-T5).

        :raises UserError: not planned, a part is missing, the day lies ahead, or the examiner
            may not examine
        """
        self.check_access("write")
        self.env["jinxing.certification"].check_access("create")
        self._ensure_draft()
        today = fields.Date.context_today(self)
        draft = self.env["jinxing.certification"]
        certificates = {}
        for record in self:
            if record.date > today:
                problem = self.env._("its day lies ahead")
            elif not record.is_written:
                problem = self.env._("the written part is missing")
            elif not record.line_ids or not all(record.line_ids.mapped("is_scored")):
                problem = self.env._("the score sheet is not complete")
            elif not record.examiner_id or not record.examiner_kind:
                problem = self.env._("nobody is named who may examine")
            else:
                certificates[record.id] = draft.new(record._prepare_certification_vals())
                continue
            raise UserError(
                self.env._(
                    "%(name)s cannot be assessed: %(problem)s.",
                    name=record.display_name,
                    problem=problem,
                )
            )
        judged = {key: paper._judge_examiners()[paper.id] for key, paper in certificates.items()}
        draft._ensure_outcome_of(
            self, judged, grading.ACCEPTED, self.env._("The examiner is refused")
        )
        results = {key: paper._decide_result() for key, paper in certificates.items()}
        self._record_decisions("examiner", judged)
        self._record_decisions("examination", results)
        passed = self.filtered(lambda r: results[r.id].outcome == grading.PASSED)
        # sudo: only the actions set the state; access was checked above
        passed.sudo().state = "passed"
        (self - passed).sudo().state = "failed"
        draft.create([r._prepare_certification_vals() for r in passed]).action_award()

    def _prepare_certification_vals(self):
        """Return the values of the certificate that passing this examination gives."""
        self.ensure_one()
        return {
            "examination_id": self.id,
            "partner_id": self.partner_id.id,
            "grade": self.grade,
            "date_award": self.date,
            "examiner_id": self.examiner_id.id,
            "examiner_kind": self.examiner_kind,
            "score_written": self.score_written,
            "score_practical": self.score_practical,
            "company_id": self.company_id.id,
        }

    def action_cancel(self):
        """Cancel planned examinations."""
        self.check_access("write")
        self._ensure_draft()
        # sudo: only the actions set the state; access was checked above
        self.sudo().state = "cancelled"

    def action_open_certification(self):
        """Open the certificate this examination gave."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "jinxing.certification",
            "res_id": self.certification_ids[:1].id,
            "views": [[False, "form"]],
        }


class JinxingExaminationLine(models.Model):
    """The score of one competence in the practical part (T0)."""

    _name = "jinxing.examination.line"
    _description = "Score of a Competence"
    _order = "examination_id, sequence, id"
    _rec_name = "competence_id"

    examination_id = fields.Many2one(
        "jinxing.examination", required=True, index=True, ondelete="cascade"
    )
    competence_id = fields.Many2one("jinxing.competence", required=True, ondelete="restrict")
    sequence = fields.Integer(related="competence_id.sequence", store=True)
    score = fields.Float(digits=(5, 2), aggregator="avg")
    is_scored = fields.Boolean(
        "Scored",
        compute="_compute_is_scored",
        store=True,
        readonly=False,
        help="Tick it for a score of 0; any other score ticks it.",
    )
    note = fields.Char()

    _once = models.Constraint(
        "unique(examination_id, competence_id)", "Each competence is on the sheet once."
    )
    _score_range = models.Constraint(
        "CHECK(COALESCE(score, 0) BETWEEN 0 AND 100)", "Scores are per cent, 0 to 100."
    )

    @api.depends("score")
    def _compute_is_scored(self):
        for line in self:
            line.is_scored = line.is_scored or bool(line.score)

    def write(self, vals):
        if {"competence_id", "score", "is_scored", "examination_id"} & set(vals):
            self.examination_id._ensure_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_assessed(self):
        self.examination_id._ensure_draft()
