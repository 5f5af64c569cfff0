from odoo import api, models

from odoo.addons.jinxing_base.models.jinxing_home import Tile


class JinxingHome(models.AbstractModel):
    """Returns that are not closed, and what departments owe them (G3.3, R14)."""

    _inherit = "jinxing.home"

    @api.model
    def _tiles(self):
        tiles = super()._tiles()
        if self._has_role("clerk", "parts_keeper"):
            tiles += [
                Tile("service", "jinxing_return.return_action", ("open",)),
                Tile("service", "jinxing_return.jinxing_return_task_action", ("late",),
                     alarm=True),
            ]
        return tiles
