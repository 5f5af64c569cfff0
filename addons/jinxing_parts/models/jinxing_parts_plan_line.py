from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import plan as rules

#: What the computation writes.
SYSTEM = frozenset(
    {
        "warehouse_id", "forecast", "growth", "requested", "transfers", "demand", "on_hand",
        "incoming", "committed", "available", "safety", "net", "proposed", "amount", "bought",
        "lead_days", "order_by", "budget_month", "warning", "warnings", "supplier_approved",
        "min_qty", "pack_qty", "price",
    }
)


def warning_words():
    """Return the warnings as a selection, the gravest first."""
    return [
        ("out_of_stock", "Out of stock"),
        ("no_supplier", "No supplier"),
        ("not_approved", "Supplier not approved"),
        ("late", "Late"),
        ("below_safety", "Below safety stock"),
        ("superseded", "Superseded"),
        ("overstock", "Overstock"),
    ]


class JinxingPartsPlanLine(models.Model):
    """A part in a plan: what a station asks for, or what headquarters computed of it (A4)."""

    _name = "jinxing.parts.plan.line"
    _description = "Line of a Parts Plan"
    _inherit = ["jinxing.decision.mixin"]
    _order = "plan_id desc, amount desc, id"
    _rec_name = "product_id"
    _log_access = False

    plan_id = fields.Many2one(
        "jinxing.parts.plan", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(related="plan_id.kind")
    state = fields.Selection(related="plan_id.state")
    partner_id = fields.Many2one(related="plan_id.partner_id")
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        "Part",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_spare_part', '=', True)]",
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    warehouse_id = fields.Many2one(
        "stock.warehouse", readonly=True, ondelete="cascade"
    )
    requested = fields.Float("Planned by stations", digits="Product Unit", readonly=True)
    forecast = fields.Float("Expected", digits="Product Unit", readonly=True)
    growth = fields.Float("Growth of machines", digits=(12, 4), readonly=True)
    transfers = fields.Float("Needed by centres", digits="Product Unit", readonly=True)
    demand = fields.Float(digits="Product Unit", readonly=True)
    on_hand = fields.Float("In stock", digits="Product Unit", readonly=True)
    incoming = fields.Float(digits="Product Unit", readonly=True)
    committed = fields.Float(digits="Product Unit", readonly=True)
    available = fields.Float(digits="Product Unit", readonly=True)
    safety = fields.Float("Safety stock", digits="Product Unit", readonly=True)
    net = fields.Float("Lacking", digits="Product Unit", readonly=True)
    proposed = fields.Float(digits="Product Unit", readonly=True)
    quantity = fields.Float(digits="Product Unit")
    adjust_reason = fields.Char("Why changed")
    bought = fields.Boolean(readonly=True)
    supplier_id = fields.Many2one("res.partner", ondelete="restrict")
    supplier_approved = fields.Boolean("Approved (A2)", readonly=True)
    min_qty = fields.Float("Least quantity", digits="Product Unit", readonly=True)
    pack_qty = fields.Float("Pack", digits="Product Unit", readonly=True)
    price = fields.Float(digits="Product Price", readonly=True)
    amount = fields.Monetary(readonly=True)
    lead_days = fields.Integer("Lead time (days)", readonly=True)
    order_by = fields.Date("Order by", readonly=True)
    budget_month = fields.Date("Budget month", readonly=True)
    warning = fields.Selection(warning_words(), "Gravest warning", readonly=True)
    warnings = fields.Char("All warnings", readonly=True)
    warning_text = fields.Char("Warnings", compute="_compute_warning_text")
    note = fields.Char("Remark")

    _once = models.UniqueIndex("(plan_id, product_id, COALESCE(warehouse_id, 0))")
    _quantity_sane = models.Constraint(
        "CHECK(quantity IS NULL OR quantity >= 0)", "No quantity is negative."
    )
    _amount_index = models.Index("(plan_id, amount DESC, id)")
    _warned_index = models.Index("(plan_id, warning) WHERE warnings IS NOT NULL")

    @api.depends("plan_id")
    def _compute_company_id(self):
        for line in self:
            line.company_id = line.plan_id.company_id

    @api.depends("warnings")
    @api.depends_context("lang")
    def _compute_warning_text(self):
        words = dict(self._fields["warning"]._description_selection(self.env))
        for line in self:
            codes = (line.warnings or "").split(",")
            line.warning_text = ", ".join(words[code] for code in codes if code in words)

    @api.constrains("product_id")
    def _check_product_id(self):
        for line in self:
            # sudo: what a part is, whoever plans it
            product = line.product_id.sudo()
            if not product.is_spare_part:
                raise ValidationError(
                    self.env._("%(name)s is no spare part.", name=product.display_name)
                )

    @api.constrains("quantity", "proposed", "adjust_reason")
    def _check_adjust_reason(self):
        for line in self:
            changed = line.uom_id.compare(line.quantity, line.proposed)
            if line.kind == "headquarters" and changed and not (line.adjust_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(part)s: say why the plan is changed from %(proposed)s to "
                        "%(quantity)s.",
                        part=line.product_id.display_name,
                        proposed=line.proposed,
                        quantity=line.quantity,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get(name) for vals in vals_list for name in SYSTEM):
            raise UserError(self._system_message())
        lines = super().create(vals_list)
        if not self.env.su:
            lines._ensure_open()
        return lines

    def write(self, vals):
        if not self.env.su:
            if SYSTEM & set(vals):
                raise UserError(self._system_message())
            self._ensure_open()
        result = super().write(vals)
        if {"quantity", "supplier_id"} & set(vals):
            # sudo: money and approval follow the planner's change
            self.sudo()._follow_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        if not self.env.su:
            self._ensure_open()

    def _system_message(self):
        return self.env._("What is computed is not edited; change the quantity, with a reason.")

    def _ensure_open(self):
        """Refuse changes of plans that were handed in or approved."""
        for plan in self.plan_id:
            if plan.state not in ("draft", "computed"):
                raise UserError(
                    self.env._("%(name)s is handed in and not changed.", name=plan.name)
                )

    def _follow_change(self):
        """Let amount, supplier's terms and approval follow a change by hand."""
        bought = self.filtered(lambda line: line.bought and line.kind == "headquarters")
        if not bought:
            return
        day = self.env["jinxing.policy.parameter"]._service_day()
        decisions = self.env["res.partner"]._supplier_decisions(
            [
                (line.supplier_id, line.product_id.product_tmpl_id)
                for line in bought
                if line.supplier_id
            ],
            day,
            bought.company_id[:1],
        )
        for line in bought:
            seller = line.product_id._select_seller(
                partner_id=line.supplier_id, quantity=line.quantity, uom_id=line.uom_id
            ) if line.supplier_id else self.env["product.supplierinfo"]
            price = line._price_of(seller) if seller else line.price
            key = (line.supplier_id.commercial_partner_id.id, line.product_id.product_tmpl_id.id)
            decision = decisions.get(key)
            vals = {
                "price": price,
                "amount": price * line.quantity,
                "supplier_approved": bool(decision and decision.outcome == "approved"),
            }
            # sudo: called in sudo, without the guards of write
            line.sudo()._store(vals)

    def _store(self, vals):
        """Write what follows from a change, without asking again whether it may be changed."""
        return super().write(vals)

    def _price_of(self, seller):
        """Return a supplier's price in the company's currency and the part's own unit."""
        self.ensure_one()
        price = seller.product_uom_id._compute_price(seller.price_discounted, self.uom_id)
        return seller.currency_id._convert(
            price, self.currency_id, self.company_id, fields.Date.context_today(self), round=False
        )

    # -- why -------------------------------------------------------------------------------------

    def _facts(self):
        """Return the line as the rule saw it."""
        self.ensure_one()
        plan = self.plan_id
        policy = self.env["jinxing.policy.parameter"]
        return rules.LineFacts(
            forecast=self.forecast,
            growth=self.growth,
            requested=self.requested,
            transfers=self.transfers,
            on_hand=self.on_hand,
            incoming=self.incoming,
            committed=self.committed,
            safety=self.safety,
            months=plan.months,
            overstock_months=policy._value("parts_overstock_months", company=plan.company_id),
            today=policy._service_day(plan.computed_at, plan.company_id),
            need_by=plan.date_from,
            lead_days=self.lead_days,
            bought=self.bought,
            supplier=self.supplier_id.display_name or "",
            approved=self.supplier_approved,
            min_qty=self.min_qty,
            pack_qty=self.pack_qty,
            price=self.price,
            superseded_by=self.product_id.superseded_by_id.display_name or "",
        )

    def action_why(self):
        """Store and open how the quantity came about (A4)."""
        self.check_access("read")
        computed = self.filtered(lambda line: line.kind == "headquarters")
        decisions = {
            line.id: rules.decide_line(
                line._facts(), line.product_id.display_name, line.warehouse_id.name
            )
            for line in computed
        }
        # sudo: the answer is the system's
        computed.sudo()._record_decisions("parts_plan", decisions)
        return super().action_why()
