from odoo import api, fields, models

#: ``{what is done: (model, method)}``
_STEPS = {
    "voucher_cancel": ("jinxing.service.voucher", "action_cancel"),
    "custody_cancel": ("jinxing.cash.custody", "action_cancel"),
    "claim_refuse": ("jinxing.recovery.claim", "action_refuse"),
}


class JinxingMoneyReason(models.TransientModel):
    """Asks for the reason of a step with money that needs one."""

    _name = "jinxing.money.reason"
    _description = "Reason of a Step with Money"

    step = fields.Selection(
        [
            ("voucher_cancel", "Cancel the voucher"),
            ("custody_cancel", "Cancel the record"),
            ("claim_refuse", "Refused by the supplier"),
        ],
        required=True,
        readonly=True,
    )
    record_ids = fields.Json(required=True, readonly=True)
    reason = fields.Text(required=True)

    @api.model
    def _open(self, step, records):
        """Return the action that asks for the reason of ``step`` on ``records``."""
        words = dict(self._fields["step"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": words[step],
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {"default_step": step, "default_record_ids": records.ids},
        }

    def action_confirm(self):
        """Take the step with the reason given; the step checks who may."""
        self.ensure_one()
        model, method = _STEPS[self.step]
        getattr(self.env[model].browse(self.record_ids), method)(self.reason)
        return {"type": "ir.actions.act_window_close"}
