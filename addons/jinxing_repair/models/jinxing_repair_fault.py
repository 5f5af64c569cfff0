from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import order_flow

#: What only the rules and the order's steps set.
SYSTEM = frozenset({"cover", "cover_until", "repaired_on", "guarantee_until", "decision_ids"})
#: What the cover decision looks at.
DECIDING = frozenset(
    {"component_id", "fault_date", "exclusion", "exclusion_evidence", "order_id", "rework_of_id"}
)


class JinxingRepairFault(models.Model):
    """One fault on a dispatch order: what, why, free or not, how good it is now (G1.2, G4, G5).

    Parts and labour follow their fault, and so do prices.
    """

    _name = "jinxing.repair.fault"
    _description = "Fault"
    _inherit = ["jinxing.decision.mixin"]
    _order = "order_id, sequence, id"
    _rec_name = "component_id"

    order_id = fields.Many2one("repair.order", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True
    )
    lot_id = fields.Many2one(
        related="order_id.lot_id", store=True, precompute=True, index="btree_not_null"
    )
    sequence = fields.Integer(default=10)
    component_id = fields.Many2one("jinxing.component", required=True, index=True)
    cover_class = fields.Selection(related="component_id.cover_class")
    category_id = fields.Many2one("jinxing.fault.category", index="btree_not_null")
    fault_date = fields.Date(
        "Day of the fault",
        required=True,
        compute="_compute_fault_date",
        store=True,
        readonly=False,
        precompute=True,
    )
    symptom = fields.Text()
    cause = fields.Text(help="Found on site; demanded before the repair is finished (G1.2).")
    serious = fields.Boolean(help="A serious quality problem in the sense of the law.")
    exclusion = fields.Selection(
        [
            ("G5.1", "G5.1 Improper use, upkeep or storage"),
            ("G5.2", "G5.2 Dismantled by others"),
            ("G5.5", "G5.5 Force majeure"),
        ],
        "Ground of exclusion",
        help="Needs evidence; makes the fault chargeable, never refused (G5).",
    )
    exclusion_evidence = fields.Text("Evidence")
    evidence_ids = fields.Many2many(
        "ir.attachment",
        "jinxing_repair_fault_attachment_rel",
        "fault_id",
        "attachment_id",
        "Photos",
    )
    cover = fields.Selection(
        [("free", "Free"), ("chargeable", "Chargeable")], readonly=True, index=True
    )
    cover_until = fields.Date("Covered until", readonly=True)
    cover_clauses = fields.Char("Clauses", compute="_compute_cover_clauses")
    quality_after = fields.Selection(
        [("good", "Good"), ("usable", "Usable with restriction"), ("not_ok", "Not in order")],
        "Quality after repair",
    )
    result = fields.Text("What was done")
    repaired_on = fields.Date(readonly=True)
    guarantee_until = fields.Date("Guaranteed until", readonly=True)
    rework_of_id = fields.Many2one(
        "jinxing.repair.fault", "Same fault as", index="btree_not_null", readonly=True
    )
    move_ids = fields.One2many("stock.move", "fault_id", "Parts")
    service_ids = fields.One2many("repair.service", "fault_id", "Labour and travel")

    _component_index = models.Index("(lot_id, component_id, repaired_on)")

    @api.depends("component_id", "order_id.name")
    def _compute_display_name(self):
        for fault in self:
            name = fault.component_id.name or ""
            if not self.env.context.get("short_fault_name"):
                name = f"{fault.order_id.name or ''} {name}".strip()
            fault.display_name = name

    @api.depends("order_id.called_at")
    def _compute_fault_date(self):
        for fault in self:
            if not fault.fault_date:
                order = fault.order_id
                fault.fault_date = order._service_day(order.called_at or None, order.company_id)

    @api.depends("decision_ids")
    def _compute_cover_clauses(self):
        decisions = self.env["jinxing.decision"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("kind", "=", "cover"),
                ("superseded_by_id", "=", False),
            ]
        )
        codes = {d.res_id: ", ".join(d.clause_codes or []) for d in decisions}
        for fault in self:
            fault.cover_clauses = codes.get(fault._origin.id, False)

    @api.constrains("fault_date")
    def _check_fault_date(self):
        orders = self.env["repair.order"]
        for company, faults in self.grouped("company_id").items():
            today = orders._service_day(None, company)
            if faults.filtered(lambda f, today=today: f.fault_date and f.fault_date > today):
                raise ValidationError(self.env._("The day of the fault lies in the future."))

    @api.constrains("exclusion", "exclusion_evidence", "evidence_ids")
    def _check_evidence(self):
        for fault in self.filtered("exclusion"):
            if not (fault.exclusion_evidence or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(component)s: a ground of exclusion needs its evidence (%(clause)s).",
                        component=fault.component_id.name,
                        clause=fault.exclusion,
                    )
                )

    # -- create, write, delete -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(self._system_fields() & set(vals) for vals in vals_list):
            raise UserError(self.env._("What is free is decided by the rules, not by hand."))
        faults = super().create(vals_list)
        faults._ensure_changeable()
        faults._decide(first=True)
        return faults

    @api.model
    def _system_fields(self):
        """Return what only the rules and the order's steps set."""
        return SYSTEM

    def write(self, vals):
        if self._system_fields() & set(vals):
            raise UserError(self.env._("What is free is decided by the rules, not by hand."))
        if "order_id" in vals and self.filtered(lambda f: f.order_id.id != vals["order_id"]):
            raise UserError(self.env._("A fault stays with its order."))
        self._ensure_open()
        deciding = DECIDING & set(vals)
        if deciding:
            self._ensure_changeable()
        judged = self.browse()
        if vals.get("quality_after"):
            judged = self.filtered(lambda f: f.quality_after != vals["quality_after"])
        result = super().write(vals)
        if deciding:
            self._decide()
        judged._ensure_price_accepted()
        return result

    def _store(self, vals):
        """Write without the guards of :meth:`write`; for the steps and the rules only."""
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        self._ensure_changeable()
        if self.move_ids.filtered(lambda m: m.state != "cancel") or self.service_ids:
            raise UserError(
                self.env._("Take the parts and the labour off this fault first.")
            )

    def _awaits_acceptance(self):
        """Tell whether the customer has not accepted yet what this fault costs (S8.4)."""
        self.ensure_one()
        if self.cover != "chargeable":
            return False
        # sudo: whether the price is accepted counts, whoever asks
        fault = self.sudo()
        parts = fault.move_ids.filtered(
            lambda m: m.repair_line_type == "add" and m.state != "cancel"
        )
        return bool(parts or fault.service_ids) and not fault.order_id._price_accepted()

    def _ensure_price_accepted(self):
        """Refuse to say what was done before its price is accepted; looking for it is free.

        :raises UserError: the work on a chargeable fault would have begun too soon (S8.4)
        """
        early = self.filtered(lambda f: f._awaits_acceptance())
        if early:
            raise UserError(
                self.env._(
                    "%(components)s: the customer has not accepted the price yet. The work "
                    "begins after that (S8.4).",
                    components=", ".join(early.component_id.mapped("name")),
                )
            )

    def _ensure_open(self):
        """Refuse changes to faults of orders the customer has signed (G1.2)."""
        done = self.order_id.filtered(lambda o: o.service_state not in order_flow.OPEN)
        if done:
            raise UserError(
                self.env._(
                    "%(names)s: what the customer has signed is not changed. A fault that comes "
                    "back gets a rework order (G1.2).",
                    names=", ".join(done.mapped("name")),
                )
            )

    def _ensure_changeable(self):
        """Refuse what would change the price of a finished repair (S8.4)."""
        self._ensure_open()
        self.order_id._ensure_changeable()

    # -- free or chargeable --------------------------------------------------------------------

    def _decide(self, first=False):
        """Decide whether each fault is free, store why, and let prices follow (G4, G5).

        The number of queries does not grow with the number of faults.

        :param first: the faults are new; nothing was decided on them before
        """
        ready = self.filtered(lambda f: f.lot_id and f.component_id and f.fault_date)
        decisions = self.env["stock.lot"]._decide_cover(
            [
                {
                    "key": fault.id,
                    "lot": fault.lot_id,
                    "component": fault.component_id,
                    "fault_date": fault.fault_date,
                    "exclusions": (
                        {fault.exclusion: fault.exclusion_evidence} if fault.exclusion else {}
                    ),
                }
                for fault in ready
            ]
        )
        decisions = ready._adjust_decisions(decisions)
        stored = ready._record_decisions("cover", decisions, first=first)
        changed = self.browse()
        by_outcome = {}
        for fault in ready:
            decision = stored[fault.id]
            if (fault.cover, fault.cover_until) != (decision.outcome, decision.until):
                changed |= fault
                key = (decision.outcome, decision.until)
                by_outcome[key] = by_outcome.get(key, self.browse()) | fault
        for (outcome, until), faults in by_outcome.items():
            faults._store({"cover": outcome, "cover_until": until})
        if changed and not (first and not changed.move_ids and not changed.service_ids):
            # sudo: prices follow the decision, whoever found the fault
            orders = changed.order_id.sudo()
            orders._sync_sale_lines()
            orders._refresh_quote_state()

    def _adjust_decisions(self, decisions):
        """Let other promises than the card's take part: the guarantee of a repair (G1.2)."""
        return decisions
