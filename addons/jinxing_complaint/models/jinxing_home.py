from odoo import api, models


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
