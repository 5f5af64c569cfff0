from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

#: What only the steps of a plan set.
SYSTEM = frozenset(
    {
        "name", "state", "submitted_at", "consolidated_in_id", "computed_at",
        "purchase_request_id", "approved_at", "company_budget",
    }
)
#: Fixed once it is handed in.
FACTS = frozenset({"kind", "partner_id", "date_from", "date_to", "company_id"})


class JinxingPartsPlan(models.Model):
    """A parts plan (备品配件计划): of a station, of a centre, or headquarters' of all (A4)."""

    _name = "jinxing.parts.plan"
    _description = "Parts Plan"
    _inherit = ["mail.thread"]
    _order = "date_from desc, kind, id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    kind = fields.Selection(
        [("station", "Station"), ("centre", "Parts centre"), ("headquarters", "Headquarters")],
        required=True,
        default="headquarters",
    )
    partner_id = fields.Many2one("res.partner", "Planned by", index="btree_not_null")
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        "Supplied from",
        compute="_compute_warehouse_id",
        store=True,
        precompute=True,
        help="Whose demand it is.",
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1)
        + relativedelta(months=1),
    )
    date_to = fields.Date(
        "To",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1)
        + relativedelta(months=2, days=-1),
    )
    months = fields.Integer(compute="_compute_months")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("consolidated", "Consolidated"),
            ("computed", "Computed"),
            ("to_approve", "To be approved"),
            ("approved", "Approved"),
            ("ordered", "Ordered"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users", "Entered by", readonly=True, default=lambda self: self.env.user
    )
    submitted_at = fields.Datetime("Submitted on", readonly=True, copy=False)
    consolidated_in_id = fields.Many2one(
        "jinxing.parts.plan",
        "Consolidated in",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    source_ids = fields.One2many(
        "jinxing.parts.plan", "consolidated_in_id", "Plans of stations and centres"
    )
    line_ids = fields.One2many("jinxing.parts.plan.line", "plan_id", "Parts")
    line_count = fields.Integer("Lines", compute="_compute_figures")
    warning_count = fields.Integer("Warnings", compute="_compute_figures")
    buy_count = fields.Integer("To buy", compute="_compute_figures")
    amount_total = fields.Monetary("Budget", compute="_compute_figures")
    currency_id = fields.Many2one(related="company_id.currency_id")
    computed_at = fields.Datetime("Computed on", readonly=True, copy=False)
    purchase_request_id = fields.Many2one(
        "purchase.request", "Purchase request", readonly=True, copy=False, index="btree_not_null"
    )
    purchase_order_count = fields.Integer(
        "Requests for quotation", compute="_compute_purchase_order_count"
    )
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False)
    note = fields.Text("Remarks")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    _ordered = models.Constraint(
        "CHECK(date_to >= date_from)", "A plan cannot end before it begins."
    )
    _partner_of_station = models.Constraint(
        "CHECK((kind = 'headquarters') = (partner_id IS NULL))",
        "Stations and centres plan for themselves, headquarters for all.",
    )
    _open_index = models.Index("(company_id, kind, date_from) WHERE state = 'submitted'")

    @api.depends("partner_id", "company_id")
    def _compute_warehouse_id(self):
        for plan in self:
            # sudo: whose demand it is follows from the network
            partner = plan.partner_id.sudo()
            if not partner:
                plan.warehouse_id = plan.company_id._parts_headquarters()
            elif partner.is_parts_centre:
                plan.warehouse_id = self.env["stock.warehouse"]._of_centre(partner)
            else:
                plan.warehouse_id = partner._supply_warehouse(
                    partner._supply_decision(), plan.company_id
                )

    @api.depends("date_from", "date_to")
    def _compute_months(self):
        for plan in self:
            if plan.date_from and plan.date_to:
                last = plan.date_to + relativedelta(days=1)
                span = relativedelta(last, plan.date_from)
                plan.months = max(span.years * 12 + span.months + (span.days > 15), 1)
            else:
                plan.months = 1

    @api.depends("line_ids.quantity", "line_ids.amount", "line_ids.warnings")
    def _compute_figures(self):
        lines = self.env["jinxing.parts.plan.line"]
        empty = {"lines": 0, "amount": 0.0, "warned": 0, "bought": 0}
        found = {plan.id: dict(empty) for plan in self}
        lines.flush_model(["plan_id", "amount", "warnings", "bought", "quantity"])
        for key, domain in (
            ("lines", []),
            ("warned", [("warnings", "!=", False)]),
            ("bought", [("bought", "=", True), ("quantity", ">", 0)]),
        ):
            for plan, count, amount in lines._read_group(
                [("plan_id", "in", self.ids), *domain], ["plan_id"], ["__count", "amount:sum"]
            ):
                found[plan.id][key] = count
                if key == "bought":
                    found[plan.id]["amount"] = amount
        for plan in self:
            figures = found.get(plan.id, empty)
            plan.line_count = figures["lines"]
            plan.warning_count = figures["warned"]
            plan.buy_count = figures["bought"]
            plan.amount_total = figures["amount"]

    def _compute_purchase_order_count(self):
        for plan in self:
            # sudo: only how many there are
            request = plan.sudo().purchase_request_id
            plan.purchase_order_count = len(request.line_ids.purchase_lines.order_id)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if self.filtered(lambda plan: plan.date_to < plan.date_from):
            raise ValidationError(self.env._("A plan cannot end before it begins."))

    @api.constrains("partner_id", "kind", "company_id")
    def _check_partner_id(self):
        for plan in self:
            # sudo: what the planner is decides, whoever enters the plan
            partner = plan.partner_id.sudo()
            fits = {
                "headquarters": not partner,
                "centre": partner.is_parts_centre,
                "station": partner.commercial_partner_id.is_service_station
                or partner.commercial_partner_id.is_dealer
                or bool(partner and partner._is_own_staff()),
            }
            if not fits[plan.kind]:
                raise ValidationError(
                    self.env._(
                        "%(name)s is no station, dealer, technician or parts centre that plans.",
                        name=partner.display_name,
                    )
                )

    # -- create, write, delete -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and any(
                vals.get(name) for name in SYSTEM - {"name", "state"}
            ) or vals.get("state", "draft") != "draft":
                raise UserError(self._system_message())
            vals["name"] = self.env["ir.sequence"].next_by_code("jinxing.parts.plan")
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if SYSTEM & set(vals):
                raise UserError(self._system_message())
            if FACTS & set(vals) and self.filtered(lambda plan: plan.state != "draft"):
                raise UserError(self.env._("A plan that was handed in keeps its period."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if self.filtered(lambda plan: plan.state not in ("draft", "cancelled")):
            raise UserError(self.env._("Only a draft or cancelled plan is deleted."))

    def _system_message(self):
        return self.env._("A plan moves by its buttons, not by editing.")

    def _ensure_role(self, *roles):
        """Refuse who holds none of the roles.

        :raises AccessError: he does not
        """
        self.check_access("read")
        user = self.env.user
        if self.env.su or any(user.has_group(f"jinxing_base.group_{role}") for role in roles):
            return
        raise AccessError(self.env._("Your role does not do this."))

    def _ensure_state(self, *states, kinds=None):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for plan in self:
            if plan.state not in states or (kinds and plan.kind not in kinds):
                raise UserError(
                    self.env._(
                        "%(name)s is “%(state)s”: this is not possible.",
                        name=plan.name,
                        state=labels[plan.state],
                    )
                )

    # -- submitting (A4) -------------------------------------------------------------------------

    def action_submit(self):
        """Hand plans of stations and centres in to headquarters (A4)."""
        self._ensure_role("parts_keeper", "supervisor")
        self._submit()
        return True

    def _submit(self):
        """Hand in without asking for a role: the portal has asked whose plan it is."""
        self._ensure_state("draft", kinds=("station", "centre"))
        for plan in self:
            if not plan.line_ids:
                raise UserError(self.env._("%(name)s plans nothing.", name=plan.name))
        # sudo: the state is nobody's to edit
        self.sudo().write({"state": "submitted", "submitted_at": fields.Datetime.now()})

    def action_cancel(self):
        """Give plans up that nothing rests on yet."""
        self._ensure_role("parts_keeper", "supervisor")
        self._ensure_state("draft", "submitted", "computed")
        # sudo: as above
        self.source_ids.sudo().write({"state": "submitted", "consolidated_in_id": False})
        self.sudo().write({"state": "cancelled"})  # sudo: as above
        return True

    def action_open_lines(self):
        """Open the lines of the plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_parts.jinxing_parts_plan_line_action"
        )
        action["domain"] = [("plan_id", "=", self.id)]
        return action

    def action_open_warnings(self):
        """Open the lines with a stock warning (库存预警)."""
        return {
            **self.action_open_lines(),
            "context": {"search_default_warned": 1},
        }

    def action_open_budget(self):
        """Open the purchase budget by supplier and month."""
        action = self.action_open_lines()
        views = [
            (self.env.ref("jinxing_parts.jinxing_parts_plan_line_view_pivot").id, "pivot"),
            (False, "list"),
        ]
        return {
            **action,
            "name": self.env._("Purchase Budget"),
            "views": views,
            "domain": [
                ("plan_id", "=", self.id), ("bought", "=", True), ("quantity", ">", 0),
            ],
            "context": {},
        }
