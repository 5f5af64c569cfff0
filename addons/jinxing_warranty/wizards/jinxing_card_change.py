from odoo import api, fields, models

from ..models.jinxing_warranty_card_change import CORRECTABLE
from ..models.service_day import service_day


class JinxingCardChange(models.TransientModel):
    """Asks what is needed to void, correct or hand over a card."""

    _name = "jinxing.card.change"
    _description = "Change of a Card"

    card_id = fields.Many2one("jinxing.warranty.card", required=True, readonly=True)
    card_state = fields.Selection(related="card_id.state")
    kind = fields.Selection(
        [("void", "Void"), ("correct", "Correct"), ("transfer", "Change of owner")],
        required=True,
        readonly=True,
    )
    reason = fields.Text()
    name = fields.Char("Card number")
    lot_id = fields.Many2one("stock.lot", "Machine", domain=[("is_machine", "=", True)])
    product_id = fields.Many2one(
        "product.product", "Model on the card", domain=[("is_machine", "=", True)]
    )
    serial = fields.Char("Serial number")
    engine_number = fields.Char()
    manufacture_date = fields.Date("Manufactured on")
    owner_id = fields.Many2one("res.partner")
    owner_phone = fields.Char("Owner's phone")
    dealer_id = fields.Many2one("res.partner", domain=[("is_dealer", "=", True)])
    invoice_number = fields.Char()
    invoice_date = fields.Date("Invoice day")
    seller_error = fields.Boolean("Error made by the seller")
    date = fields.Date("First day", default=lambda self: service_day(self.env))

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        card = self.env["jinxing.warranty.card"].browse(values.get("card_id"))
        if card and values.get("kind") == "correct":
            card.check_access("read")
            for name in CORRECTABLE:
                value = card[name]
                values[name] = value.id if card._fields[name].relational else value
        return values

    def action_apply(self):
        """Do it; the card's own methods check whether it may be done."""
        self.ensure_one()
        card = self.card_id
        if self.kind == "void":
            return card.action_void(self.reason or " ")
        if self.kind == "transfer":
            return card.action_transfer_owner(self.owner_id.id or 0, self.date, self.owner_phone)
        values = {
            name: self[name].id if self._fields[name].relational else self[name]
            for name in CORRECTABLE
        }
        changed = card._changes(values, CORRECTABLE)
        return card.action_correct({name: values[name] for name in changed}, self.reason)
