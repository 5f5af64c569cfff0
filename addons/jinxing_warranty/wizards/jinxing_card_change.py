from odoo import api, fields, models
from odoo.exceptions import UserError

#: What the form can correct, in its order.
CORRECTABLE = (
    "product_id",
    "serial",
    "owner_id",
    "owner_phone",
    "dealer_id",
    "invoice_number",
    "invoice_date",
    "seller_error",
)


class JinxingCardChange(models.TransientModel):
    """Asks what is needed to void, correct or hand over a card."""

    _name = "jinxing.card.change"
    _description = "Change of a Card"

    card_id = fields.Many2one("jinxing.warranty.card", required=True, readonly=True)
    kind = fields.Selection(
        [("void", "Void"), ("correct", "Correct"), ("transfer", "Change of owner")],
        required=True,
        readonly=True,
    )
    reason = fields.Text()
    product_id = fields.Many2one(
        "product.product", "Model on the card", domain=[("is_machine", "=", True)]
    )
    serial = fields.Char("Serial number on the card")
    owner_id = fields.Many2one("res.partner", "Owner")
    owner_phone = fields.Char("Owner's phone")
    dealer_id = fields.Many2one("res.partner", "Dealer", domain=[("is_dealer", "=", True)])
    invoice_number = fields.Char()
    invoice_date = fields.Date("Invoice day")
    seller_error = fields.Boolean("Error made by the seller")
    date = fields.Date(default=fields.Date.context_today)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        card = self.env["jinxing.warranty.card"].browse(values.get("card_id"))
        if card and values.get("kind") == "correct":
            for name in CORRECTABLE:
                value = card[name]
                values[name] = value.id if card._fields[name].relational else value
        return values

    def action_apply(self):
        """Do it; the card's own methods check whether it may be done."""
        self.ensure_one()
        if self.kind == "void":
            if not (self.reason or "").strip():
                raise UserError(self.env._("Voiding needs a reason."))
            return self.card_id.action_void(self.reason)
        if self.kind == "transfer":
            if not self.owner_id:
                raise UserError(self.env._("Choose the new owner."))
            return self.card_id.action_transfer_owner(self.owner_id, self.date, self.owner_phone)
        values = {}
        for name in CORRECTABLE:
            value = self[name]
            plain = value.id if self._fields[name].relational else value
            values[name] = plain
        changed = self.card_id._changes(values, CORRECTABLE)
        return self.card_id.action_correct({n: values[n] for n in changed}, self.reason)
