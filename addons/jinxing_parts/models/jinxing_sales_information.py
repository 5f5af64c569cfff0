from odoo import api, fields, models
from odoo.exceptions import ValidationError


class JinxingSalesInformation(models.Model):
    """What marketing expects to sell: it lets more parts be needed (A4)."""

    _name = "jinxing.sales.information"
    _description = "Sales Information"
    _inherit = ["mail.thread"]
    _order = "month desc, id desc"
    _rec_name = "product_tmpl_id"

    month = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        tracking=True,
    )
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Model",
        required=True,
        index=True,
        domain=[("is_machine", "=", True)],
        tracking=True,
    )
    region_id = fields.Many2one(
        "jinxing.region", help="Empty: spread as the machines are spread now."
    )
    qty = fields.Integer("Machines expected to be sold", required=True, tracking=True)
    note = fields.Text("Other information", help="Campaigns, recalls, cross-region harvest.")
    user_id = fields.Many2one(
        "res.users", "Told by", readonly=True, default=lambda self: self.env.user
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    _qty_not_negative = models.Constraint(
        "CHECK(qty >= 0)", "Not less than no machines are sold."
    )
    _once = models.UniqueIndex(
        "(company_id, month, product_tmpl_id, COALESCE(region_id, 0))",
        "This month, model and region is told already: change it there.",
    )

    @api.constrains("product_tmpl_id")
    def _check_product_tmpl_id(self):
        for record in self:
            if not record.product_tmpl_id.is_machine:
                raise ValidationError(
                    self.env._("%(name)s is no machine.", name=record.product_tmpl_id.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._first_of_month(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._first_of_month(vals))

    @api.model
    def _first_of_month(self, vals):
        if vals.get("month"):
            return {**vals, "month": fields.Date.to_date(vals["month"]).replace(day=1)}
        return vals
