from odoo import api, fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    requisition_line_id = fields.Many2one(
        "jinxing.parts.requisition.line",
        "Requisition line",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )

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
