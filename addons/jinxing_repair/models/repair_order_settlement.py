from odoo import api, fields, models

from ..rules import order_flow, settlement


class RepairOrder(models.Model):
    """Closed orders of dealers and stations wait for their settlement (G1.3)."""

    _inherit = "repair.order"

    to_settle = fields.Boolean("To be settled", readonly=True, copy=False)
    settlement_line_ids = fields.One2many(
        "jinxing.settlement.line", "order_id", "Settlement lines", readonly=True
    )

    _settle_index = models.Index("(company_id, provider_id) WHERE to_settle IS TRUE")

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"to_settle", "settlement_line_ids"}

    def action_close(self, quality_score=None, note=None):
        """Close, and let what a dealer or station did wait for his settlement (G1.3)."""
        result = super().action_close(quality_score, note)
        closed = self.filtered(
            lambda o: o.service_state == order_flow.CLOSED
            and o.provider_id
            and o.provider_id != o.company_id._own_partner()
        )
        if closed:
            # sudo: follows the step, nobody edits it
            closed.sudo().write({"to_settle": True})
        return result

    def _held_faults(self):
        """Return the reworks whose liability is not decided yet: money follows later (G1.2)."""
        return self.fault_ids.filtered(
            lambda fault: any(one.state == "draft" for one in fault.liability_ids)
        )

    def _own_rework_faults(self):
        """Return the reworks the provider did for his own fault: he is not paid them (G1.4)."""
        self.ensure_one()
        return self.fault_ids.filtered(
            lambda fault: any(
                one.state in ("decided", "settled")
                and settlement.own_rework(
                    one.cause, one.partner_id.commercial_partner_id.id, self.provider_id.id
                )
                for one in fault.liability_ids
            )
        )


class JinxingLiability(models.Model):
    _inherit = "jinxing.liability"

    settlement_line_ids = fields.One2many(
        "jinxing.settlement.line",
        "liability_id",
        "Deducted in",
        domain=[("cancelled", "=", False)],
        readonly=True,
    )
