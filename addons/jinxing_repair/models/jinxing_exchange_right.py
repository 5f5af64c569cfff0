from datetime import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jinxing_base.models.locking import take

from ..rules import exchange, exchange_facts, order_flow
from ..rules.exchange_facts import Right
from ..rules.service_clock import local_moment

#: What fulfilling a right does to a component's history.
_FULFILLED = {
    exchange_facts.NEW_PART: exchange_facts.REPLACED,
    exchange_facts.EXCHANGE: exchange_facts.EXCHANGED,
}
#: Rights to the machine itself: one of them done, the others have nothing left to ask for.
_MACHINE = (exchange_facts.EXCHANGE, exchange_facts.USER_CHOICE, exchange_facts.RETURN)


class JinxingExchangeRight(models.Model):
    """A right to a new part, an exchange or a return, with its evidence (G2.1, G2.2, G3.4).

    Raised by the rules alone. Returns and parts execute it (:meth:`_execute`).
    """

    _name = "jinxing.exchange.right"
    _description = "Right to Exchange"
    _inherit = ["mail.thread", "jinxing.decision.mixin"]
    _order = "arisen_on desc, id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False)
    clause_id = fields.Many2one("jinxing.clause", required=True, readonly=True)
    clause_code = fields.Char("By clause", related="clause_id.code", store=True, index=True)
    outcome = fields.Selection(
        [
            ("new_part", "New part"),
            ("exchange", "Exchange of the machine"),
            ("user_choice", "Exchange or further repair, as the user chooses"),
            ("return", "Return of the machine"),
        ],
        "Gives",
        required=True,
        readonly=True,
    )
    arisen_on = fields.Date("Since", required=True, readonly=True)
    order_id = fields.Many2one(
        "repair.order", "Dispatch order", required=True, readonly=True, index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    lot_id = fields.Many2one("stock.lot", "Machine", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer", store=True)
    component_id = fields.Many2one("jinxing.component", readonly=True)
    bearer = fields.Selection(
        [("seller", "Seller"), ("repairer", "Repairer"), ("producer", "Producer")],
        "Borne by",
        required=True,
        readonly=True,
        help="Who bears the cost first; recourse comes after.",
    )
    bearer_id = fields.Many2one("res.partner", "Who that is", readonly=True, index="btree_not_null")
    needs_old_part = fields.Boolean(
        "Only against the old part", readonly=True, help="The new part is handed out then (G3.4)."
    )
    old_part_back_at = fields.Datetime("Old part back on", readonly=True)
    old_part_by_id = fields.Many2one("res.users", "Old part taken by", readonly=True)
    order_ids = fields.Many2many(
        "repair.order",
        "jinxing_exchange_right_order_rel",
        "right_id",
        "order_id",
        "Orders looked at",
        readonly=True,
    )
    fault_ids = fields.Many2many(
        "jinxing.repair.fault",
        "jinxing_exchange_right_fault_rel",
        "right_id",
        "fault_id",
        "Faults looked at",
        readonly=True,
    )
    wait_ids = fields.One2many(related="order_id.wait_ids", string="Waiting")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("claimed", "Claimed"),
            ("executed", "Executed"),
            ("lapsed", "Lapsed"),
        ],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    claimed_at = fields.Datetime("Claimed on", readonly=True)
    claim_note = fields.Text("What was asked for", readonly=True)
    user_choice = fields.Selection(
        [("exchange", "Exchange"), ("further_repair", "Further repair")],
        "The user's choice",
        readonly=True,
        copy=False,
        help="Where the law leaves it to him (L-30wd).",
    )
    chosen_at = fields.Datetime("Chosen on", readonly=True, copy=False)
    chosen_by_id = fields.Many2one("res.users", "Choice noted by", readonly=True, copy=False)
    executed_at = fields.Datetime("Executed on", readonly=True)
    executed_by_id = fields.Many2one("res.users", "Executed by", readonly=True)
    execution_note = fields.Text("How it was executed", readonly=True)
    lapse_reason = fields.Text("Why it lapsed", readonly=True)
    lapsed_by_rule = fields.Boolean(
        "Lapsed by the rule",
        readonly=True,
        help="The facts had changed; it comes back when they change again.",
    )

    _once = models.UniqueIndex(
        "(lot_id, clause_id, outcome, COALESCE(component_id, 0), arisen_on)"
        " WHERE state != 'lapsed'",
        "This right is there already.",
    )
    _lapse_reasoned = models.Constraint(
        "CHECK(state != 'lapsed' OR lapse_reason IS NOT NULL)",
        "A right lapses for a reason.",
    )
    _old_part_first = models.Constraint(
        "CHECK(state != 'executed' OR needs_old_part IS NOT TRUE OR old_part_back_at IS NOT NULL)",
        "The new part is handed out only against the old one (G3.4).",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Rights are found by the rules, not made by hand."))
        names = self.env["ir.sequence"]._next_numbers("jinxing.exchange.right", len(vals_list))
        return super().create(
            [{**vals, "name": name} for vals, name in zip(vals_list, names, strict=True)]
        )

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("A right moves by its buttons, not by editing."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A right is never deleted; it lapses with a reason."))

    # -- raised by the rules ---------------------------------------------------------------------

    @api.model
    def _sync(self, arisen, decisions):
        """Raise the rights that have arisen, let open ones lapse that rest on nothing any more.

        The number of queries does not grow with the number of orders, but for the rights made.

        :param arisen: ``{order: rights}`` of rules/exchange.py
        :param decisions: ``{order: decision}``
        """
        orders = self.env["repair.order"].concat(*arisen)
        components = {c.code: c for c in orders.fault_ids.component_id}
        none = orders.fault_ids.component_id.browse()
        clauses = self.env["jinxing.clause"]
        there = self.search([("lot_id", "in", orders.lot_id.ids)])
        standing = there.filtered(lambda r: r.state != "lapsed" or not r.lapsed_by_rule)
        known = {right._key(): right for right in standing}
        vals_list, decided_by, kept = [], [], self.browse()
        for order, rights in arisen.items():
            for right in rights:
                clause = clauses._by_codes([right.clause])
                component = components.get(right.component, none)
                key = (order.lot_id, clause, right.outcome, component, right.day)
                if key in known:
                    kept |= known[key]
                    continue
                known[key] = self.browse()
                vals_list.append(order._exchange_right_vals(right, clause, component))
                decided_by.append(decisions[order])
        there.flush_recordset(["state"])  # what has lapsed makes room for what comes back
        made = self.create(vals_list) if vals_list else self.browse()
        made._record_decisions(
            "exchange_right", dict(zip(made.ids, decided_by, strict=True))
        )
        made._judge_release()
        made._notify_arisen()
        gone = there.filtered(lambda r: r.state == "open" and r.order_id in orders) - kept
        gone._lapse(self.env._("The facts it rested on have changed."), by_rule=True)
        return made

    def _key(self):
        """Return what makes a right the one it is."""
        self.ensure_one()
        return (self.lot_id, self.clause_id, self.outcome, self.component_id, self.arisen_on)

    def _notify_arisen(self):
        """Tell the supervisors of the orders (G2.1, G2.2, G3.4)."""
        self.order_id._notify(
            "exchange_right",
            {
                order: ", ".join(f"{right.clause_code} {right.name}" for right in rights)
                for order, rights in self.grouped("order_id").items()
            },
        )

    def _judge_release(self):
        """Store whether the new part may be handed out: only against the old one (G3.4)."""
        asked = self.filtered("needs_old_part")
        decisions = {}
        for right in asked:
            fact = Right(
                clause=right.clause_code,
                outcome=right.outcome,
                day=right.arisen_on,
                bearer=right.bearer,
                component=right.component_id.code or "",
                needs_old_part=True,
            )
            decisions[right.id] = exchange.decide_release(fact, bool(right.old_part_back_at))
        asked._record_decisions("new_part_release", decisions)

    # -- what is done with it --------------------------------------------------------------------

    def _ensure_group(self, group):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(f"jinxing_base.group_{group}")):
            raise AccessError(
                self.env._("Only a supervisor may do this.")
                if group == "supervisor"
                else self.env._("Only the clerks may do this.")
            )

    def _ensure_state(self, *states):
        """Take the rights for this transaction and refuse those in another state."""
        take(self, "state")
        words = dict(self._fields["state"]._description_selection(self.env))
        for right in self:
            if right.state not in states:
                raise UserError(
                    self.env._(
                        "%(right)s is “%(state)s”: this is not possible any more.",
                        right=right.name,
                        state=words[right.state],
                    )
                )

    def action_claim(self, note=None):
        """Note that the user asks for what the right gives him."""
        self._ensure_group("clerk")
        changed_mind = self._ensure_claimable()
        (self - changed_mind)._ensure_state("open")
        # sudo: a right moves by its buttons alone
        self.sudo().write(
            {
                "state": "claimed",
                "claimed_at": fields.Datetime.now(),
                "claim_note": (note or "").strip() or False,
            }
        )
        self._note_choice("exchange")
        # sudo: as above
        changed_mind.sudo().lapse_reason = False
        return True

    def _ensure_claimable(self):
        """Return the rights whose user chose further repair and may choose anew (L-30wd).

        He may as long as the machine is not repaired (reading).
        """
        take(self, "state")
        return self.filtered(
            lambda r: r.state == "lapsed"
            and r.user_choice == "further_repair"
            and r.order_id.service_state in order_flow.OPEN
            and not r.order_id.repaired_at
        )

    def _note_choice(self, choice):
        """Keep what the user chose, when, and who noted it (L-30wd)."""
        # sudo: a right moves by its buttons alone
        self.sudo().filtered(lambda r: r.outcome == exchange_facts.USER_CHOICE).write(
            {
                "user_choice": choice,
                "chosen_at": fields.Datetime.now(),
                "chosen_by_id": self.env.uid,
            }
        )

    def action_further_repair(self, note=None):
        """Note that the user chooses further repair instead of the exchange (L-30wd).

        :param note: his words
        """
        self._ensure_group("clerk")
        self._ensure_state("open", "claimed")
        if self.filtered(lambda r: r.outcome != exchange_facts.USER_CHOICE):
            raise UserError(self.env._("Only where the law leaves the choice to the user."))
        self._note_choice("further_repair")
        said = self.env._("The user chose further repair.")
        self._lapse(" ".join(filter(None, (said, (note or "").strip()))))
        return True

    def action_old_part_back(self):
        """Note that the old part has been handed in: the new one may be handed out (G3.4)."""
        self.check_access("read")
        user = self.env.user
        if not (
            self.env.su
            or user.has_group("jinxing_base.group_parts_keeper")
            or user.has_group("jinxing_base.group_clerk")
        ):
            raise AccessError(self.env._("Only the parts keeper and the clerks may do this."))
        self._ensure_state("open", "claimed")
        if self.filtered(lambda r: not r.needs_old_part):
            raise UserError(self.env._("No old part is asked for."))
        self._take_old_part()
        return True

    def _take_old_part(self):
        # sudo: the return of the old part is this step's to note
        rights = self.sudo().filtered(lambda r: not r.old_part_back_at)
        rights.write(
            {"old_part_back_at": fields.Datetime.now(), "old_part_by_id": self.env.uid}
        )
        rights._judge_release()

    def action_execute(self, note=None):
        """Note that the user got what the right gives him, with a word on how.

        :raises UserError: the old part is not back, or the right is not open any more
        """
        self._ensure_group("supervisor")
        if not (note or "").strip():
            return self.env["jinxing.record.reason"]._open(
                "jinxing.exchange.right:action_execute", self
            )
        self._ensure_state("open", "claimed")
        self._execute(note.strip())
        return True

    def _execute(self, note):
        """Fulfil the rights; also for returns and parts, which do it themselves (G2, G3.4)."""
        for right in self:
            if right.needs_old_part and not right.old_part_back_at:
                raise UserError(
                    self.env._(
                        "%(right)s: the new part is handed out only against the old one (G3.4).",
                        right=right.name,
                    )
                )
        now = fields.Datetime.now()
        # sudo: a right moves by its buttons alone
        rights = self.sudo()
        rights.write(
            {
                "state": "executed",
                "executed_at": now,
                "executed_by_id": self.env.uid,
                "execution_note": note,
            }
        )
        events = self.env["jinxing.fault.event"]
        for right in rights:
            happened = _FULFILLED.get(right.outcome)
            faults = right.order_id.fault_ids.filtered(
                lambda f, right=right: f.component_id == right.component_id
            )
            if happened and faults:
                events._note(faults[:1], happened, right._fulfilled_at(now), right)
            if right.outcome in _MACHINE:
                right._others()._lapse(
                    self.env._("%(right)s was executed.", right=right.name)
                )
        return True

    def _fulfilled_at(self, now):
        """Return when the user got what the right gives: ``now`` is when it was noted."""
        self.ensure_one()
        orders = self.env["repair.order"]
        day = self.exchanged_on
        if not day or day >= orders._service_day(now, self.company_id):
            return now
        return local_moment(day, time(23, 59), orders._service_tz(self.company_id))

    def _others(self):
        """Return the rights to the same machine that have nothing left to ask for."""
        self.ensure_one()
        return self.search(
            [
                ("lot_id", "=", self.lot_id.id),
                ("id", "!=", self.id),
                ("state", "in", ("open", "claimed")),
            ]
        )

    def action_lapse(self, reason=None):
        """Let a right lapse that the user does not want, with the reason."""
        self._ensure_group("supervisor")
        if not (reason or "").strip():
            return self.env["jinxing.record.reason"]._open(
                "jinxing.exchange.right:action_lapse", self
            )
        self._ensure_state("open", "claimed")
        self._lapse(reason.strip())
        return True

    def _lapse(self, reason, by_rule=False):
        # sudo: a right moves by its buttons and the rules alone
        self.sudo().write(
            {"state": "lapsed", "lapse_reason": reason, "lapsed_by_rule": by_rule}
        )


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def _exchange_right_vals(self, right, clause, component):
        """Return the values of a right that has arisen on the order, with its evidence."""
        self.ensure_one()
        bearers = {
            exchange_facts.SELLER: self.dealer_id or self.company_id.partner_id,
            "repairer": self.provider_id or self.company_id.partner_id,
            exchange_facts.PRODUCER: self.company_id.partner_id,
        }
        faults = self.fault_ids
        if component:
            machines = self.lot_id | self._machines_before()
            faults = self.env["jinxing.repair.fault"].search(
                [("lot_id", "in", machines.ids), ("component_id", "=", component.id)]
            )
        return {
            "order_id": self.id,
            "lot_id": self.lot_id.id,
            "clause_id": clause.id,
            "outcome": right.outcome,
            "arisen_on": right.day,
            "component_id": component.id,
            "bearer": right.bearer,
            "bearer_id": bearers[right.bearer].id,
            "needs_old_part": right.needs_old_part,
            "fault_ids": [(6, 0, faults.ids)],
            "order_ids": [(6, 0, (faults.order_id | self).ids)],
        }
