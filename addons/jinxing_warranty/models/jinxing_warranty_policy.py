from datetime import date, timedelta
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ..rules.coverage import (
    CLASS_CLAUSES,
    CoverLine,
    refuse_below_floor,
)
from .jinxing_component import cover_classes
from .service_day import service_day

#: cover class -> policy parameter that holds the floor of L24b, months
FLOOR_KEYS = {
    "machine": "statute_floor_machine_months",
    "main": "statute_floor_main_months",
}
#: Fields of a policy that old faults are judged by.
JUDGED_BY = frozenset(
    {"product_tmpl_id", "categ_id", "date_from", "no_proof_reading", "line_ids", "company_id"}
    | {"active"}
)


class Promise(NamedTuple):
    """What a policy promises, and for which machines and days: all a decision asks of it."""

    name: str = ""
    product_tmpl_id: int | bool = False
    categ_id: int | bool = False
    date_from: date | bool = False
    date_to: date | bool = False
    no_proof_reading: str = "both"
    lines: tuple[CoverLine, ...] = ()


class JinxingWarrantyPolicy(models.Model):
    """How long which class is covered, for which machines, from which day on (G4)."""

    _name = "jinxing.warranty.policy"
    _description = "Warranty Policy"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Model",
        domain=[("is_machine", "=", True)],
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    categ_id = fields.Many2one("product.category", "Category", index="btree_not_null")
    date_from = fields.Date("Faults from", required=True, tracking=True)
    date_to = fields.Date("Faults until", tracking=True)
    no_proof_reading = fields.Selection(
        [
            ("both", "Card and invoice are both missing"),
            ("either", "Card or invoice is missing"),
        ],
        "No proof means (G5.3)",
        required=True,
        default="both",
    )
    line_ids = fields.One2many("jinxing.warranty.policy.line", "policy_id", copy=True)
    company_id = fields.Many2one("res.company", index="btree_not_null")
    active = fields.Boolean(default=True)

    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "A policy cannot end before it begins."
    )
    _one_target = models.Constraint(
        "CHECK(product_tmpl_id IS NULL OR categ_id IS NULL)",
        "A policy is for one model or for one category, not for both.",
    )

    @api.constrains("line_ids", "date_from", "active")
    def _check_floor(self):
        """Refuse a policy below the statute's floor (L24b), naming the fact.

        A class with a floor that the policy does not state counts as none.
        """
        statutes = self.env["jinxing.clause"]._enabled_statutes()
        labels = dict(self.line_ids._fields["cover_class"]._description_selection(self.env))
        for policy in self.filtered("active"):
            floors = policy._floors(max(policy.date_from, service_day(policy.env)))
            lines = policy._cover_lines()
            stated = {line.cover_class for line in lines}
            lines += tuple(CoverLine(name, 0) for name in floors if name not in stated)
            broken = refuse_below_floor(lines, floors, statutes)
            if broken:
                cover_class, months, floor = broken[0]
                raise ValidationError(
                    self.env._(
                        "%(months)s months for “%(class)s” are below the floor of the law: L24b "
                        "demands at least %(floor)s months.",
                        months=months,
                        floor=floor,
                        **{"class": labels[cover_class]},
                    )
                )

    @api.constrains("product_tmpl_id", "categ_id", "company_id", "date_from", "date_to", "active")
    def _check_overlap(self):
        for policy in self.filtered("active"):
            twin = self.search(
                [
                    ("id", "!=", policy.id),
                    ("product_tmpl_id", "=", policy.product_tmpl_id.id),
                    ("categ_id", "=", policy.categ_id.id),
                    ("company_id", "=", policy.company_id.id),
                    ("date_from", "<=", policy.date_to or "9999-12-31"),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", policy.date_from),
                ],
                limit=1,
            )
            if twin:
                raise ValidationError(
                    self.env._(
                        "“%(one)s” and “%(other)s” hold for the same machines on the same days. "
                        "End one before the other begins.",
                        one=policy.name,
                        other=twin.name,
                    )
                )

    # -- what old faults are judged by stays ---------------------------------------------------

    def write(self, vals):
        if not self.env.su and JUDGED_BY & set(vals):
            self._ensure_not_used()
        if not self.env.su and "date_to" in vals:
            self._ensure_no_past_end(fields.Date.to_date(vals["date_to"]))
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._ensure_not_used()

    def _ensure_not_used(self):
        """Refuse to touch what faults before today were judged by."""
        today = service_day(self.env)
        used = self.filtered(lambda p: p.date_from < today)
        if used:
            raise UserError(
                self.env._(
                    "“%(names)s” has been in force: old faults are judged by it. End it, and make "
                    "a new policy from the day after.",
                    names=", ".join(used.mapped("name")),
                )
            )

    def _ensure_no_past_end(self, day):
        """Refuse an end that would take a policy from faults already judged by it."""
        yesterday = service_day(self.env) - timedelta(days=1)
        for policy in self:
            ended = policy.date_to and policy.date_to < yesterday
            if policy.date_from <= yesterday and (ended or (day and day < yesterday)):
                raise UserError(
                    self.env._("A policy ends yesterday at the earliest, and stays ended.")
                )

    # -- which one holds -----------------------------------------------------------------------

    def _cover_lines(self):
        """Return the lines as facts for rules/coverage.py."""
        return tuple(
            CoverLine(line.cover_class, line.months, line.clause_id.code or "")
            for line in self.line_ids
        )

    @api.model
    def _floors(self, on):
        """Return ``{class: months}`` the law demands on the day ``on`` (L24b)."""
        value = self.env["jinxing.policy.parameter"]._value
        return {cover_class: value(key, on) for cover_class, key in FLOOR_KEYS.items()}

    @api.model
    def _candidates(self, company):
        """Return all policies of a company, those to try first coming first."""
        # sudo: whoever asks whether a fault is covered is judged by the same policies
        policies = self.sudo().search([("company_id", "in", [company.id, False])])
        return policies.sorted(
            lambda p: (
                not p.product_tmpl_id,
                -(p.categ_id.parent_path or "").count("/"),
                not p.company_id,
            )
        )

    @api.model
    @tools.ormcache("company_id")
    def _promises(self, company_id):
        """Return what the policies of a company promise, those to try first coming first."""
        return tuple(
            Promise(
                name=policy.name,
                product_tmpl_id=policy.product_tmpl_id.id,
                categ_id=policy.categ_id.id,
                date_from=policy.date_from,
                date_to=policy.date_to,
                no_proof_reading=policy.no_proof_reading,
                lines=policy._cover_lines(),
            )
            for policy in self._candidates(self.env["res.company"].browse(company_id))
        )

    @api.model
    def _promise(self, company, product, on):
        """Return what holds for a machine's product and a fault's day, see :meth:`_pick`."""
        for promise in self._promises(company.id):
            if promise.date_from > on or (promise.date_to and promise.date_to < on):
                continue
            if promise.product_tmpl_id and promise.product_tmpl_id != product.product_tmpl_id.id:
                continue
            if promise.categ_id:
                above = self.env["product.category"].browse(promise.categ_id).parent_path
                if not (product.categ_id.parent_path or "").startswith(above):
                    continue
            return promise
        return Promise()

    def _pick(self, product, on):
        """Return the policy of ``self`` for a machine's product and a fault's day.

        A model's own policy goes before its category's, the nearest category first, and that
        before the general one. Empty when none holds.
        """
        path = product.categ_id.parent_path or ""
        for policy in self:
            if policy.date_from > on or (policy.date_to and policy.date_to < on):
                continue
            if policy.product_tmpl_id and policy.product_tmpl_id != product.product_tmpl_id:
                continue
            if policy.categ_id and not path.startswith(policy.categ_id.parent_path):
                continue
            return policy
        return self.browse()


class JinxingWarrantyPolicyLine(models.Model):
    """Months of cover for one class."""

    _name = "jinxing.warranty.policy.line"
    _description = "Warranty Policy Line"
    _order = "policy_id, id"

    policy_id = fields.Many2one(
        "jinxing.warranty.policy", required=True, index=True, ondelete="cascade"
    )
    cover_class = fields.Selection(cover_classes(), required=True)
    months = fields.Integer(required=True)
    clause_id = fields.Many2one(
        "jinxing.clause", compute="_compute_clause_id", store=True, readonly=False, precompute=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)

    _class_unique = models.Constraint(
        "unique(policy_id, cover_class)", "A policy states each class once."
    )
    _months_positive = models.Constraint("CHECK(months > 0)", "Cover lasts at least a month.")

    @api.depends("cover_class")
    def _compute_clause_id(self):
        clauses = self.env["jinxing.clause"]
        for line in self:
            code = CLASS_CLAUSES.get(line.cover_class)
            line.clause_id = clauses._by_codes([code]) if code else False

    @api.constrains("months", "cover_class")
    def _check_floor(self):
        self.policy_id._check_floor()

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        # A line that comes with its policy belongs to it; one added later changes it.
        later = lines.policy_id.filtered(lambda p: p.create_date and p.line_ids - lines)
        if not self.env.su:
            later._ensure_not_used()
        self.env.registry.clear_cache()
        return lines

    def write(self, vals):
        if not self.env.su:
            self.policy_id._ensure_not_used()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        self.env.registry.clear_cache()
        policies.exists()._check_floor()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if not self.env.su:
            self.policy_id._ensure_not_used()


class ProductCategory(models.Model):
    _inherit = "product.category"

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            # The nearest category's policy goes first.
            self.env.registry.clear_cache()
        return result
