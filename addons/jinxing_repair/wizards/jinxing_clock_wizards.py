from odoo import api, fields, models
from odoo.exceptions import UserError


class JinxingRepairReason(models.TransientModel):
    _inherit = "jinxing.repair.reason"

    action = fields.Selection(
        selection_add=[
            ("give_notice", "Give notice"),
            ("escalate", "Escalate"),
            ("request_help", "Ask for help"),
            ("answer_escalation", "Answer"),
            ("record_apology", "Apology"),
        ],
        ondelete={
            "give_notice": "cascade",
            "escalate": "cascade",
            "request_help": "cascade",
            "answer_escalation": "cascade",
            "record_apology": "cascade",
        },
    )

    def action_confirm(self):
        if self.action != "record_apology":
            return super().action_confirm()
        self.order_ids.action_record_apology(text=self.reason)
        return {"type": "ir.actions.act_window_close"}


class JinxingRepairPromiseAsk(models.TransientModel):
    """Asks for the time promised to a customer (N5)."""

    _name = "jinxing.repair.promise.ask"
    _description = "Promise a Time"

    order_ids = fields.Many2many("repair.order", required=True, readonly=True)
    promise_at = fields.Datetime("Promised for", required=True)
    note = fields.Char("What was promised")

    def action_confirm(self):
        """Make the promise."""
        self.ensure_one()
        self.order_ids.action_promise(promise_at=self.promise_at, note=self.note)
        return {"type": "ir.actions.act_window_close"}


class JinxingRepairWaitAsk(models.TransientModel):
    """Asks why a repair stands still (G2.1, G2.2)."""

    _name = "jinxing.repair.wait.ask"
    _description = "The Repair Waits"

    order_ids = fields.Many2many("repair.order", required=True, readonly=True)
    reason = fields.Selection(
        lambda self: self.env["jinxing.repair.wait"]._fields["reason"]._description_selection(
            self.env
        ),
        "Reason of waiting",
        required=True,
    )
    product_id = fields.Many2one("product.product", "Part waited for")
    note = fields.Char()

    def action_confirm(self):
        """Open the waiting interval."""
        self.ensure_one()
        self.order_ids.action_open_wait(
            reason=self.reason, product_id=self.product_id.id, note=self.note
        )
        return {"type": "ir.actions.act_window_close"}


class JinxingRecordReason(models.TransientModel):
    """Asks for the reason of what is done to other records than dispatch orders."""

    _name = "jinxing.record.reason"
    _description = "Reason"

    action = fields.Selection(selection="_actions", required=True, readonly=True)
    res_ids = fields.Json("Records", readonly=True)
    names = fields.Char("Of", compute="_compute_names")
    reason = fields.Text(required=True)

    @api.model
    def _actions(self):
        """Return what can be asked for: ``model:method`` with its label."""
        return list(
            {
                "jinxing.absence:action_withdraw": self.env._("Withdraw the absence mark"),
                "jinxing.absence:action_uphold": self.env._("Uphold the absence mark"),
                "jinxing.liability:action_cancel": self.env._("Cancel the liability"),
                "jinxing.exchange.right:action_execute": self.env._("How it was executed"),
                "jinxing.exchange.right:action_lapse": self.env._("Let the right lapse"),
                "jinxing.assembly.request:action_approve": self.env._("Approve the assembly"),
                "jinxing.assembly.request:action_refuse": self.env._("Refuse: repair it"),
            }.items()
        )

    def _subject(self):
        model, method = self.action.split(":")
        return self.env[model].browse(self.res_ids or []), method

    @api.depends("action", "res_ids")
    def _compute_names(self):
        for wizard in self:
            records = wizard._subject()[0] if wizard.action else ()
            wizard.names = ", ".join(record.display_name for record in records)

    @api.model
    def _open(self, action, records):
        """Return the form that asks for the reason of ``action`` on ``records``."""
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._actions())[action],
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {"default_action": action, "default_res_ids": records.ids},
        }

    def action_confirm(self):
        """Do it, with the reason given."""
        self.ensure_one()
        records, method = self._subject()
        if not records:
            raise UserError(self.env._("Nothing was chosen."))
        getattr(records, method)(self.reason)
        return {"type": "ir.actions.act_window_close"}
