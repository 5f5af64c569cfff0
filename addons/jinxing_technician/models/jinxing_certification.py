from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..rules import grading

#: What was awarded: fixed with the award, whoever asks.
_AWARD_FIELDS = {
    "partner_id",
    "grade",
    "grade_level",
    "date_award",
    "date_expiry",
    "examiner_id",
    "examiner_kind",
    "score_written",
    "score_practical",
    "company_id",
    "examination_id",
}
#: What only the actions set.
_STATUS_FIELDS = {
    "state",
    "number",
    "awarded_at",
    "valid_to",
    "date_revoked",
    "revoke_reason",
    "reminded_on",
}


class JinxingCertification(models.Model):
    """One award of a star grade, the paper a technician holds (T0).

    Awards are history: once made they are neither edited nor deleted. The newest one decides,
    so a lower grade awarded later is a downgrade; ``valid_to`` is the last day on which this
    award really was the one in force, and so the grade of any day can be asked for.
    """

    _name = "jinxing.certification"
    _description = "Grade Certificate"
    _inherit = ["mail.thread", "mail.activity.mixin", "jinxing.decision.mixin"]
    _order = "date_award desc, id desc"
    _rec_names_search = ["number", "partner_id"]
    _check_company_auto = True

    number = fields.Char(readonly=True, copy=False)
    partner_id = fields.Many2one(
        "res.partner",
        "Technician",
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
        string="Star grade",
        compute="_compute_grade_level",
        inverse="_inverse_grade_level",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("awarded", "Awarded"), ("revoked", "Revoked")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    date_award = fields.Date(
        "Awarded on", default=fields.Date.context_today, copy=False, tracking=True
    )
    date_expiry = fields.Date(
        "Expires on",
        compute="_compute_date_expiry",
        store=True,
        help="The last day by the policy of the day of the award.",
    )
    valid_to = fields.Date(
        "Holds until",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The last day it really holds: a later award or a revocation ends it early.",
    )
    awarded_at = fields.Datetime("Awarded at", readonly=True, copy=False)
    validity = fields.Selection(
        [("waiting", "Not yet awarded"), ("valid", "Valid"), ("expired", "Expired"),
         ("replaced", "Replaced"), ("revoked", "Revoked")],
        compute="_compute_validity",
    )
    holds_on = fields.Date(
        "Held on the day",
        compute="_compute_holds_on",
        search="_search_holds_on",
        help="To search by: whose grade held on that day.",
    )
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
    score_written = fields.Float("Written score", digits=(5, 2), aggregator="avg", copy=False)
    score_practical = fields.Float("Practical score", digits=(5, 2), aggregator="avg", copy=False)
    examination_id = fields.Many2one(
        "jinxing.examination",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    reminded_on = fields.Date("Reminded on", readonly=True, copy=False)
    date_revoked = fields.Date("Revoked from", readonly=True, copy=False)
    revoke_reason = fields.Text("Reason of revocation", readonly=True, copy=False)
    note = fields.Text()
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    _grade_range = models.Constraint(
        "CHECK(grade BETWEEN 1 AND 5)", "A star grade is 1 to 5 (T1-T5)."
    )
    _scores_range = models.Constraint(
        "CHECK(COALESCE(score_written, 0) BETWEEN 0 AND 100"
        " AND COALESCE(score_practical, 0) BETWEEN 0 AND 100)",
        "Scores are per cent, 0 to 100.",
    )
    _award_complete = models.Constraint(
        "CHECK(state = 'draft' OR (number IS NOT NULL AND date_award IS NOT NULL"
        " AND date_expiry IS NOT NULL AND valid_to IS NOT NULL AND examiner_id IS NOT NULL))",
        "An award needs number, dates and examiner.",
    )
    _revocation_complete = models.Constraint(
        "CHECK(state != 'revoked' OR (date_revoked >= date_award AND revoke_reason IS NOT NULL))",
        "A revocation needs a day, not before the award, and a reason.",
    )
    _number_unique = models.UniqueIndex(
        "(company_id, number) WHERE number IS NOT NULL", "This certificate number exists already."
    )
    _once_per_examination = models.UniqueIndex(
        "(examination_id) WHERE examination_id IS NOT NULL",
        "This examination gave a certificate already.",
    )
    _reminder_index = models.Index("(valid_to) WHERE state = 'awarded' AND reminded_on IS NULL")
    _holding_index = models.Index("(partner_id, date_award, valid_to) WHERE state != 'draft'")

    # -- computes ------------------------------------------------------------------------------

    @api.depends("number", "partner_id", "grade")
    def _compute_display_name(self):
        for record in self:
            who = record.partner_id.name or ""
            record.display_name = f"{record.number or '/'} {who} {'★' * record.grade}".strip()

    @api.depends("grade")
    def _compute_grade_level(self):
        for record in self:
            record.grade_level = str(record.grade) if 1 <= record.grade <= 5 else False

    def _inverse_grade_level(self):
        for record in self:
            record.grade = int(record.grade_level or 0)

    @api.depends("date_award", "company_id")
    def _compute_date_expiry(self):
        policies = self.env["jinxing.policy.parameter"]
        for record in self:
            if not record.date_award:
                record.date_expiry = False
                continue
            months = policies._value(
                "certification_validity_months", record.date_award, record.company_id or None
            )
            record.date_expiry = grading.expiry(record.date_award, months)

    @api.depends("examiner_id", "date_award")
    def _compute_examiner_kind(self):
        for record in self:
            if record.examiner_id and record.date_award:
                record.examiner_kind = record.examiner_id._guess_judge_kind(record.date_award)
            else:
                record.examiner_kind = False

    @api.depends("state", "date_award", "date_expiry", "valid_to")
    def _compute_validity(self):
        today = fields.Date.context_today(self)
        for record in self:
            if record.state == "draft":
                record.validity = "waiting"
            elif record.date_award <= today <= record.valid_to:
                record.validity = "valid"
            elif record.state == "revoked":
                record.validity = "revoked"
            elif record.valid_to < record.date_expiry:
                record.validity = "replaced"
            else:
                record.validity = "expired"

    def _compute_holds_on(self):
        self.holds_on = False

    @api.model
    def _search_holds_on(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            Domain("state", "!=", "draft")
            & Domain("date_award", "<=", day)
            & Domain("valid_to", ">=", day)
            for day in value
            if day
        )

    # -- an award stays ------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        given = {(name, vals[name]) for vals in vals_list for name in _STATUS_FIELDS & set(vals)}
        given |= set(self.default_get(list(_STATUS_FIELDS)).items())
        if any(value and (name, value) != ("state", "draft") for name, value in given):
            raise UserError(
                self.env._("A certificate begins as a draft; the award makes it a certificate.")
            )
        return super().create(vals_list)

    def write(self, vals):
        status = _STATUS_FIELDS & set(vals)
        if status and not self.env.su:
            raise UserError(
                self.env._("Award or revoke a certificate with its buttons, not by editing it.")
            )
        if _AWARD_FIELDS & set(vals):
            awarded = self.filtered(lambda record: record.state != "draft")
            if awarded:
                raise UserError(
                    self.env._(
                        "What was awarded is not edited: %(names)s. Revoke the certificate with "
                        "a reason, or award a new one.",
                        names=", ".join(awarded.mapped("display_name")),
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_awarded(self):
        awarded = self.filtered(lambda record: record.state != "draft")
        if awarded:
            raise UserError(
                self.env._(
                    "An award is history and is not deleted: %(names)s.",
                    names=", ".join(awarded.mapped("display_name")),
                )
            )

    # -- award and revocation ------------------------------------------------------------------

    def action_award(self):
        """Award the grades (T0-T5): examiner accepted, both parts passed.

        The number is given, the decisions on examiner and examination are kept, earlier awards
        of the same person end.

        :raises UserError: not a draft, a day or an examiner missing, the examiner is not one
            (T0, T5), a mark is missed; the message says which and why
        """
        self.check_access("write")
        self._ensure_can_award()
        judged = self._judge_examiners()
        self._ensure_outcome_of(
            self, judged, grading.ACCEPTED, self.env._("The examiner is refused")
        )
        results = {record.id: record._decide_result() for record in self}
        self._ensure_outcome_of(
            self, results, grading.PASSED, self.env._("The examination is not passed")
        )
        self._record_decisions("examiner", judged)
        self._record_decisions("examination", results)
        now = fields.Datetime.now()
        # sudo: only the actions set the status; access was checked above
        for record in self.sudo().sorted(lambda r: (r.date_award, r.id)):
            sequence = self.env["ir.sequence"].sudo().with_company(record.company_id)
            record.write(
                {
                    "state": "awarded",
                    "number": sequence.next_by_code(
                        "jinxing.certification", sequence_date=record.date_award
                    ),
                    "awarded_at": now,
                    "valid_to": record.date_expiry,
                }
            )
        self._update_last_days()
        self.partner_id._become_technicians()

    def action_revoke(self, reason, on=None):
        """Revoke awards from the day ``on`` (today): the first day they no longer hold (T0).

        An award revoked from its own first day never held; the one before it goes on.

        :raises UserError: not awarded, no reason, or a day before the award
        """
        self.check_access("write")
        day = fields.Date.to_date(on) or fields.Date.context_today(self)
        if not (reason or "").strip():
            raise UserError(self.env._("Give the reason of the revocation."))
        wrong = self.filtered(lambda r: r.state != "awarded" or r.date_award > day)
        if wrong:
            raise UserError(
                self.env._(
                    "Only an award can be revoked, and not before its day: %(names)s.",
                    names=", ".join(wrong.mapped("display_name")),
                )
            )
        # sudo: only the actions set the status; access was checked above
        self.sudo().write(
            {"state": "revoked", "date_revoked": day, "revoke_reason": reason.strip()}
        )
        self._update_last_days()

    def action_open_revoke(self):
        """Ask for the reason of the revocation."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_technician.jinxing_certification_revoke_action"
        )
        return {**action, "context": {"default_certification_ids": self.ids}}

    def _ensure_can_award(self):
        today = fields.Date.context_today(self)
        for record in self:
            if record.state != "draft":
                problem = self.env._("it is not a draft")
            elif not record.date_award or record.date_award > today:
                problem = self.env._("the day of the award must be set, and not lie in the future")
            elif not record.examiner_id or not record.examiner_kind:
                problem = self.env._(
                    "name an examiner: a five-star technician, a manager or an external examiner"
                )
            else:
                continue
            raise UserError(
                self.env._(
                    "%(name)s cannot be awarded: %(problem)s.",
                    name=record.display_name,
                    problem=problem,
                )
            )

    @api.model
    def _ensure_outcome_of(self, records, decisions, outcome, headline):
        """Raise an error that tells the steps of those decisions that came out otherwise."""
        texts = self.env["jinxing.decision"]
        lines = [
            f"{record.display_name}: {' '.join(texts._sentences(decisions[record.id]))}"
            for record in records
            if decisions[record.id].outcome != outcome
        ]
        if lines:
            raise UserError("\n".join([f"{headline}:", *lines]))

    def _judge_examiners(self):
        """Return ``{id: Decision}``: may each examiner examine this person that day (T0, T5)?"""
        return {
            record.id: record.examiner_id._judge_decisions(
                record.examiner_kind, record.date_award, candidates=record.partner_id
            )
            for record in self
        }

    def _decide_result(self):
        """Return the decision whether the marks of the day of the award are reached (T0)."""
        self.ensure_one()
        return grading.decide_examination(
            grading.ExaminationFacts(
                grade=self.grade,
                written=self.score_written,
                practical=self._practical_scores(),
                **self._pass_marks(),
            )
        )

    def _practical_scores(self):
        """Return the scores of the practical part; one for the whole where there is no sheet."""
        if self.examination_id:
            return self.examination_id._practical_scores()
        return {"practical": self.score_practical}

    def _pass_marks(self):
        """Return the pass marks, in per cent, in force on the day of the award (T0)."""
        policies = self.env["jinxing.policy.parameter"]
        return {
            name: policies._value(f"exam_{name}", self.date_award, self.company_id)
            for name in ("pass_written", "pass_practical", "pass_each")
        }

    def _update_last_days(self):
        """Set ``valid_to`` of all awards of these persons anew (T0: the newest decides)."""
        # sudo: the last day of an award follows from the others, whoever may see them
        awards = self.sudo().search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "!=", "draft"),
            ]
        )
        # sudo: as above
        persons = defaultdict(self.sudo().browse)
        for award in awards:
            persons[award.partner_id, award.company_id] |= award
        for own in persons.values():
            ordered = own.sorted(lambda award: (award.awarded_at, award.id))
            ends = grading.last_days(
                [
                    grading.Award(
                        key,
                        award.grade,
                        award.date_award,
                        award.date_expiry,
                        award.date_revoked or None,
                    )
                    for key, award in enumerate(ordered)
                ]
            )
            for key, award in enumerate(ordered):
                if award.valid_to != ends[key]:
                    award.valid_to = ends[key]
