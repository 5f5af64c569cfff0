from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    """Machines we make, and the spare parts approved for them (G1.2)."""

    _inherit = "product.template"

    is_machine = fields.Boolean("Machine", index=True, help="A model we give a warranty card for.")
    component_id = fields.Many2one(
        "jinxing.component",
        index="btree_not_null",
        help="Which component it replaces.",
    )
    cover_class = fields.Selection(related="component_id.cover_class")
    is_assembly = fields.Boolean(
        "Assembly",
        compute="_compute_is_assembly",
        store=True,
        readonly=False,
        tracking=True,
        help="The component as a whole, not one of its parts: fitted only by a right to it or "
        "with a supervisor's approval (G3.2).",
    )
    approved_model_ids = fields.Many2many(
        "product.template",
        "jinxing_product_approved_model_rel",
        "part_id",
        "model_id",
        string="Approved for models",
        domain=[("is_machine", "=", True)],
        help="Only these machines may be fitted with this part (G1.2).",
    )
    return_old_part = fields.Boolean("Old part must come back")
    bulletin_ids = fields.Many2many("jinxing.bulletin", string="Bulletins")

    @api.depends("component_id.is_assembly")
    def _compute_is_assembly(self):
        for product in self:
            # sudo: what a component is does not depend on who asks
            product.is_assembly = product.sudo().component_id.is_assembly

    @api.constrains("is_machine", "tracking")
    def _check_machine_tracking(self):
        for product in self:
            if product.is_machine and product.tracking != "serial":
                raise ValidationError(
                    self.env._(
                        "%(name)s is a machine: it must be tracked by serial number.",
                        name=product.display_name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("is_machine"):
            self.env["stock.lot"]._fill_missing_tokens()
        return result
