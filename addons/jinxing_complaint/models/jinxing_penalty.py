from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.jinxing_base.models.locking import take

from ..rules import complaint

#: What only the buttons set.
_SYSTEM = frozenset(
    {
        "name", "state", "decided_by_id", "decided_at", "decision_reason", "notified_at",
        "liability_id",
    }
)
#: cause of a complaint -> cause of a liability; any other is "other"
_CAUSES = {"repair": "repairer", "supplier": "part", "use": "misuse"}


class JinxingPenalty(models.Model):
    """Who answers for a case, and the penalty proposed for him (C19.7, R15, R16).

    Proposed by the complaint office, decided by the manager; it stays linked to the person and
    to HR.
    """

    _name = "jinxing.penalty"
    _description = "Penalty"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char("Number", readonly=True, copy=False, required=True, default="/")
    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Complaint", index="btree_not_null", ondelete="restrict"
    )
    order_id = fields.Many2one("repair.order", "Dispatch order", index="btree_not_null")
    case = fields.Char("Other case", help="The number of a return, for R15 and R16.")
    clause_id = fields.Many2one("jinxing.clause", "Clause broken", index="btree_not_null")
    employee_id = fields.Many2one("hr.employee", index="btree_not_null", tracking=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Person or company outside",
        index="btree_not_null",
        help="A station's technician, a dealer, a supplier.",
    )
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    what = fields.Text("What he answers for", required=True)
    measure = fields.Selection(
        [
            ("none", "No penalty"),
            ("talk", "Talk and instruction"),
            ("warning", "Written warning"),
            ("deduction", "Deduction from the performance pay"),
            ("training", "Training, no dispatch until passed"),
            ("recovery", "Recovery of the damage"),
            ("suspension", "Suspension"),
        ],
        "Penalty proposed",
        tracking=True,
    )
    reason = fields.Text("Why this penalty", help="Demanded when none is proposed.")
    amount = fields.Monetary(tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    state = fields.Selection(
        [("proposed", "Proposed"), ("approved", "Approved"), ("rejected", "Rejected")],
        default="proposed",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    decided_at = fields.Datetime("Decided on", readonly=True, copy=False)
    decision_reason = fields.Char("Why so decided", readonly=True, copy=False)
    notified_at = fields.Datetime("Notified", readonly=True, copy=False)
    liability_id = fields.Many2one(
        "jinxing.liability",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What a provider owes is deducted in his settlement, an employee's is shown to HR.",
    )

    _amount_sane = models.Constraint(
        "CHECK(amount IS NULL OR amount >= 0)", "A penalty is not negative."
    )
    _one_person = models.Constraint(
        "CHECK(num_nonnulls(employee_id, partner_id) = 1)",
        "A penalty names one person: an employee, or somebody outside.",
    )
    _decided_complete = models.Constraint(
        "CHECK((state = 'proposed') = (decided_at IS NULL))", "Who has decided it, and when?"
    )

    @api.depends("employee_id")
    def _compute_department_id(self):
        for penalty in self:
            # sudo: the department of an employee is no secret
            department = penalty.employee_id.sudo().department_id
            penalty.department_id = department or penalty.department_id

    @api.constrains("measure", "reason", "amount")
    def _check_measure(self):
        for penalty in self:
            if penalty.measure == "none" and not (penalty.reason or "").strip():
                raise ValidationError(self.env._("Why is there no penalty?"))
            if penalty.measure in ("deduction", "recovery") and not penalty.amount:
                raise ValidationError(self.env._("Which amount?"))
            if penalty.measure not in ("deduction", "recovery") and penalty.amount:
                raise ValidationError(self.env._("This penalty costs no money."))

    @api.constrains("ticket_id", "order_id", "case", "company_id")
    def _check_case(self):
        for penalty in self:
            if not (penalty.ticket_id or penalty.order_id or (penalty.case or "").strip()):
                raise ValidationError(self.env._("Which case is it about?"))
            if penalty.ticket_id and penalty.ticket_id.company_id != penalty.company_id:
                raise ValidationError(self.env._("The complaint is another company's."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and any(vals.get(n) for n in _SYSTEM - {"name", "state"}):
                raise UserError(self._buttons_message())
            if not self.env.su and vals.get("state", "proposed") != "proposed":
                raise UserError(self._buttons_message())
            if vals.get("ticket_id") and not vals.get("company_id"):
                ticket = self.env["helpdesk.ticket"].browse(vals["ticket_id"])
                vals["company_id"] = ticket.company_id.id
            vals["name"] = self.env["ir.sequence"].next_by_code("jinxing.penalty")
        penalties = super().create(vals_list)
        penalties._ensure_open()
        return penalties

    def write(self, vals):
        if not self.env.su and _SYSTEM & set(vals):
            raise UserError(self._buttons_message())
        if set(vals) & set(self._facts()):
            self._ensure_open()
        return super().write(vals)

    @api.model
    def _facts(self):
        """Return the fields that are fixed once the liable have been told."""
        return (
            "ticket_id", "order_id", "case", "clause_id", "employee_id", "partner_id",
            "department_id", "what", "measure", "reason", "amount", "company_id", "date",
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        self._ensure_open()

    def _ensure_open(self):
        """Refuse changes to what was decided, or what the liable have been told (C19.7)."""
        fixed = self.filtered(
            lambda p: p.state != "proposed"
            or p.ticket_id.complaint_step
            and complaint.has_passed(p.ticket_id.complaint_step, complaint.LIABILITY)
        )
        if fixed:
            raise UserError(
                self.env._(
                    "%(names)s: the liable were told this, it is not changed (C19.7).",
                    names=", ".join(fixed.mapped("name")),
                )
            )

    def _buttons_message(self):
        return self.env._("A penalty is decided by the manager's buttons.")

    def _names_liable(self):
        """Tell whether a person and his department, or the company outside, is named (C19.7)."""
        self.ensure_one()
        return bool(self.partner_id or (self.employee_id and self.department_id))

    def _has_proposal(self):
        self.ensure_one()
        return bool(self.measure)

    def _liable_partner(self):
        """Return the contact of who answers."""
        self.ensure_one()
        # sudo: HR's record of the employee, only his contact is taken
        employee = self.employee_id.sudo()
        return self.partner_id or employee.user_id.partner_id or employee.work_contact_id

    def _notify_liable(self):
        """Tell who answers, and the head of his department, and keep the evidence (C19.7).

        :raises UserError: somebody has neither an account nor an address
        """
        for penalty in self.filtered(lambda p: not p.notified_at and p.state != "rejected"):
            ticket, partner = penalty.ticket_id, penalty._liable_partner()
            # sudo: as in _liable_partner
            head = penalty.department_id.sudo().manager_id.user_id.partner_id
            if not partner.email:
                raise UserError(
                    self.env._(
                        "%(person)s has no e-mail address to be notified at (C19.7).",
                        person=partner.name or penalty.employee_id.name,
                    )
                )
            measures = dict(self._fields["measure"]._description_selection(self.env))
            message = ticket.message_notify(
                partner_ids=(partner | head).ids,
                subject=self.env._("%(number)s: liability (C19.7)", number=ticket.number),
                body=self.env._(
                    "You answer for: %(what)s. Proposed: %(measure)s. The manager decides; "
                    "whoever sees it otherwise tells him now.",
                    what=penalty.what,
                    measure=measures[penalty.measure],
                ),
            )
            ticket._note_notice(
                "penalty", "mail", partner, partner.email, penalty.what, message
            )
            # sudo: the fact that he was told is nobody's to edit
            penalty.sudo().notified_at = fields.Datetime.now()

    def _make_liabilities(self):
        """Keep who answers as a liability, to be decided with the penalty (C19.7, G1.4)."""
        penalties = self.filtered(lambda p: not p.liability_id and p.state != "rejected")
        # sudo: liabilities follow from the step, whoever takes it
        liabilities = self.env["jinxing.liability"].sudo().create(
            [
                {
                    "origin": "complaint",
                    "ticket_id": penalty.ticket_id.id,
                    "order_id": penalty.order_id.id,
                    "employee_id": penalty.employee_id.id,
                    "partner_id": penalty.partner_id.id,
                    "department_id": penalty.department_id.id,
                    "cause": penalty._liability_cause(),
                    "evidence": penalty.ticket_id.findings or penalty.what,
                    "company_id": penalty.company_id.id,
                }
                for penalty in penalties
            ]
        )
        for penalty, liability in zip(penalties, liabilities, strict=True):
            # sudo: as above
            penalty.sudo().liability_id = liability

    def _liability_cause(self):
        """Return the cause of the liability; a provider answers as repairer (G1.4)."""
        self.ensure_one()
        outside = self.partner_id
        company = outside.commercial_partner_id
        if outside.is_technician or company.is_service_station or company.is_dealer:
            return "repairer"
        return _CAUSES.get(self.ticket_id.cause_id.code, "other")

    # -- deciding ------------------------------------------------------------------------------

    def _decide(self, state, reason):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_manager")):
            raise AccessError(self.env._("Only the manager decides on penalties."))
        take(self)
        decided = self.filtered(lambda p: p.state != "proposed")
        if decided:
            raise UserError(
                self.env._("Decided already: %(names)s", names=", ".join(decided.mapped("name")))
            )
        # sudo: the state is nobody's to edit
        self.sudo().write(
            {
                "state": state,
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
                "decision_reason": reason,
            }
        )
        return True

    def action_approve(self):
        """Approve the penalty as proposed; it counts in the appraisal (R15, R16)."""
        if self.filtered(lambda p: not p.measure):
            raise UserError(self.env._("Nothing was proposed yet."))
        self._decide("approved", False)
        for penalty in self.filtered("liability_id"):
            # sudo: the liability is decided together with the penalty
            liability = penalty.liability_id.sudo()
            if liability.state == "draft":
                liability.amount = penalty.amount if penalty.measure == "recovery" else 0
                liability.action_decide()
        return True

    def action_reject(self, reason=None):
        """Reject the penalty, with a reason."""
        if not (reason or "").strip():
            raise UserError(self.env._("Rejecting a penalty needs a reason."))
        self._decide("rejected", reason.strip())
        # sudo: as in action_approve
        for liability in self.liability_id.sudo().filtered(lambda x: x.state == "draft"):
            liability.action_cancel(reason)
        return True

    def action_open_reject(self):
        """Open the form that asks why the penalty is rejected."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject"),
            "res_model": "jinxing.penalty.reject",
            "view_mode": "form",
            "target": "new",
            "context": {"default_penalty_id": self.id},
        }
