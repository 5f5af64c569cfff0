from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ..rules import settlement


class JinxingSettlementRate(models.Model):
    """What a provider is paid for free repairs: per hour of a grade, kilometre, part (G1.3).

    Rates have a day from which they hold; old repairs keep the rate of their day.
    """

    _name = "jinxing.settlement.rate"
    _description = "Settlement Rate"
    _order = "kind, grade, date_from desc, id"
    _rec_name = "kind"
    _check_company_auto = True

    kind = fields.Selection(
        [
            ("labour", "Hour of labour"),
            ("travel", "Kilometre"),
            ("handling", "Part handled"),
            ("installation", "Machine put into operation"),
        ],
        required=True,
        default="labour",
    )
    grade = fields.Selection(
        [("0", "No grade"), ("1", "One star"), ("2", "Two star"), ("3", "Three star"),
         ("4", "Four star"), ("5", "Five star")],
        "Technician's grade",
        help="Labour only; empty for any.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Provider",
        index="btree_not_null",
        domain=["|", ("is_dealer", "=", True), ("is_service_station", "=", True)],
        help="Only when the contract says otherwise than for all.",
    )
    basis = fields.Selection(
        [("unit", "Amount"), ("percent", "Percent of the part's price")],
        required=True,
        default="unit",
    )
    amount = fields.Float(digits=(16, 2), required=True, help="Before tax.")
    date_from = fields.Date(
        "Holds from", required=True, default=lambda self: fields.Date.context_today(self)
    )
    note = fields.Char("Reason")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _one_per_day = models.UniqueIndex(
        "(company_id, kind, COALESCE(grade, ''), COALESCE(partner_id, 0), date_from)",
        "There is such a rate from this day on already.",
    )
    _amount_sane = models.Constraint("CHECK(amount >= 0)", "A rate is not negative.")
    _grade_for_labour = models.Constraint(
        "CHECK(grade IS NULL OR kind = 'labour')", "Only labour is paid by the grade."
    )
    _percent_for_parts = models.Constraint(
        "CHECK(basis = 'unit' OR kind = 'handling')", "Only parts have a rate in percent."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Let what is billed carry the company's purchase tax, where nobody has set another."""
        rates = super().create(vals_list)
        rates._ensure_taxes()
        return rates

    def _ensure_taxes(self):
        """Give the settlement products the company's purchase tax where they have none.

        They come with the addon, before the chart of accounts with its taxes; finance keeps
        another tax for a provider on his fiscal position.
        """
        # sudo: who keeps the rates need not be allowed to edit products
        products = self.env["product.product"].sudo().browse()
        for name in ("labour", "travel", "handling", "other"):
            product = self.env.ref(
                f"jinxing_repair.product_settlement_{name}", raise_if_not_found=False
            )
            products |= product or products
        for company in self.company_id:
            tax = company.account_purchase_tax_id
            untaxed = products.filtered(
                lambda p, c=company: not p.supplier_taxes_id.filtered(lambda t: t.company_id == c)
            )
            if tax and untaxed:
                untaxed.supplier_taxes_id = [Command.link(tax.id)]

    @api.constrains("basis", "amount")
    def _check_percent(self):
        if self.filtered(lambda rate: rate.basis == "percent" and rate.amount > 100):
            raise ValidationError(self.env._("A rate in percent is at most 100."))

    @api.depends("kind", "grade", "date_from")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        grades = dict(self._fields["grade"]._description_selection(self.env))
        for rate in self:
            words = (kinds.get(rate.kind), grades.get(rate.grade), rate.date_from)
            rate.display_name = " ".join(str(word) for word in words if word)

    @api.model
    def _as_rules(self, company):
        """Return the rates of a company for :mod:`rules.settlement`; one query."""
        # sudo: the rates hold for whoever settles
        rates = self.sudo().search([("company_id", "=", company.id)])
        return [
            settlement.Rate(
                kind=rate.kind,
                amount=rate.amount,
                valid_from=rate.date_from,
                basis=rate.basis,
                grade=int(rate.grade) if rate.grade else None,
                provider=rate.partner_id.id or None,
            )
            for rate in rates
        ]


class JinxingRefusalReason(models.Model):
    """Why a line of a settlement is refused, as a code both sides know."""

    _name = "jinxing.refusal.reason"
    _description = "Reason of a Refusal"
    _order = "code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    needs_note = fields.Boolean("Needs a note")
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("unique(code)", "This code exists already.")

    @api.depends("code", "name")
    def _compute_display_name(self):
        for reason in self:
            reason.display_name = f"{reason.code} {reason.name}"
