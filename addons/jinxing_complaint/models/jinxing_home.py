from odoo import api, models

from odoo.addons.jinxing_base.models.jinxing_home import Tile


class JinxingHome(models.AbstractModel):
    """The manager's figures, the supervisor's steps, the clerk's contacts (G3.3, M26, O21)."""

    _inherit = "jinxing.home"

    @api.model
    def _first_screen(self):
        user = self.env.user
        if user.has_group("jinxing_base.group_manager"):
            return "jinxing_complaint.jinxing_service_dashboard_action"
        if user.has_group("jinxing_base.group_supervisor"):
            return "jinxing_complaint.complaint_action_due"
        if user.has_group("jinxing_base.group_clerk"):
            return "jinxing_complaint.contact_action"
        return super()._first_screen()

    @api.model
    def _tiles(self):
        tiles = super()._tiles()
        if self._has_role("clerk"):
            tiles += [
                Tile("service", "jinxing_complaint.contact_action", ("unanswered",), alarm=True),
                Tile("service", "jinxing_complaint.complaint_action", ("open",)),
                Tile("service", "jinxing_complaint.jinxing_follow_up_action", ("today",)),
            ]
        if self._has_role("supervisor"):
            tiles += [
                Tile("service", "jinxing_complaint.countermeasure_action", ("overdue",),
                     alarm=True),
                Tile("service", "jinxing_complaint.jinxing_penalty_action", ("proposed",)),
            ]
        return tiles
