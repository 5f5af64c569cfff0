from odoo import api, models


class JinxingHome(models.AbstractModel):
    """The first screen of each role: what is due for him (G3.3)."""

    _name = "jinxing.home"
    _description = "First Screen"

    @api.model
    def _first_screen(self):
        """Return the XML id of the action the user's menu opens on.

        Addons above name theirs by the role, the highest one first, and call super for the rest.
        """
        return "jinxing_base.jinxing_bulletin_action"

    @api.model
    def _open_first_screen(self):
        """Return the action itself, as the client opens it."""
        return self.env["ir.actions.actions"]._for_xml_id(self._first_screen())
