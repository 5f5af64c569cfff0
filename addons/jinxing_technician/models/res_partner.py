from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..rules import grading

READERS = "jinxing_base.group_clerk,jinxing_base.group_technician"


class ResPartner(models.Model):
    """A technician is a contact: an own employee's work contact, or a station's man."""

    _inherit = "res.partner"

    is_technician = fields.Boolean("Technician", index=True)
    is_external_examiner = fields.Boolean(
        "External examiner",
        groups="jinxing_base.group_supervisor",
        help="May examine technicians and train them without a star grade of ours (T1-T5).",
    )
    certification_ids = fields.One2many(
        "jinxing.certification", "partner_id", "Grade certificates", groups=READERS
    )
    examination_ids = fields.One2many(
        "jinxing.examination", "partner_id", "Examinations", groups=READERS
    )
    training_line_ids = fields.One2many(
        "jinxing.training.line", "partner_id", "Trainings", groups=READERS
    )
    post_certificate_ids = fields.One2many(
        "jinxing.post.certificate", "partner_id", "Certificates of the post", groups=READERS
    )
    technician_grade = fields.Integer(
        "Star grade",
        compute="_compute_technician_grade",
        search="_search_technician_grade",
        compute_sudo=True,
        help="Valid today; 0 for none.",
    )
    technician_grade_level = fields.Selection(
        [("0", "No grade"), ("1", "One star"), ("2", "Two star"), ("3", "Three star"),
         ("4", "Four star"), ("5", "Five star")],
        string="Grade today",
        compute="_compute_technician_grade",
        compute_sudo=True,
    )
    technician_valid_to = fields.Date(
        "Grade valid until", compute="_compute_technician_grade", compute_sudo=True
    )
    technician_trained = fields.Boolean(
        "Qualified for the post",
        compute="_compute_technician_grade",
        compute_sudo=True,
        help="A passed training or a certificate of the post holds today (S7).",
    )

    @api.depends(
        "certification_ids.state",
        "certification_ids.grade",
        "certification_ids.date_award",
        "certification_ids.valid_to",
    )
    @api.depends_context("company")
    def _compute_technician_grade(self):
        standings = self._technician_standings() if self.ids else {}
        for partner in self:
            standing = standings.get(partner._origin.id) or grading.Standing()
            partner.technician_grade = standing.grade
            partner.technician_grade_level = str(standing.grade)
            partner.technician_valid_to = standing.until
            partner.technician_trained = standing.trained or standing.certified

    @api.model
    def _search_technician_grade(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        valid = Domain(
            [
                ("state", "!=", "draft"),
                ("date_award", "<=", today),
                ("valid_to", ">=", today),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        # sudo: the grade is no secret, who may read the certificate is another matter
        awards = self.env["jinxing.certification"].sudo()
        wanted = awards._search(valid & Domain("grade", "in", [v for v in value if v]))
        domain = Domain("id", "in", wanted.subselect("partner_id"))
        if any(not item for item in value):
            domain |= Domain("id", "not in", awards._search(valid).subselect("partner_id"))
        return domain

    def _become_technicians(self):
        """Mark those as technicians who are not, after an award or a certificate."""
        # sudo: who may award need not be allowed to edit contacts
        self.filtered(lambda p: not p.is_technician).sudo().is_technician = True

    # -- what others ask (one query each) ------------------------------------------------------

    def _technician_grades(self, on=None):
        """Return ``{partner id: star grade}`` valid on the day ``on`` (today) (T1-T5).

        Who has no valid grade is not in it. An empty recordset asks for everybody. One query;
        access rules do not narrow the answer, it says nothing but the grade.
        """
        day = on or fields.Date.context_today(self)
        self.env["jinxing.certification"].flush_model(
            ["partner_id", "grade", "state", "date_award", "valid_to", "company_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, grade
                  FROM jinxing_certification
                 WHERE state != 'draft' AND date_award <= %(day)s AND valid_to >= %(day)s
                   AND company_id = ANY(%(companies)s) %(who)s
                 ORDER BY grade
                """,
                day=day,
                companies=self.env.companies.ids,
                who=SQL("AND partner_id = ANY(%s)", self.ids) if self else SQL(),
            )
        )
        return dict(rows)

    def _technician_trained(self, on=None):
        """Return the ids of those whom training or a certificate of the post qualifies (S7).

        That is on the day ``on`` (today). A star grade is asked for by itself. An empty
        recordset asks for everybody. One query.
        """
        return {
            partner_id
            for partner_id, standing in self._technician_standings(on).items()
            if standing.trained or standing.certified
        }

    def _technician_standings(self, on=None):
        """Return ``{partner id: rules.grading.Standing}`` for the day ``on`` (today).

        Who has nothing valid is not in it. An empty recordset asks for everybody. One query.
        """
        day = on or fields.Date.context_today(self)
        self.env["jinxing.certification"].flush_model()
        self.env["jinxing.training.line"].flush_model()
        self.env["jinxing.post.certificate"].flush_model()
        who = SQL("AND partner_id = ANY(%s)", self.ids) if self else SQL()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, 'grade', grade, valid_to
                  FROM jinxing_certification
                 WHERE state != 'draft' AND date_award <= %(day)s AND valid_to >= %(day)s
                   AND company_id = ANY(%(companies)s) %(who)s
                 UNION ALL
                SELECT partner_id, 'trained', NULL, NULL
                  FROM jinxing_training_line
                 WHERE qualified_from <= %(day)s
                   AND (qualified_to IS NULL OR qualified_to >= %(day)s)
                   AND company_id = ANY(%(companies)s) %(who)s
                 UNION ALL
                SELECT partner_id, 'certified', NULL, NULL
                  FROM jinxing_post_certificate
                 WHERE active AND date_issue <= %(day)s
                   AND (date_expiry IS NULL OR date_expiry >= %(day)s)
                   AND company_id = ANY(%(companies)s) %(who)s
                 ORDER BY 3 NULLS FIRST
                """,
                day=day,
                companies=self.env.companies.ids,
                who=who,
            )
        )
        found = defaultdict(dict)
        for partner_id, what, grade, until in rows:
            if what == "grade":
                found[partner_id].update(grade=grade, until=until)
            else:
                found[partner_id][what] = True
        return {key: grading.Standing(**values) for key, values in found.items()}

    def _technician_decisions(self, category, on=None, standings=None):
        """Return ``{partner id: Decision}``: may each be sent to these faults (T1-T5, S7)?

        :param category: ``jinxing.fault.category`` records, all of them on one order; empty
            means that no grade is demanded
        :param on: the day of the work (today)
        :param standings: of that day, if they are known (see ``_technician_standings``)

        An empty recordset asks for all technicians. One query besides that.
        """
        day = on or fields.Date.context_today(self)
        # sudo: who may propose a technician need not see his contact
        partners = self or self.sudo().search([("is_technician", "=", True)])
        required = category._required_grade()
        codes = ", ".join(category.mapped("code"))
        if standings is None:
            standings = partners._technician_standings(day)
        nothing = grading.Standing()
        decisions = {}
        for partner_id in partners.ids:
            standing = standings.get(partner_id, nothing)
            decisions[partner_id] = grading.may_dispatch(
                required,
                standing.grade,
                standing.trained,
                standing.certified,
                on=day,
                until=standing.until,
                category=codes,
            )
        return decisions

    def _technician_qualified(self, on=None):
        """Return those of the contacts who may work at all on the day ``on`` (S7)."""
        standings = self._technician_standings(on) if self else {}
        return self.filtered(
            lambda p: standings.get(p.id) and standings[p.id].may_work
        )

    def _judge_decisions(self, kind, on, candidates=None, training=False):
        """Return the decision whether this person may examine or train on ``on`` (T0, T5).

        :param kind: five_star, manager or external
        :param candidates: those he would examine or train; himself among them is refused
        """
        self.ensure_one()
        # sudo: whose user is a manager, and who is an external examiner, is asked on behalf
        # of the rule
        person = self.sudo()
        users = person.user_ids.filtered("active")
        return grading.may_judge(
            kind,
            grade=self._technician_grades(on).get(self.id, 0),
            is_manager=any(user.has_group("jinxing_base.group_manager") for user in users),
            is_external=person.is_external_examiner,
            is_candidate=bool(candidates and self in candidates),
            training=training,
            on=on,
        )

    def _guess_judge_kind(self, on, training=False):
        """Return the capacity in which this person could examine or train, or False."""
        self.ensure_one()
        kinds = grading.TRAINER_KINDS if training else grading.EXAMINER_KINDS
        for kind in kinds:
            decision = self._judge_decisions(kind, on, training=training)
            if decision.outcome == grading.ACCEPTED:
                return kind
        return False

    # -- buttons -------------------------------------------------------------------------------

    def action_open_certifications(self):
        """Open the certificates of this technician (T0)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_technician.jinxing_certification_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }
