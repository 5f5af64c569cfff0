from odoo import api, models

from odoo.addons.jinxing_base.models.jinxing_home import Tile


class JinxingHome(models.AbstractModel):
    """Requisitions, stock, old parts and tools (G3.3, A3, B23-B25)."""

    _inherit = "jinxing.home"

    @api.model
    def _first_screen(self):
        if self._has_role("parts_keeper") and not self._has_role("clerk", "technician"):
            return "jinxing_parts.jinxing_parts_requisition_action"
        return super()._first_screen()

    @api.model
    def _tiles(self):
        tiles = super()._tiles()
        requisitions = "jinxing_parts.jinxing_parts_requisition_action"
        old_parts = "jinxing_parts.jinxing_old_part_action"
        if self._has_role("parts_keeper"):
            tiles += [
                Tile("parts", requisitions, ("to_approve",)),
                Tile("parts", requisitions, ("to_approve", "urgent"), alarm=True),
                Tile("parts", "jinxing_parts.jinxing_part_stock_action_proposed", ("proposed",)),
                Tile("parts", "jinxing_parts.count_action"),
                Tile("parts", "jinxing_parts.jinxing_parts_difference_action", ("open",),
                     alarm=True),
                Tile("parts", old_parts, ("to_inspect",)),
            ]
        tiles += [
            Tile("parts", old_parts, ("overdue",), alarm=True),
            Tile("parts", "jinxing_parts.jinxing_tool_custody_action", ("held",)),
        ]
        if self._has_role("supervisor"):
            tiles.append(
                Tile("parts", "jinxing_parts.jinxing_parts_plan_action", ("submitted",))
            )
        return tiles
