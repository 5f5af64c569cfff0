from odoo import fields, models


class JinxingExchangeMade(models.TransientModel):
    """Asks which machine a dealer or station gave, and what the seller claims for it (G2.1)."""

    _name = "jinxing.exchange.made"
    _description = "Machine Exchanged by Others"

    right_id = fields.Many2one("jinxing.exchange.right", required=True, readonly=True)
    bearer_id = fields.Many2one(related="right_id.bearer_id")
    bearer = fields.Selection(related="right_id.bearer", string="Bears it as")
    outcome = fields.Selection(related="right_id.outcome")
    old_lot_id = fields.Many2one(related="right_id.lot_id", string="Machine taken back")
    product_id = fields.Many2one(related="right_id.lot_id.product_id", string="Model")
    currency_id = fields.Many2one(related="right_id.currency_id")
    lot_id = fields.Many2one("stock.lot", "Machine given")
    refunded = fields.Monetary("Refunded to the user", help="When he took the machine back.")
    date = fields.Date("Exchanged on", required=True, default=fields.Date.context_today)
    amount = fields.Monetary("Claimed from us", help="Before tax; nothing by a repairer (G2.2).")
    evidence_ids = fields.Many2many("ir.attachment")
    note = fields.Char()

    def action_confirm(self):
        """Note the exchange or the return; the right checks it."""
        self.ensure_one()
        if self.outcome == "return":
            self.right_id._record_return(
                self.date, self.refunded, self.amount, self.evidence_ids, self.note or ""
            )
            return {"type": "ir.actions.act_window_close"}
        self.right_id._record_exchange(
            self.lot_id, self.date, self.amount, self.evidence_ids, self.note or ""
        )
        return {"type": "ir.actions.act_window_close"}
