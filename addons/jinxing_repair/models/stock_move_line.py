from odoo import api, models
from odoo.exceptions import AccessError


class StockMoveLine(models.Model):
    """Details of parts: fixed with the customer's signature, like the parts (G1.2)."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._ensure_order_open()
        return lines

    def write(self, vals):
        self._ensure_order_open()
        return super().write(vals)

    def unlink(self):
        self._ensure_order_open()
        return super().unlink()

    def _ensure_order_open(self):
        """Refuse details said by hand: after the signature, and by others than the warehouse.

        The base lets every employee change every detail of every stock move.
        """
        if self.env.su:
            return
        # sudo: only whether these are parts of dispatch orders
        parts = self.sudo().move_id._on_dispatch()
        if not parts:
            return
        if parts._without_warehouse_rights(self.env.user):
            raise AccessError(self.env._("This is for the warehouse to change."))
        parts.with_env(self.env)._ensure_order_open()
