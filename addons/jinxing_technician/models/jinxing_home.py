from odoo import api, models

from odoo.addons.jinxing_base.models.jinxing_home import Tile


class JinxingHome(models.AbstractModel):
    """Trainings, examinations and certificates, one's own or the house's (G3.3, T0, S7)."""

    _inherit = "jinxing.home"

    @api.model
    def _tiles(self):
        tiles = super()._tiles() + [
            Tile("training", "jinxing_technician.jinxing_training_action", ("planned",)),
            Tile("training", "jinxing_technician.jinxing_examination_action", ("planned",)),
            Tile("training", "jinxing_technician.jinxing_certification_action", ("valid",)),
        ]
        if self._has_role("supervisor"):
            tiles.append(
                Tile(
                    "training", "jinxing_technician.jinxing_certification_action",
                    ("expiring",), alarm=True,
                )
            )
        return tiles
