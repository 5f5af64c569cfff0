from odoo import api, fields, models


class JinxingRepairAssign(models.TransientModel):
    """Choose who goes: the technicians, and why each may or may not be sent (T1-T5, S7)."""

    _name = "jinxing.repair.assign"
    _description = "Assign Dispatch Orders"

    order_ids = fields.Many2many("repair.order", required=True, readonly=True)
    technician_id = fields.Many2one("res.partner", domain=[("is_technician", "=", True)])
    provider_id = fields.Many2one(
        "res.partner",
        domain=["|", ("is_dealer", "=", True), ("is_service_station", "=", True)],
        help="When the provider chooses the technician.",
    )
    reason = fields.Text(
        help="Needed for another provider than the rule's (G3.1) or an override of the grade."
    )
    default_provider_id = fields.Many2one("res.partner", compute="_compute_default_provider_id")

    @api.depends("order_ids")
    def _compute_default_provider_id(self):
        for wizard in self:
            providers = wizard.order_ids.default_provider_id
            wizard.default_provider_id = providers if len(providers) == 1 else False

    def action_confirm(self):
        """Assign the orders."""
        self.ensure_one()
        self.order_ids.action_assign(
            technician_id=self.technician_id.id,
            provider_id=self.provider_id.id,
            reason=self.reason,
        )
        return {"type": "ir.actions.act_window_close"}
