from odoo import fields, models


class JinxingReturnNegotiation(models.Model):
    """A talk with a customer whose request was refused, and what came of it (R13)."""

    _name = "jinxing.return.negotiation"
    _description = "Negotiation"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "rma_id"

    rma_id = fields.Many2one("rma", "Return", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="rma_id.company_id", store=True)
    partner_id = fields.Many2one(related="rma_id.partner_id", string="Customer")
    user_id = fields.Many2one(
        "res.users", "Led by", required=True, default=lambda self: self.env.user
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    proposal = fields.Text("What we proposed", tracking=True)
    answer = fields.Text("What the customer said", tracking=True)
    outcome = fields.Selection(
        [("open", "Open"), ("agreed", "Agreed"), ("failed", "Not agreed")],
        required=True,
        default="open",
        tracking=True,
    )
    agreement = fields.Text(tracking=True)

    _agreed_says_what = models.Constraint(
        "CHECK(outcome != 'agreed' OR agreement IS NOT NULL)",
        "An agreement says what was agreed.",
    )
