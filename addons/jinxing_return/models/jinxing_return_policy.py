from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules.refund import ReturnPolicy

#: The law's floor for goods under the three guarantees is not weakened by the company's terms.
_NUMBERS = ("no_reason_days", "normal_days", "season_grace_days", "season_cap_paid", "date_from")


class JinxingReturnPolicy(models.Model):
    """A version of the company's return terms, with the day from which it holds (R9).

    A version that has been in force stays: old requests are judged by it.
    """

    _name = "jinxing.return.policy"
    _description = "Return Policy"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"

    name = fields.Char(required=True)
    date_from = fields.Date("Holds from", required=True, tracking=True)
    no_reason_days = fields.Integer(
        "Days without a reason", tracking=True, help="After the sale; 0: no limit (R10)."
    )
    normal_days = fields.Integer(
        "Days as normal goods",
        default=7,
        required=True,
        tracking=True,
        help="Three-guarantees goods go back like normal ones in these days (R11).",
    )
    season_grace_days = fields.Integer(
        "Days of grace after the season", tracking=True, help="Then a return is late (R12.2)."
    )
    season_cap_paid = fields.Boolean(
        "Season's price at most what was paid", default=True, tracking=True
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Today's prices",
        help="Today's price of seasonal goods; empty: the sales price of the product.",
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")
    active = fields.Boolean(default=True)

    _not_negative = models.Constraint(
        "CHECK(no_reason_days >= 0 AND season_grace_days >= 0)", "Days are not negative."
    )
    _normal_days_floor = models.Constraint(
        "CHECK(normal_days >= 7)",
        "Three-guarantees goods go back like normal ones for 7 days at least (R11).",
    )
    _one_per_day = models.UniqueIndex(
        "(date_from, COALESCE(company_id, 0)) WHERE active IS TRUE",
        "There is a policy for this day already.",
    )

    @api.constrains("no_reason_days", "normal_days")
    def _check_no_reason(self):
        """Terms that end R10 earlier than R11's days would weaken what is promised there."""
        for policy in self:
            if 0 < policy.no_reason_days < policy.normal_days:
                raise ValidationError(
                    self.env._(
                        "%(name)s: normal goods cannot have fewer days than those under the "
                        "three guarantees.",
                        name=policy.name,
                    )
                )

    def write(self, vals):
        if not self.env.su and set(_NUMBERS) & set(vals):
            self._ensure_not_used()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._ensure_not_used()

    def _ensure_not_used(self):
        today = fields.Date.context_today(self)
        if self.filtered(lambda policy: policy.date_from < today):
            raise UserError(
                self.env._(
                    "A policy that has been in force stays, old requests are judged by it. Add a "
                    "new version with a later date (R9)."
                )
            )

    @api.model
    def _for_day(self, day, company):
        """Return the policy in force on ``day``: the company's own before the general one.

        :raises UserError: none holds
        """
        # sudo: the terms hold for everybody, whoever asks
        found = self.sudo().search(
            [("date_from", "<=", day), ("company_id", "in", (company.id, False))],
            order="company_id NULLS LAST, date_from desc, id desc",
            limit=1,
        )
        if not found:
            raise UserError(self.env._("No return policy holds on %(day)s (R9).", day=day))
        return found

    def _rules(self):
        """Return the numbers for rules/refund.py."""
        self.ensure_one()
        return ReturnPolicy(
            name=self.name,
            no_reason_days=self.no_reason_days,
            normal_days=self.normal_days,
            season_grace_days=self.season_grace_days,
            season_cap_paid=self.season_cap_paid,
        )
