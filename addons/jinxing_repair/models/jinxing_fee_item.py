from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError


class JinxingFeeItem(models.Model):
    """A line of the fee card (费用标准卡): labour with its standard hours, or travel (S8.4)."""

    _name = "jinxing.fee.item"
    _description = "Fee Item"
    _order = "kind, sequence, code"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("labour", "Labour"), ("travel", "Travel"), ("other", "Other")],
        required=True,
        default="labour",
    )
    category_id = fields.Many2one(
        "jinxing.fault.category", "Fault category", index="btree_not_null"
    )
    product_id = fields.Many2one(
        "product.product",
        "Invoiced as",
        required=True,
        domain=[("type", "=", "service")],
        check_company=True,
    )
    hours = fields.Float("Standard quantity", default=1.0, help="Hours of labour, or kilometres.")
    price_unit = fields.Monetary(
        "Price of a unit", required=True, help="Per hour or kilometre, before tax."
    )
    amount = fields.Monetary("Standard amount", compute="_compute_amount")
    currency_id = fields.Many2one(related="company_id.currency_id")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    sequence = fields.Integer(default=10)
    date_from = fields.Date("Holds from")
    date_to = fields.Date("Holds until")
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "unique(code, company_id)", "This code stands on the fee card already."
    )
    _not_negative = models.Constraint(
        "CHECK(price_unit >= 0 AND hours >= 0)", "Prices and hours are not negative."
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "A fee item cannot end before it begins.",
    )

    @api.depends("hours", "price_unit")
    def _compute_amount(self):
        for item in self:
            item.amount = item.hours * item.price_unit

    @api.depends("code", "name")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"[{item.code}] {item.name}" if item.code else item.name

    @api.model_create_multi
    def create(self, vals_list):
        """Let what is charged carry the company's sales tax, where nobody has set another."""
        items = super().create(vals_list)
        items._ensure_taxes()
        return items

    def _ensure_taxes(self):
        """Give the products of the fee card the company's sales tax where they have none.

        They come with the addon, maybe before the chart of accounts with its taxes.
        """
        for company, items in self.grouped("company_id").items():
            tax = company.account_sale_tax_id
            # sudo: who keeps the fee card need not be allowed to edit products
            untaxed = items.product_id.sudo().filtered(
                lambda p, c=company: not p.taxes_id.filtered(lambda t: t.company_id == c)
            )
            if tax and untaxed:
                untaxed.taxes_id = [Command.link(tax.id)]

    @api.constrains("product_id")
    def _check_product(self):
        for item in self:
            if item.product_id.type != "service":
                raise ValidationError(
                    self.env._("%(name)s: a fee is invoiced as a service.", name=item.name)
                )
