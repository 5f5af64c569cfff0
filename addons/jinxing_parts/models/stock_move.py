from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules import supersession


class StockMove(models.Model):
    _inherit = "stock.move"

    requisition_line_id = fields.Many2one(
        "jinxing.parts.requisition.line",
        "Requisition line",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )

    @api.constrains("product_id", "repair_id", "repair_line_type", "unapproved_reason")
    def _check_approved(self):
        """Name the successor of a part that is not, or no longer, to be fitted (G1.2)."""
        for move in self._on_dispatch().filtered(lambda m: m.repair_line_type == "add"):
            # sudo: what succeeds a part is known to whoever fits it
            part = move.product_id.sudo().product_tmpl_id
            if not part.superseded_by_id or (move.unapproved_reason or "").strip():
                continue
            model = move.repair_id.product_id.product_tmpl_id
            if not model or move.state in ("done", "cancel") or move.quantity:
                continue  # what is reserved for the order is there
            decision = part._fitting_decision(model, move.location_id)
            if decision.outcome != supersession.FIT:
                raise ValidationError(
                    self.env._(
                        "%(part)s may not be fitted (G1.2). %(why)s",
                        part=part.display_name,
                        why=" ".join(self.env["jinxing.decision"]._tell(decision)),
                    )
                )
        return super()._check_approved()

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "requisition_line_id"]

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        if self.requisition_line_id:
            values["requisition_line_id"] = self.requisition_line_id.id
        return values

    def _get_new_picking_values(self):
        """An urgent requisition's shipments are marked and come first (A3)."""
        values = super()._get_new_picking_values()
        if any(line.requisition_id.urgent for line in self.requisition_line_id):
            values["priority"] = "1"
        return values

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._follow_requisitions()
        return moves

    def _action_cancel(self):
        result = super()._action_cancel()
        self._follow_requisitions()
        return result

    def _follow_requisitions(self):
        """Close requisitions of which nothing is to come any more."""
        # sudo: whoever ships or receives, the requisition follows
        requisitions = self.sudo().requisition_line_id.requisition_id
        if requisitions:
            requisitions._close_finished()
