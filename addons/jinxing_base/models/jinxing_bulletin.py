from odoo import fields, models


class JinxingBulletin(models.Model):
    """A product bulletin (信息): what everybody who meets a model should know (G3.3)."""

    _name = "jinxing.bulletin"
    _description = "Bulletin"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"

    name = fields.Char("Title", required=True)
    number = fields.Char()
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="The network reads a bulletin from this day on.",
    )
    body = fields.Html()
    audience = fields.Selection(
        [("internal", "Own staff"), ("network", "Own staff, dealers and stations")],
        required=True,
        default="network",
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")
    active = fields.Boolean(default=True)
