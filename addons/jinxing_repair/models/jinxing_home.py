from odoo import api, models

from odoo.addons.jinxing_base.models.jinxing_home import Tile


class JinxingHome(models.AbstractModel):
    """Orders first: what is late for who dispatches, one's own for who repairs (G3.3)."""

    _inherit = "jinxing.home"

    @api.model
    def _first_screen(self):
        user = self.env.user
        if user.has_group("jinxing_base.group_supervisor"):
            return "jinxing_repair.repair_order_action_live"
        if user.has_group("jinxing_base.group_clerk"):
            return "jinxing_repair.registration_action"
        if user.has_group("jinxing_base.group_technician"):
            return "jinxing_repair.repair_order_action"
        return super()._first_screen()

    @api.model
    def _tiles(self):
        orders = "jinxing_repair.repair_order_action"
        tiles = super()._tiles()
        if self._has_role("supervisor"):
            tiles += [
                Tile("service", orders, ("to_review",)),
                Tile("service", orders, ("to_close",)),
                Tile("service", "jinxing_repair.jinxing_repair_escalation_action", ("to_answer",),
                     alarm=True),
                Tile("service", "jinxing_repair.jinxing_assembly_request_action", ("waiting",),
                     alarm=True),
                Tile("service", "jinxing_repair.repair_order_action_warning", alarm=True),
                Tile("service", "jinxing_repair.jinxing_exchange_right_action", ("open",)),
            ]
        if self._has_role("clerk"):
            tiles += [
                Tile("service", "jinxing_repair.registration_action", ("open",)),
                Tile("service", orders, ("to_assign",)),
                Tile("service", "jinxing_repair.repair_order_action_live", ("late",), alarm=True),
            ]
        elif self._has_role("technician"):
            tiles += [
                Tile("service", orders, ("open",)),
                Tile("service", "jinxing_repair.repair_order_action_live", ("late",), alarm=True),
            ]
        tiles.append(Tile("service", "jinxing_repair.jinxing_repair_receipt_action", ("taken",)))
        return tiles
