from odoo import fields, models
from odoo.exceptions import UserError


class JinxingSettlementMake(models.TransientModel):
    """Make a month's settlements (G1.3)."""

    _name = "jinxing.settlement.make"
    _description = "Make Settlements"

    day = fields.Date("A day of the month", required=True, default=fields.Date.context_today)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    partner_ids = fields.Many2many(
        "res.partner",
        string="Providers",
        domain=["|", ("is_dealer", "=", True), ("is_service_station", "=", True)],
        help="Empty for all with work. Named ones get a settlement even without work, for "
        "claims entered by hand.",
    )

    def action_confirm(self):
        """Make the settlements and open them.

        :raises UserError: there is nothing to settle
        """
        self.ensure_one()
        settlements = self.env["jinxing.settlement"]
        made = settlements._build(self.day, self.company_id, self.partner_ids)
        if not made:
            raise UserError(self.env._("There is nothing to settle for this month."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_repair.jinxing_settlement_action"
        )
        action.update(domain=[("id", "in", made.ids)], context={})
        if len(made) == 1:
            action.update(views=[(False, "form")], res_id=made.id)
        return action


class JinxingSettlementRefuse(models.TransientModel):
    """Asks why lines of a settlement are refused (G1.3)."""

    _name = "jinxing.settlement.refuse"
    _description = "Refuse Settlement Lines"

    line_ids = fields.Many2many("jinxing.settlement.line", required=True, readonly=True)
    reason_id = fields.Many2one("jinxing.refusal.reason", required=True)
    needs_note = fields.Boolean(related="reason_id.needs_note")
    note = fields.Char("Explanation")

    def action_confirm(self):
        """Refuse the lines."""
        self.ensure_one()
        self.line_ids.action_refuse(self.reason_id.id, self.note)
        return {"type": "ir.actions.act_window_close"}


class JinxingRecoveryAccept(models.TransientModel):
    """Asks what the supplier accepts of a recovery claim."""

    _name = "jinxing.recovery.accept"
    _description = "Accepted Recovery Claim"

    claim_id = fields.Many2one("jinxing.recovery.claim", required=True, readonly=True)
    currency_id = fields.Many2one(related="claim_id.currency_id")
    amount = fields.Monetary("Accepted", required=True)
    answer = fields.Text(help="Needed when he accepts a part only.")

    def default_get(self, names):
        values = super().default_get(names)
        claim = self.env["jinxing.recovery.claim"].browse(values.get("claim_id"))
        if "amount" in names and claim:
            values.setdefault("amount", claim.amount_total)
        return values

    def action_confirm(self):
        """Note the supplier's answer."""
        self.ensure_one()
        self.claim_id.action_accept(self.amount, self.answer)
        return {"type": "ir.actions.act_window_close"}
