from odoo import fields, models


class JinxingBulletin(models.Model):
    _inherit = "jinxing.bulletin"

    product_tmpl_ids = fields.Many2many(
        "product.template",
        string="Models",
        domain=[("is_machine", "=", True)],
        help="Shown wherever a machine of these models is; empty: all models.",
    )
