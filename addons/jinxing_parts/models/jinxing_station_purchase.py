from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..rules import suppliers

#: What the rule and the review set.
SYSTEM = frozenset({"name", "outcome", "state", "review", "reviewed_by_id", "reviewed_on"})


class JinxingStationPurchase(models.Model):
    """What a station or dealer bought itself and reports (A2)."""

    _name = "jinxing.station.purchase"
    _description = "Reported Purchase"
    _inherit = ["mail.thread", "jinxing.decision.mixin"]
    _order = "date desc, id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    partner_id = fields.Many2one("res.partner", "Station", required=True, index=True)
    supplier_id = fields.Many2one("res.partner", "Supplier we know", index="btree_not_null")
    supplier_name = fields.Char("Supplier", required=True)
    product_id = fields.Many2one(
        "product.product", "Part", required=True, domain="[('is_spare_part', '=', True)]"
    )
    qty = fields.Float("Quantity", digits="Product Unit", required=True, default=1.0)
    price_unit = fields.Monetary("Price")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("Bought on", required=True, default=fields.Date.context_today)
    invoice_number = fields.Char("Invoice number", required=True)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "jinxing_station_purchase_attachment_rel",
        "purchase_id",
        "attachment_id",
        "Invoice",
    )
    outcome = fields.Selection(
        [("approved", "Proper channel"), ("refused", "Improper channel")],
        "Judged",
        readonly=True,
        copy=False,
        index=True,
    )
    state = fields.Selection(
        [("reported", "Reported"), ("reviewed", "Reviewed")],
        default="reported",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    review = fields.Text("What was done about it", readonly=True, copy=False)
    reviewed_by_id = fields.Many2one("res.users", "Reviewed by", readonly=True, copy=False)
    reviewed_on = fields.Date("Reviewed on", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    _sane = models.Constraint(
        "CHECK(qty > 0 AND (price_unit IS NULL OR price_unit >= 0))",
        "A purchase has a quantity, and no negative price.",
    )
    _open_index = models.Index("(company_id, id DESC) WHERE state = 'reported'")

    @api.constrains("date")
    def _check_date(self):
        today = self.env["jinxing.policy.parameter"]._service_day()
        if self.filtered(lambda purchase: purchase.date > today):
            raise ValidationError(self.env._("The day of the purchase lies in the future."))

    @api.constrains("product_id")
    def _check_product_id(self):
        for purchase in self:
            # sudo: what a part is, whoever reports it
            product = purchase.product_id.sudo()
            if not product.is_spare_part:
                raise ValidationError(
                    self.env._("%(name)s is no spare part.", name=product.display_name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and any(vals.get(field) for field in SYSTEM - {"name", "state"}):
                raise UserError(self._system_message())
            if vals.get("state", "reported") != "reported":
                raise UserError(self._system_message())
            vals["name"] = self.env["ir.sequence"].next_by_code("jinxing.station.purchase")
        purchases = super().create(vals_list)
        # sudo: the answer is the system's
        purchases.sudo()._judge()
        return purchases

    def write(self, vals):
        if not self.env.su and SYSTEM & set(vals):
            raise UserError(self._system_message())
        if self.filtered(lambda p: p.state == "reviewed") and not self.env.su:
            raise UserError(self.env._("What was reviewed is not changed."))
        result = super().write(vals)
        if {"supplier_id", "product_id", "date"} & set(vals):
            # sudo: as above
            self.sudo()._judge()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(self.env._("A reported purchase is not deleted."))

    def _system_message(self):
        return self.env._("A reported purchase is judged by the rule and reviewed by its button.")

    def _judge(self):
        """Store whether each was bought through a proper channel (A2)."""
        for purchase in self:
            part = purchase.product_id.product_tmpl_id
            supplier = purchase.supplier_id
            decision = self.env["res.partner"]._supplier_decisions(
                [(supplier, part)], purchase.date, purchase.company_id
            )[supplier.commercial_partner_id.id, part.id]
            purchase._record_decisions("supplier", {purchase.id: decision})
            purchase.outcome = decision.outcome

    def action_review(self, review=None):
        """Close reported purchases; an improper one says what was done about it (A2)."""
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor may do this."))
        wrong = self.filtered(lambda purchase: purchase.outcome == suppliers.REFUSED)
        if wrong and not (review or "").strip():
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("What is done about it?"),
                "res_model": "jinxing.parts.reason",
                "view_mode": "form",
                "target": "new",
                "context": {"default_action": "review", "default_purchase_ids": self.ids},
            }
        if self.filtered(lambda purchase: purchase.state != "reported"):
            raise UserError(self.env._("It is reviewed already."))
        # sudo: the review is nobody's to edit afterwards
        self.sudo().write(
            {
                "state": "reviewed",
                "review": (review or "").strip() or False,
                "reviewed_by_id": self.env.uid,
                "reviewed_on": fields.Date.context_today(self),
            }
        )
        return True
