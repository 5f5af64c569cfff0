from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules import order_flow

#: What the fee card and the quotation say, not the hand.
SYSTEM = frozenset({"price_unit", "sale_line_id", "is_chargeable"})


class RepairService(models.Model):
    """Labour and travel of a dispatch order; they follow their fault (S8.4)."""

    _inherit = "repair.service"

    fault_id = fields.Many2one(
        "jinxing.repair.fault",
        index="btree_not_null",
        domain="[('order_id', '=', repair_id)]",
        ondelete="restrict",
    )
    fee_item_id = fields.Many2one("jinxing.fee.item", "Fee item", index="btree_not_null")
    product_id = fields.Many2one(
        compute="_compute_from_fee_item", store=True, readonly=False, precompute=True
    )
    product_uom_qty = fields.Float(
        default=None,  # the fee card's, not the base's one hour
        compute="_compute_from_fee_item", store=True, readonly=False, precompute=True
    )
    price_unit = fields.Monetary(
        compute="_compute_from_fee_item",
        store=True,
        precompute=True,
        help="From the fee card, before tax.",
    )
    amount = fields.Monetary(compute="_compute_amount")
    currency_id = fields.Many2one(related="company_id.currency_id")
    is_chargeable = fields.Boolean(compute="_compute_is_chargeable")
    sale_line_id = fields.Many2one(
        "sale.order.line", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    _quantity_sane = models.Constraint(
        "CHECK(product_uom_qty >= 0)", "The quantity of labour or travel is not negative."
    )

    @api.depends("fee_item_id")
    def _compute_from_fee_item(self):
        for service in self:
            item = service.fee_item_id
            if item:
                service.product_id = item.product_id
                service.product_uom_qty = item.hours
                service.price_unit = item.price_unit
            else:
                service.product_id = service.product_id
                service.product_uom_qty = service.product_uom_qty or 1.0
                service.price_unit = service.product_id.lst_price

    @api.depends("fee_item_id", "product_id")
    def _compute_display_name(self):
        with_item = self.filtered("fee_item_id")
        super(RepairService, self - with_item)._compute_display_name()
        for service in with_item:
            service.display_name = service.fee_item_id.name

    @api.depends("price_unit", "product_uom_qty")
    def _compute_amount(self):
        for service in self:
            service.amount = service.price_unit * service.product_uom_qty

    @api.depends("fault_id.cover", "repair_id.service_kind")
    def _compute_is_chargeable(self):
        for service in self:
            service.is_chargeable = (
                not service.repair_id.service_kind or service.fault_id.cover == "chargeable"
            )

    @api.constrains("repair_id", "fault_id", "fee_item_id")
    def _check_fault(self):
        for service in self.filtered(lambda s: s.repair_id.service_kind):
            if service.fault_id.order_id != service.repair_id:
                raise ValidationError(
                    self.env._(
                        "%(line)s: labour and travel belong to a fault of the order.",
                        line=service.display_name,
                    )
                )
            if not service.fee_item_id:
                raise ValidationError(
                    self.env._(
                        "%(line)s: what is charged stands on the fee card (S8.4).",
                        line=service.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._ensure_from_card(set().union(*vals_list))
        services = super().create(vals_list)
        services._ensure_open()
        services._follow()
        return services

    def write(self, vals):
        if not self.env.su and self.filtered("repair_id.service_kind"):
            self._ensure_from_card(set(vals))
            if "repair_id" in vals:
                raise ValidationError(self.env._("Labour and travel stay with their order."))
        self._ensure_open()
        result = super().write(vals)
        if {"fault_id", "product_id", "product_uom_qty", "fee_item_id"} & set(vals):
            self._follow()
        return result

    def unlink(self):
        self._ensure_open()
        orders = self.repair_id
        # sudo: the sale line goes with the labour
        lines = self.sudo().sale_line_id
        open_lines = lines.filtered(lambda line: line.order_id.state in ("draft", "sent"))
        (lines - open_lines).product_uom_qty = 0.0
        open_lines.unlink()
        result = super().unlink()
        orders.exists()._refresh_quote_state()
        return result

    @api.model
    def _ensure_from_card(self, names):
        """Refuse prices said by hand: they are the fee card's (S8.4)."""
        if SYSTEM & names:
            raise ValidationError(self.env._("The price is the fee card's (S8.4)."))

    def _ensure_open(self):
        """Refuse changes when the repair is finished, and for good after the signature (S8.4)."""
        if not self.env.su:
            self.repair_id.filtered("service_kind")._ensure_changeable()
        done = self.repair_id.filtered(
            lambda o: o.service_kind and o.service_state not in order_flow.OPEN
        )
        if done and not self.env.su:
            raise ValidationError(
                self.env._(
                    "%(names)s: what the customer has signed is not changed.",
                    names=", ".join(done.mapped("name")),
                )
            )

    def _follow(self):
        """Bring the sale order up to date: labour added later too (S8.4)."""
        dispatch = self.filtered(lambda s: s.repair_id.service_kind)
        dispatch._ensure_open()
        # sudo: the sale order follows, whoever adds labour
        elevated = dispatch.sudo()
        for service in elevated.filtered("sale_line_id"):
            service.sale_line_id.write(
                {"product_uom_qty": service.product_uom_qty, "price_unit": service.price_unit}
            )
        orders = elevated.repair_id
        orders._sync_sale_lines()
        orders._refresh_quote_state()

    def _prepare_sale_order_line_vals(self, product_qty):
        vals = super()._prepare_sale_order_line_vals(product_qty)
        if self.repair_id.service_kind:
            vals["price_unit"] = self.price_unit
        return vals

    def _create_repair_sale_order_line(self):
        """Make the sale lines of chargeable labour that has none yet."""
        dispatch = self.filtered(lambda s: s.repair_id.service_kind)
        result = super(RepairService, self - dispatch)._create_repair_sale_order_line()
        new = dispatch.filtered(
            lambda s: s.is_chargeable and s.repair_id.sale_order_id and not s.sale_line_id
        )
        lines = self.env["sale.order.line"].create(
            [service._prepare_sale_order_line_vals(service.product_uom_qty) for service in new]
        )
        for service, line in zip(new, lines, strict=True):
            service.sale_line_id = line
        return result
