from odoo import api, models
from odoo.exceptions import UserError

#: What the faults, the parts and the fee card say; sales does not.
FOLLOWING = frozenset(
    {
        "product_id", "product_uom_qty", "product_uom_id", "price_unit", "discount", "tax_ids",
        "order_id", "qty_delivered", "technical_price_unit",
    }
)
#: Of the quotation itself: who pays, in what money, and whether it holds.
FIXED = frozenset(
    {
        "partner_id", "partner_invoice_id", "order_line", "repair_order_ids", "state",
        "currency_id", "pricelist_id", "fiscal_position_id", "company_id", "locked",
    }
)


class SaleOrderLine(models.Model):
    """Lines of a repair follow its faults; nobody prices them by hand (S8.4)."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._ensure_not_of_repair()
        return lines

    def write(self, vals):
        if FOLLOWING & set(vals):
            self._ensure_not_of_repair()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_not_of_repair(self):
        self._ensure_not_of_repair()

    def _ensure_not_of_repair(self):
        """Refuse changes by hand to what a dispatch order charges.

        :raises UserError: names the dispatch orders
        """
        if not self.env.su:
            self.order_id._ensure_not_of_repair()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _ensure_not_of_repair(self):
        # sudo: whether it is a repair's, whoever sells
        orders = self.sudo().repair_order_ids.filtered("service_kind")
        if orders and not self.env.su:
            raise UserError(
                self.env._(
                    "%(names)s: what a repair costs follows its faults and the fee card (S8.4).",
                    names=", ".join(orders.mapped("name")),
                )
            )

    def action_cancel(self):
        self._ensure_not_of_repair()
        return super().action_cancel()

    def action_draft(self):
        self._ensure_not_of_repair()
        return super().action_draft()

    def action_confirm(self):
        self._ensure_not_of_repair()
        return super().action_confirm()

    @api.ondelete(at_uninstall=False)
    def _unlink_not_of_repair(self):
        self._ensure_not_of_repair()

    def write(self, vals):
        if FIXED & set(vals):
            self._ensure_not_of_repair()
        return super().write(vals)
