from odoo import api, models


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
