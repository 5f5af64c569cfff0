from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.jinxing_base.models.locking import take

from ..rules import guarantee, order_flow

#: What only the steps of a liability set.
SYSTEM = frozenset({"name", "state", "bearer", "decided_at", "decided_by_id", "cancel_reason"})


class JinxingLiability(models.Model):
    """Who answers for a rework, a loss or a damage, and with what amount (G1.2, G1.4).

    Drafted when the rework is opened, decided after the diagnosis. A provider's is deducted from
    his settlement, an own employee's is shown to HR.
    """

    _name = "jinxing.liability"
    _description = "Liability"
    _inherit = ["mail.thread", "jinxing.decision.mixin"]
    _order = "id desc"

    name = fields.Char("Number", readonly=True, copy=False, required=True, default="/")
    origin = fields.Selection(
        [("rework", "Rework"), ("loss", "Loss or damage")],
        "Reason",
        required=True,
        default="loss",
    )
    order_id = fields.Many2one(
        "repair.order", "Dispatch order", index="btree_not_null", ondelete="restrict"
    )
    fault_id = fields.Many2one(
        "jinxing.repair.fault", index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Liable party", index="btree_not_null", tracking=True
    )
    employee_id = fields.Many2one(
        "hr.employee",
        "Liable employee",
        index="btree_not_null",
        tracking=True,
        help="Our own staff: shown to HR, not deducted from a settlement.",
    )
    cause = fields.Selection(
        [
            ("repairer", "Repairer"),
            ("part", "Part"),
            ("misuse", "Misuse"),
            ("other", "Other"),
        ],
        tracking=True,
        help="What the diagnosis found (G1.2).",
    )
    evidence = fields.Text(help="Demanded for misuse (G5.1).")
    amount = fields.Monetary(tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [
            ("draft", "To decide"),
            ("decided", "Decided"),
            ("settled", "Settled"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    bearer = fields.Selection(
        [
            ("provider", "The repairer"),
            ("producer", "The producer"),
            ("customer", "The customer"),
            ("free_so_far", "Not decided"),
        ],
        "Borne by",
        readonly=True,
        copy=False,
        help="What the rule answers to the diagnosis (G1.2, G1.4).",
    )
    decided_at = fields.Datetime("Decided on", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    cancel_reason = fields.Char("Why cancelled", readonly=True, copy=False)

    _amount_sane = models.Constraint(
        "CHECK(amount IS NULL OR amount >= 0)", "The amount of a liability is not negative."
    )
    _decided_complete = models.Constraint(
        "CHECK(state IN ('draft', 'cancelled') OR cause IS NOT NULL)",
        "A decided liability names its cause.",
    )
    _one_per_fault = models.UniqueIndex(
        "(fault_id) WHERE state != 'cancelled' AND origin = 'rework'",
        "There is a liability for this rework already.",
    )
    _state_index = models.Index("(state, partner_id, decided_at)")

    @api.constrains("order_id", "fault_id", "company_id")
    def _check_order(self):
        for liability in self:
            order = liability.order_id
            if liability.fault_id and liability.fault_id.order_id != order:
                raise ValidationError(
                    self.env._("%(name)s: the fault is not of this order.", name=liability.name)
                )
            if order and order.company_id != liability.company_id:
                raise ValidationError(
                    self.env._("%(name)s: the order is another company's.", name=liability.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        orders = self.env["repair.order"]
        for vals in vals_list:
            if not self.env.su and any(vals.get(name) for name in SYSTEM - {"name", "state"}):
                raise UserError(self._system_message())
            if not self.env.su and vals.get("state", "draft") != "draft":
                raise UserError(self._system_message())
            if vals.get("order_id") and not vals.get("company_id"):
                vals["company_id"] = orders.browse(vals["order_id"]).company_id.id
            company = vals.get("company_id") or self.env.company.id
            vals["name"] = sequence.with_company(company).next_by_code("jinxing.liability")
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if SYSTEM & set(vals):
                raise UserError(self._system_message())
            fixed = self.filtered(lambda liability: liability.state != "draft")
            if fixed and set(vals) & set(self._facts()):
                raise UserError(
                    self.env._(
                        "%(names)s: a decided liability stays as it is; cancel it with a reason "
                        "and record a new one.",
                        names=", ".join(fixed.mapped("name")),
                    )
                )
        return super().write(vals)

    @api.model
    def _facts(self):
        """Return the fields that are fixed once the liability is decided."""
        return (
            "origin", "order_id", "fault_id", "partner_id", "employee_id", "cause", "evidence",
            "amount", "company_id",
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if self.filtered(lambda liability: liability.state != "draft"):
            raise UserError(
                self.env._("Only a liability nobody has decided on can be deleted; cancel it.")
            )

    def _system_message(self):
        return self.env._("A liability is decided by its buttons, not by editing.")

    def _ensure_supervisor(self):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor may do this."))

    # -- deciding ------------------------------------------------------------------------------

    def action_decide(self):
        """Decide who answers, after the diagnosis; only then money follows (G1.2, G1.4).

        :raises UserError: the cause, the evidence, the amount or the liable party is missing
        """
        self._ensure_supervisor()
        take(self)
        for liability in self:
            if liability.state != "draft":
                raise UserError(
                    self.env._("%(name)s is decided already.", name=liability.name)
                )
            liability._fill_party()
            liability._ensure_complete()
        # sudo: the state is nobody's to edit
        self.sudo().write(
            {
                "state": "decided",
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
            }
        )
        self._follow_diagnosis()
        return True

    @api.onchange("cause")
    def _onchange_cause(self):
        self._fill_party()

    def _fill_party(self):
        """Name who did the first repair when the diagnosis says it was his fault (G1.4)."""
        self.ensure_one()
        # sudo: who repaired before is asked on behalf of the rule
        earlier = self.sudo().fault_id.rework_of_id.order_id
        if self.cause != "repairer" or self.partner_id or self.employee_id or not earlier:
            return
        if earlier.provider_id and earlier.provider_id != earlier.company_id.partner_id:
            self.partner_id = earlier.provider_id
        else:
            self.employee_id = earlier._absent_employee()

    def _follow_diagnosis(self):
        """Store who bears each rework, and only now let its price follow (G1.2, G1.4)."""
        # sudo: the outcome is the rule's
        reworks = self.sudo().filtered(lambda one: one.origin == "rework" and one.fault_id)
        decisions = {}
        for liability in reworks:
            decision = guarantee.decide_rework_cost(
                liability._liability_facts(liability.fault_id.in_cover)
            )
            decisions[liability.id] = decision
            liability.bearer = decision.outcome
        reworks._record_decisions("liability", decisions)
        open_faults = reworks.fault_id.filtered(
            lambda f: f.order_id.service_state in order_flow.OPEN and not f.order_id.repaired_at
        )
        open_faults._decide()

    def _liability_facts(self, covered):
        """Return the facts of :func:`guarantee.decide_rework_cost`.

        :param covered: what the card says of the fault itself
        """
        self.ensure_one()
        return guarantee.LiabilityFacts(
            cause=self.cause or None,
            own_staff=bool(self.employee_id),
            evidence=self.evidence or "",
            covered=covered,
            amount=self.amount,
        )

    def action_suggest_amount(self):
        """Fill in what the rework cost: its parts at cost, its labour and travel by the card."""
        self.check_access("write")
        for liability in self:
            # sudo: the cost of a part is not everybody's to read
            fault = liability.sudo().with_company(liability.company_id).fault_id
            parts = fault.move_ids.filtered(
                lambda m: m.repair_line_type == "add" and m.state != "cancel"
            )
            cost = sum(
                move.product_id.standard_price
                * (move.quantity if move.picked else move.product_uom_qty)
                for move in parts
            )
            liability.amount = cost + sum(fault.service_ids.mapped("amount"))
        return True

    def _ensure_complete(self):
        """Refuse a decision without the facts it stands on.

        :raises UserError: says what is missing
        """
        self.ensure_one()
        missing = []
        if not self.cause:
            missing.append(self.env._("the cause"))
        if self.cause == "misuse" and not (self.evidence or "").strip():
            missing.append(self.env._("the evidence of the misuse (G5.1)"))
        if self.cause == "repairer" and not (self.partner_id or self.employee_id):
            missing.append(self.env._("the liable party"))
        if missing:
            raise UserError(
                self.env._(
                    "%(name)s: note %(missing)s first.",
                    name=self.name,
                    missing=", ".join(missing),
                )
            )

    def action_cancel(self, reason=None):
        """Take a liability back, with a reason; a settled one stays.

        :raises UserError: it is settled or cancelled already
        """
        self._ensure_supervisor()
        if not (reason or "").strip():
            return self.env["jinxing.record.reason"]._open(
                "jinxing.liability:action_cancel", self
            )
        take(self)
        for liability in self:
            if liability.state not in ("draft", "decided"):
                raise UserError(
                    self.env._(
                        "%(name)s is settled or cancelled already.", name=liability.name
                    )
                )
        # sudo: the state is nobody's to edit
        self.sudo().write({"state": "cancelled", "cancel_reason": reason.strip()})
        # sudo: what was charged because of it follows
        open_faults = self.sudo().fault_id.filtered(
            lambda f: f.order_id.service_state in order_flow.OPEN and not f.order_id.repaired_at
        )
        open_faults._decide()
        return True
