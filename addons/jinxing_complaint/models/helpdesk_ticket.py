from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..rules import complaint
from .jinxing_complaint_log import complaint_steps

CLERKS = "jinxing_base.group_clerk"
#: What only the steps of a complaint set; holds for everybody, the system's own calls included.
SYSTEM = frozenset(
    {
        "complaint_step", "step_since", "stage_id", "closed_date", "last_stage_update",
        "complaint_log_ids", "notice_ids", "escalation", "escalated_to", "escalated_at",
        "consent_method", "consent_at", "consent_by", "consent_signature", "consent_note",
        "consent_user_id", "consent_amount", "archive_file", "archive_name", "archive_digest",
        "decision_ids",
    }
)
#: Those of them that other contacts have as well.
SHARED = frozenset({"stage_id", "closed_date", "last_stage_update"})
#: field -> the step in which it is written; when that has passed, it stays.
WRITTEN_IN = {
    "description": complaint.RECORD,
    "fault_description": complaint.RECORD,
    "category_id": complaint.RECORD,
    "called_at": complaint.RECORD,
    "company_id": complaint.RECORD,
    "partner_id": complaint.JUDGE,
    "lot_id": complaint.JUDGE,
    "nature_id": complaint.JUDGE,
    "judgement": complaint.JUDGE,
    "explanation": complaint.JUDGE,
    "duplicate_id": complaint.JUDGE,
    "company_duties": complaint.PROMISE,
    "customer_duties": complaint.PROMISE,
    "promise_ids": complaint.PROMISE,
    "department_ids": complaint.INVESTIGATE,
    "findings": complaint.INVESTIGATE,
    "cause_id": complaint.INVESTIGATE,
    "component_id": complaint.INVESTIGATE,
    "evidence_ids": complaint.INVESTIGATE,
    "evidence_note": complaint.INVESTIGATE,
    "proposal": complaint.PROPOSE,
    "remedy_id": complaint.PROPOSE,
    "proposal_amount": complaint.PROPOSE,
    "penalty_ids": complaint.LIABILITY,
    "countermeasure_ids": complaint.COUNTERMEASURE,
    "summary": complaint.ARCHIVE,
    "satisfaction": complaint.ARCHIVE,
    "satisfaction_note": complaint.ARCHIVE,
}
#: What a superior is deciding on while he is asked.
PROPOSAL = frozenset({"proposal", "remedy_id", "proposal_amount"})


class HelpdeskTicket(models.Model):
    """A complaint is a contact that goes through the nine steps of the handbook (C17-C19).

    ``complaint_step`` is the step, moved by the actions alone; the stage follows it.
    """

    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "jinxing.decision.mixin"]

    complaint_step = fields.Selection(
        complaint_steps(),
        "Step",
        compute="_compute_complaint_step",
        store=True,
        precompute=True,
        copy=False,
        index="btree_not_null",
        group_expand="_group_expand_complaint_step",
    )
    step_since = fields.Datetime("In this step since", readonly=True, copy=False)
    complaint_log_ids = fields.One2many(
        "jinxing.complaint.log", "ticket_id", "Steps taken", readonly=True, groups=CLERKS
    )
    notice_ids = fields.One2many(
        "jinxing.complaint.notice", "ticket_id", "Notices", readonly=True, groups=CLERKS
    )
    next_complaint_actions = fields.Char(compute="_compute_next_complaint_actions")

    # 1 record
    public_source = fields.Selection(
        [("media", "News media"), ("authority", "Authority or association")],
        "Raised in public",
        copy=False,
        tracking=True,
        help="A complaint in the media or before an authority (C17): urgent, the manager's.",
    )
    public_where = fields.Char("Where", copy=False)
    order_id = fields.Many2one(
        "repair.order",
        "About the dispatch order",
        index="btree_not_null",
        copy=False,
        check_company=True,
    )
    technician_id = fields.Many2one(
        "res.partner",
        "About the person",
        index="btree_not_null",
        copy=False,
        groups=CLERKS,
        help="Whom the complaint or the praise is about.",
    )

    # 2 judge
    nature_id = fields.Many2one(
        "helpdesk.ticket.category", copy=False, index="btree_not_null", groups=CLERKS
    )
    judgement = fields.Text("Why it stands or does not", copy=False, groups=CLERKS)
    explanation = fields.Html(
        "Explanation for the customer",
        copy=False,
        help="Sent to him when the complaint is not established (C19.2).",
    )

    # 3 promise
    company_duties = fields.Text("What we are answerable for", copy=False)
    customer_duties = fields.Text("What the customer is to do", copy=False)
    promise_ids = fields.One2many("jinxing.complaint.promise", "ticket_id", "Timetable")
    promise_breach = fields.Boolean(
        "Promise broken", compute="_compute_promise_breach", search="_search_promise_breach"
    )

    # 4 investigate
    department_ids = fields.Many2many(
        "hr.department",
        "jinxing_complaint_department_rel",
        "ticket_id",
        "department_id",
        "Departments asked",
        copy=False,
        groups=CLERKS,
    )
    findings = fields.Text("What was found", copy=False, groups=CLERKS)
    cause_id = fields.Many2one(
        "jinxing.complaint.cause", copy=False, index="btree_not_null", groups=CLERKS
    )
    component_id = fields.Many2one(
        "jinxing.component", copy=False, index="btree_not_null", groups=CLERKS
    )
    evidence_ids = fields.One2many(
        "jinxing.complaint.evidence", "ticket_id", groups=CLERKS
    )
    evidence_note = fields.Text("What was checked", copy=False, groups=CLERKS)

    # 5 propose
    proposal = fields.Text("Proposed solution", copy=False)
    remedy_id = fields.Many2one("jinxing.complaint.remedy", "Settled by", copy=False)
    proposal_amount = fields.Monetary("Amount", copy=False, help="What the solution costs us.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    escalation = fields.Selection(
        [("asked", "Superior asked"), ("approved", "Approved"), ("sent_back", "Sent back")],
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    escalated_to = fields.Selection(
        [("supervisor", "Supervisor"), ("manager", "Manager")],
        "Decided by",
        readonly=True,
        copy=False,
        groups=CLERKS,
    )
    escalated_at = fields.Datetime("Asked on", readonly=True, copy=False, groups=CLERKS)

    # 6 consent
    consent_method = fields.Selection(
        [("signature", "Signature"), ("call", "Call record"), ("portal", "Portal")],
        "Consent by",
        readonly=True,
        copy=False,
    )
    consent_at = fields.Datetime("Consented on", readonly=True, copy=False)
    consent_by = fields.Char("Consented", readonly=True, copy=False)
    consent_signature = fields.Binary(readonly=True, copy=False, attachment=True, groups=CLERKS)
    consent_note = fields.Text("Call record", readonly=True, copy=False, groups=CLERKS)
    consent_user_id = fields.Many2one(
        "res.users", "Taken by", readonly=True, copy=False, groups=CLERKS
    )
    consent_amount = fields.Monetary("Amount consented to", readonly=True, copy=False)

    # 7 liability, 8 countermeasure
    penalty_ids = fields.One2many(
        "jinxing.penalty", "ticket_id", "Liable, penalties proposed", groups=CLERKS
    )
    countermeasure_ids = fields.One2many(
        "mgmtsystem.action", "ticket_id", "Countermeasures", groups=CLERKS
    )

    # 9 archive
    summary = fields.Text("Summary and lessons", copy=False, groups=CLERKS)
    satisfaction = fields.Selection(
        [
            ("1", "Very dissatisfied"), ("2", "Dissatisfied"), ("3", "Neutral"),
            ("4", "Satisfied"), ("5", "Very satisfied"),
        ],
        copy=False,
        tracking=True,
    )
    satisfaction_note = fields.Text("What the customer said", copy=False, groups=CLERKS)
    archive_file = fields.Binary(
        readonly=True, copy=False, attachment=True, groups=CLERKS
    )
    archive_name = fields.Char("Archive file", readonly=True, copy=False, groups=CLERKS)
    archive_digest = fields.Char(
        "Fingerprint", readonly=True, copy=False, groups=CLERKS, help="SHA-256 of the file."
    )

    _complaint_has_step = models.Constraint(
        "CHECK((kind = 'complaint') = (complaint_step IS NOT NULL))",
        "A complaint has a step, and nothing else has.",
    )
    _amount_sane = models.Constraint(
        "CHECK(proposal_amount IS NULL OR proposal_amount >= 0)",
        "A solution costs nothing or something, never less.",
    )
    _consent_complete = models.Constraint(
        "CHECK((consent_method IS NULL) = (consent_at IS NULL)"
        " AND (consent_at IS NULL) = (consent_by IS NULL))",
        "A consent has a way, a day and a name.",
    )
    _complaint_index = models.Index(
        "(complaint_step, step_since) WHERE complaint_step IS NOT NULL AND closed_date IS NULL"
    )

    # -- computes ------------------------------------------------------------------------------

    @api.depends("kind")
    def _compute_complaint_step(self):
        for ticket in self:
            if ticket.kind != "complaint":
                ticket.complaint_step = False
            elif not ticket.complaint_step:
                ticket.complaint_step = complaint.RECORD

    @api.depends("complaint_step")
    def _compute_stage_id(self):
        complaints = self.filtered("complaint_step")
        others = self - complaints
        super(HelpdeskTicket, others)._compute_stage_id()
        if complaints:
            stages = self.env["helpdesk.ticket.stage"]._step_ids()
            for ticket in complaints:
                ticket.stage_id = stages[ticket.complaint_step]

    @api.model
    def _group_expand_complaint_step(self, steps, domain):
        return list(complaint.NINE)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show the steps of complaints among complaints only."""
        shown = super()._read_group_stage_ids(stages, domain)
        steps = set(self.env["helpdesk.ticket.stage"]._step_ids().values())
        return shown.filtered(lambda stage: stage in stages or stage.id not in steps)

    @api.depends("complaint_step", "escalation")
    def _compute_next_complaint_actions(self):
        for ticket in self:
            step = ticket.complaint_step
            names = complaint.next_actions(step) if step else ()
            asked = ticket.escalation == "asked"
            if step == complaint.PROPOSE:
                wanted = {"approve", "send_back"} if asked else {"propose"}
                names = [name for name in names if name in wanted]
            ticket.next_complaint_actions = f",{','.join(names)},"

    def _compute_promise_breach(self):
        groups = self.env["jinxing.complaint.promise"]._read_group(
            [("ticket_id", "in", self.ids), ("breach", "=", True)], ["ticket_id"]
        )
        broken = {ticket.id for (ticket,) in groups}
        for ticket in self:
            ticket.promise_breach = ticket._origin.id in broken

    @api.model
    def _search_promise_breach(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("promise_ids.breach", "=", True)
        return domain if True in value else ~domain

    @api.constrains("nature_id", "technician_id")
    def _check_person(self):
        for ticket in self:
            # sudo: the constraint holds for whoever registers
            if ticket.sudo().nature_id.against_person and not ticket.sudo().technician_id:
                raise ValidationError(
                    self.env._(
                        "%(number)s: a complaint of this nature names the person it is about.",
                        number=ticket.number,
                    )
                )

    # -- create, write, delete -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        default = self.env.context.get("default_kind")
        first = self.env["helpdesk.ticket.stage"]._step_ids()[complaint.RECORD]
        for vals in vals_list:
            given = {name for name in SYSTEM & set(vals) if vals[name]}
            is_complaint = vals.get("kind", default) == "complaint"
            wrong = given - SHARED | (given & {"stage_id"} if is_complaint else set())
            if wrong and not self.env.su:
                raise UserError(self._own_steps_message(self.browse()))
            if is_complaint:
                for name in SYSTEM & set(vals):
                    del vals[name]
                vals.update(step_since=now, stage_id=first)
        tickets = super().create(vals_list)
        complaints = tickets.filtered("complaint_step")
        if complaints:
            complaints._log_complaint("open", {})
        return tickets

    def write(self, vals):
        self._guard_complaints(vals)
        opened = self.browse()
        if vals.get("kind") == "complaint":
            opened = self.filtered(lambda ticket: not ticket.complaint_step)
        result = super().write(vals)
        if opened:
            opened._store_step({"step_since": fields.Datetime.now()})
            opened._log_complaint("open", {})
        return result

    def _store_step(self, vals):
        """Write without the guards of :meth:`write`; for the steps only."""
        return super().write(vals)

    def _guard_complaints(self, vals):
        """Refuse every way round the nine steps, whoever takes it (C19).

        :raises UserError: names the complaints and what may not be changed
        """
        touched = SYSTEM & set(vals)
        if vals.get("kind") == "complaint" and touched or touched - SHARED:
            raise UserError(self._own_steps_message(self))
        complaints = self.filtered("complaint_step")
        leaves = "kind" in vals and vals["kind"] != "complaint"
        hidden = "active" in vals and not vals["active"]
        if complaints and (touched or leaves or hidden):
            raise UserError(self._own_steps_message(complaints))
        steps = self.env["helpdesk.ticket.stage"]._step_ids().values()
        if not complaints and vals.get("stage_id") in steps:
            raise UserError(self.env._("Only complaints move through these stages (C19)."))
        for ticket in complaints:
            ticket._guard_written(vals)

    def _guard_written(self, vals):
        """Refuse to change what a step that has passed has written."""
        self.ensure_one()
        names = [
            name
            for name in vals
            if name in WRITTEN_IN
            and complaint.has_passed(self.complaint_step, WRITTEN_IN[name])
        ]
        if PROPOSAL & set(vals) and self.escalation == "asked":
            names += sorted(PROPOSAL & set(vals))
        if names:
            raise UserError(
                self.env._(
                    "%(number)s: %(fields)s is fixed by the steps taken, and stays (C19).",
                    number=self.number,
                    fields=", ".join(
                        self._fields[name]._description_string(self.env) for name in names
                    ),
                )
            )

    def _own_steps_message(self, tickets):
        if not tickets:
            return self.env._("A complaint begins with its first step (C19.1).")
        return self.env._(
            "%(names)s: a complaint moves through its nine steps by its buttons (C19).",
            names=", ".join(tickets.mapped("number")),
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_complaints(self):
        kept = self.filtered("complaint_step")
        if kept:
            raise UserError(
                self.env._(
                    "%(names)s: a complaint is archived, never deleted (C18).",
                    names=", ".join(kept.mapped("number")),
                )
            )

    def _log_complaint(self, action, before, reason=None):
        """Note who took which step and when, and how long the complaint stood in it."""
        now = fields.Datetime.now()
        # sudo: the steps taken are the system's record
        self.env["jinxing.complaint.log"].sudo().create(
            [
                {
                    "ticket_id": ticket.id,
                    "action": action,
                    "step_from": before.get(ticket.id, (False, now))[0],
                    "step_to": ticket.complaint_step,
                    "hours": (now - (before.get(ticket.id, (False, now))[1] or now))
                    .total_seconds() / 3600,
                    "user_id": self.env.uid,
                    "date": now,
                    "reason": reason,
                }
                for ticket in self
            ]
        )

    # -- who ------------------------------------------------------------------------------------

    @api.model
    def _complaint_role(self):
        """Return the highest role the user acts in, empty if none of them."""
        if self.env.su:
            return complaint.MANAGER
        user = self.env.user
        return next(
            (
                role
                for role in reversed(complaint.ROLES)
                if user.has_group(f"jinxing_base.group_{role}")
            ),
            "",
        )

    @api.model
    def _supervisors(self, role="supervisor"):
        """Return the users of the company who are at least ``role``."""
        # sudo: who is a supervisor is not readable to everybody
        users = self.env["res.users"].sudo().search(
            [
                ("all_group_ids", "in", self.env.ref(f"jinxing_base.group_{role}").ids),
                ("company_ids", "in", self.company_id.ids or self.env.company.ids),
                ("share", "=", False),
                ("id", "!=", self.env.ref("base.user_root").id),
            ]
        )
        return users.with_env(self.env)
