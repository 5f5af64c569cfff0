from odoo import api, models

from odoo.addons.jinxing_base.models.jinxing_home import Tile


class JinxingHome(models.AbstractModel):
    """Machines to look up, cards that wait to be activated (G3.3, G4)."""

    _inherit = "jinxing.home"

    @api.model
    def _tiles(self):
        tiles = super()._tiles() + [
            Tile("information", "jinxing_warranty.machine_action"),
        ]
        if self._has_role("clerk"):
            tiles.append(
                Tile("service", "jinxing_warranty.jinxing_warranty_card_action", ("draft",))
            )
        return tiles
