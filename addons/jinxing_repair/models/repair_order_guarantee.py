from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jinxing_base.rules.decision import Decision

from ..rules import guarantee, order_flow
from ..rules.guarantee import GuaranteeFacts, LiabilityFacts, PastRepair

#: What a fault's guarantee sets, beside what its repair does.
_APOLOGY = frozenset({"apology_text", "apology_at", "apology_by_id"})


class JinxingRepairFault(models.Model):
    """The guarantee of a repair: the same component failing again is repaired again (G1.2)."""

    _inherit = "jinxing.repair.fault"

    rework_ids = fields.One2many("jinxing.repair.fault", "rework_of_id", "Came back as")
    liability_ids = fields.One2many("jinxing.liability", "fault_id")
    in_cover = fields.Boolean(
        "Covered by the card",
        readonly=True,
        help="What the card says, before the guarantee of an earlier repair takes part.",
    )

    _guarantee_index = models.Index(
        "(lot_id, component_id, repaired_on DESC) WHERE guarantee_until IS NOT NULL"
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"in_cover", "rework_of_id", "liability_ids"}

    def _decide(self, first=False):
        self._link_rework(first=first)
        return super()._decide(first=first)

    def _guarantee_decisions(self):
        """Return ``{fault: (decision, earlier fault)}`` of those repaired before (G1.2).

        The number of queries does not grow with the number of faults.
        """
        ready = self.filtered(lambda f: f.lot_id and f.component_id and f.fault_date)
        # sudo: what was repaired before counts, whoever did it and whoever asks
        past = ready.sudo().search_fetch(
            [
                ("lot_id", "in", ready.lot_id.ids),
                ("component_id", "in", ready.component_id.ids),
                ("guarantee_until", "!=", False),
            ],
            ["lot_id", "component_id", "repaired_on", "guarantee_until", "order_id"],
        )
        past.order_id.fetch(["name"])
        by_component = past.grouped(lambda f: (f.lot_id, f.component_id))
        result = {}
        for fault in ready:
            earlier = by_component.get((fault.lot_id, fault.component_id), past.browse())
            earlier = earlier.filtered(
                lambda one, fault=fault: one.order_id != fault.order_id
                and one.repaired_on <= fault.fault_date
            )
            if not earlier:
                continue
            newest = max(earlier, key=lambda one: (one.repaired_on, one.order_id.name))
            facts = GuaranteeFacts(
                component=fault.component_id.id,
                fault_date=fault.fault_date,
                days=(newest.guarantee_until - newest.repaired_on).days,
                repairs=tuple(
                    PastRepair(one.component_id.id, one.repaired_on, one.order_id.name)
                    for one in earlier
                ),
                name=fault.component_id.code,
            )
            result[fault] = (guarantee.decide_guarantee(facts), newest)
        return result

    def _link_rework(self, first=False):
        """Find the earlier repair a fault falls under, and mark fault and order as rework.

        :param first: the faults are new
        """
        found = self._guarantee_decisions()
        if first and not found:
            return
        self._record_decisions(
            "guarantee",
            {fault.id: decision for fault, (decision, _one) in found.items()},
            first=first,
        )
        for fault in self:
            decision, newest = found.get(fault, (None, self.browse()))
            rework = decision is not None and decision.outcome == guarantee.REWORK
            earlier = newest if rework else newest.browse()
            if fault.rework_of_id != earlier:
                fault._store({"rework_of_id": earlier.id})
        # sudo: order and liability follow, whoever found the fault
        faults = self.sudo()
        for order in faults.order_id:
            first = order.fault_ids.rework_of_id.order_id[:1]
            if order.rework_of_id != first:
                order.write({"rework_of_id": first.id})
        faults._draft_liabilities()

    def _draft_liabilities(self):
        """Keep one liability to decide for each rework, none for other faults (G1.2)."""
        liabilities = self.env["jinxing.liability"]
        known = liabilities.search(
            [
                ("fault_id", "in", self.ids),
                ("origin", "=", "rework"),
                ("state", "!=", "cancelled"),
            ]
        )
        reworks = self.filtered("rework_of_id")
        liabilities.create(
            [
                {"origin": "rework", "order_id": fault.order_id.id, "fault_id": fault.id}
                for fault in reworks - known.fault_id
            ]
        )
        idle = known.filtered(lambda one: one.state == "draft" and one.fault_id not in reworks)
        idle.unlink()

    def _adjust_decisions(self, decisions):
        """Make a rework free to begin with; only the diagnosis lets money follow (G1.2)."""
        decisions = super()._adjust_decisions(decisions)
        for covered, faults in self.grouped(
            lambda f: f.id in decisions and decisions[f.id].outcome == "free"
        ).items():
            changed = faults.filtered(lambda f, covered=covered: f.in_cover != covered)
            if changed:
                changed._store({"in_cover": covered})
        reworks = self.filtered(lambda f: f.rework_of_id and f.id in decisions)
        found = reworks._guarantee_decisions() if reworks else {}
        adjusted = {}
        for fault in reworks:
            decision, _earlier = found[fault]
            cost = fault._rework_cost_decision(decisions[fault.id].outcome == "free")
            adjusted[fault.id] = _rework_cover(decisions[fault.id], decision, cost)
        return {**decisions, **adjusted}

    def _rework_cost_decision(self, covered):
        """Return who bears the rework, by the liability in force (G1.2, G1.4).

        A diagnosis that came after the repair was done changes nothing for the customer: what
        he did not accept before the work is not charged (S8.4).
        """
        self.ensure_one()
        # sudo: the liability decides, whoever looks at the fault
        fault = self.sudo()
        done = fault.order_id.repaired_at
        decided = fault.liability_ids.filtered(
            lambda one: one.origin == "rework"
            and one.state in ("decided", "settled")
            and (not done or one.decided_at <= done)
        )[:1]
        facts = decided._liability_facts(covered) if decided else LiabilityFacts()
        return guarantee.decide_rework_cost(facts)


def _rework_cover(original, rework, cost):
    """Return the cover decision of a rework: the guarantee's, and who bears it."""
    chargeable = cost.outcome == guarantee.CUSTOMER
    outcome = "chargeable" if chargeable else "free"
    # The card's own reasons are told when it says the same, or when it decides (other cause).
    told = original.steps if original.outcome == outcome else ()
    clauses = (
        *(cost.clauses if chargeable else rework.clauses),
        *(() if chargeable else cost.clauses),
        *(original.clauses if told else ()),
    )
    return Decision(
        kind="cover",
        outcome=outcome,
        clauses=tuple(dict.fromkeys(clauses)),
        steps=(*rework.steps, *cost.steps, *told),
        facts={
            "guarantee": rework.facts,
            "liability": cost.facts,
            "cover": {"outcome": original.outcome, **original.facts},
        },
        until=original.until if chargeable else rework.until,
    )


class RepairOrder(models.Model):
    """A done order stays done; what comes back is a rework, with an apology (G1.2, N7)."""

    _inherit = "repair.order"

    liability_ids = fields.One2many("jinxing.liability", "order_id", "Liabilities", readonly=True)
    apology_text = fields.Text("Apology", readonly=True, copy=False)
    apology_at = fields.Datetime("Apologised on", readonly=True, copy=False)
    apology_by_id = fields.Many2one("res.users", "Apologised by", readonly=True, copy=False)

    @api.model
    def _system_fields(self):
        return super()._system_fields() | _APOLOGY | {"liability_ids"}

    def write(self, vals):
        self._ensure_stays_done(vals)
        return super().write(vals)

    def _ensure_stays_done(self, vals):
        """Refuse to reopen what the customer has signed, whoever asks (G1.2)."""
        state, step = vals.get("state", "done"), vals.get("service_state", order_flow.SIGNED)
        if state == "done" and step in order_flow.FINISHED:
            return
        done = self.filtered(lambda o: o.service_kind and o.state == "done")
        if done:
            raise UserError(
                self.env._(
                    "%(names)s: a done order is never reopened. A fault that comes back gets a "
                    "rework order (G1.2).",
                    names=", ".join(done.mapped("name")),
                )
            )

    def copy_data(self, default=None):
        if self.filtered("service_kind"):
            raise UserError(
                self.env._("A dispatch order is not copied: each call is registered (S8.1).")
            )
        return super().copy_data(default)

    def _start_guarantee(self, moment):
        """Give each component repaired its guarantee (G1.2); one not in order gets none."""
        for company, orders in self.grouped("company_id").items():
            day = self._service_day(moment, company)
            days = self._policy("repair_guarantee_days", day, company)
            faults = orders.fault_ids
            failed = faults.filtered(lambda f: f.quality_after == "not_ok")
            failed._store({"repaired_on": day})
            (faults - failed)._store(
                {
                    "repaired_on": day,
                    "guarantee_until": guarantee.guarantee_until(day, days),
                }
            )

    def action_record_apology(self, text=None, at=None):
        """Record the apology for a fault in our work: what was said, and when (N7).

        :param at: when it was said, if earlier than now
        """
        self._ensure_role("worker")
        if not self._reason(text):
            return self._open_reason("record_apology", self.env._("Apology"))
        self._lock()
        for order in self:
            if order.apology_at:
                raise UserError(
                    self.env._("%(order)s: the apology is noted already.", order=order.name)
                )
            if not order.service_state or order.service_state == order_flow.CANCELLED:
                raise UserError(
                    self.env._("%(order)s: there is nothing to apologise for.", order=order.name)
                )
            moment = order._moment(at, after=order.called_at)
            # sudo: the record of the apology is this step's
            order.sudo().write(
                {
                    "apology_text": text.strip(),
                    "apology_at": moment,
                    "apology_by_id": self.env.uid,
                }
            )
            order._log_steps(
                "apology", {order.id: order.service_state}, reason=text.strip(), at=moment
            )
        return True
