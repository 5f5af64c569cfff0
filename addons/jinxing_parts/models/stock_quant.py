from odoo import fields, models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _get_inventory_move_values(self, qty, location_id, location_dest_id, *args, **kwargs):
        """Mark what an audit corrects: the next audit does not find it missing again (G1.3)."""
        values = super()._get_inventory_move_values(
            qty, location_id, location_dest_id, *args, **kwargs
        )
        if self.env.su and self.env.context.get("jinxing_parts_audit"):
            values["parts_audit_id"] = self.env.context["jinxing_parts_audit"]
        return values


class StockMove(models.Model):
    _inherit = "stock.move"

    parts_audit_id = fields.Many2one(
        "jinxing.parts.audit", "Audit", readonly=True, index="btree_not_null", copy=False
    )
