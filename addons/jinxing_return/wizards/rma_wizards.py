from odoo import api, models


class RmaFinalizationWizard(models.TransientModel):
    _inherit = "rma.finalization.wizard"

    def action_finish(self):
        self.env["rma"].browse(self.env.context.get("active_ids"))._ensure_handler()
        # sudo: the state of a return is nobody's to edit
        return super(RmaFinalizationWizard, self.sudo()).action_finish()


class RmaDeliveryWizard(models.TransientModel):
    _inherit = "rma.delivery.wizard"

    @api.model
    def default_get(self, fields_list):
        """Propose for an exchange what the customer gets by it."""
        values = super().default_get(fields_list)
        rmas = self.env["rma"].browse(self.env.context.get("active_ids"))
        if len(rmas) == 1 and values.get("type") == "replace":
            product = rmas._exchanged_for()
            values.update(product_id=product.id, product_uom=product.uom_id.id)
        return values


class JinxingRecordReason(models.TransientModel):
    _inherit = "jinxing.record.reason"

    @api.model
    def _actions(self):
        return [
            *super()._actions(),
            ("rma:action_approve_exchange", self.env._("Why repair will not do")),
        ]
