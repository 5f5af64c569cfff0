from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..rules import order_flow

#: What our people may say of a part without rights on the warehouse; the rest follows.
PART_FIELDS = frozenset(
    {
        "repair_id", "repair_line_type", "fault_id", "product_id", "product_uom_qty",
        "product_uom", "quantity", "picked", "lot_ids", "part_source_id", "unapproved_reason",
        "company_id", "sequence",
    }
)
#: Fixed with the customer's signature, for the warehouse too.
SIGNED_OFF = PART_FIELDS | {
    "location_id", "location_dest_id", "price_unit", "sale_line_id", "move_line_ids",
}
#: What decides how much the customer pays; fixed when the repair is finished (S8.4).
PRICED = frozenset(
    {"repair_id", "repair_line_type", "fault_id", "product_id", "product_uom_qty", "product_uom"}
)
#: Sent along by forms, computed from the order anyway.
_FOLLOWING = frozenset({"location_id", "location_dest_id", "state", "date", "name"})


class StockMove(models.Model):
    """Parts of a dispatch order: each belongs to a fault, prices follow it (G1.2, S8.4)."""

    _inherit = "stock.move"

    fault_id = fields.Many2one(
        "jinxing.repair.fault",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        domain="[('order_id', '=', repair_id)]",
    )
    part_source_id = fields.Many2one(
        "stock.location",
        "Taken from",
        domain=[("usage", "=", "internal")],
        copy=False,
        help="Only when it is not the stock of the order's technician.",
    )
    unapproved_reason = fields.Char(
        "Reason for an unapproved part",
        copy=False,
        help="A supervisor may let a part be fitted that is not approved for the model (G1.2).",
    )

    @api.depends("part_source_id")
    def _compute_location_id(self):
        super()._compute_location_id()
        for move in self.filtered(lambda m: m.part_source_id and m.repair_line_type == "add"):
            move.location_id = move.part_source_id

    def _get_repair_locations(self, repair_line_type, repair_id=False):
        source, destination = super()._get_repair_locations(repair_line_type, repair_id)
        if repair_line_type == "add" and len(self) == 1 and self.part_source_id:
            source = self.part_source_id
        return source, destination

    def _set_repair_locations(self):
        own = self.filtered(lambda m: m.part_source_id and m.repair_line_type == "add")
        result = super(StockMove, self - own)._set_repair_locations()
        for move in own:
            move.location_id, move.location_dest_id = move._get_repair_locations("add")
        return result

    def _on_dispatch(self):
        """Return the parts of dispatch orders among these moves."""
        return self.filtered(lambda m: m.repair_id.service_kind and m.repair_line_type)

    @api.constrains("fault_id", "repair_id", "repair_line_type")
    def _check_fault(self):
        for move in self._on_dispatch():
            if move.fault_id.order_id != move.repair_id:
                raise ValidationError(
                    self.env._(
                        "%(part)s: a part belongs to a fault of the order.",
                        part=move.product_id.display_name,
                    )
                )

    @api.constrains("product_id", "repair_id", "repair_line_type", "unapproved_reason")
    def _check_approved(self):
        """Refuse parts not approved for the model, unless a supervisor gives a reason (G1.2)."""
        user = self.env.user
        supervisor = user._is_superuser() or user.has_group("jinxing_base.group_supervisor")
        for move in self._on_dispatch().filtered(lambda m: m.repair_line_type == "add"):
            # sudo: which models a part is approved for, whoever fits it
            part = move.product_id.sudo().product_tmpl_id.with_context(active_test=False)
            model = move.repair_id.product_id.product_tmpl_id
            if not model or model in part.approved_model_ids:
                continue
            if not (move.unapproved_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(part)s is not approved for %(model)s and may not be fitted (G1.2). A "
                        "supervisor can override this with a written reason.",
                        part=part.display_name,
                        model=model.display_name,
                    )
                )
            if not supervisor:
                raise ValidationError(
                    self.env._("Only a supervisor may let an unapproved part be fitted (G1.2).")
                )

    def _without_warehouse_rights(self, user=None):
        """Tell whether the user works on parts of orders but not in the warehouse."""
        if user:
            return not user.has_group("stock.group_stock_user")
        return not self.env.su and not self.env.user.has_group("stock.group_stock_user")

    @api.model
    def _part_vals(self, vals):
        """Return what our people may say of a part; refuse what is the warehouse's."""
        kept = {name: value for name, value in vals.items() if name not in _FOLLOWING}
        if set(kept) - PART_FIELDS:
            raise AccessError(self.env._("This is for the warehouse to change."))
        return kept

    def _with_part_defaults(self):
        """Return the records without the defaults of their context that are the warehouse's."""
        context = {
            key: value
            for key, value in self.env.context.items()
            if not key.startswith("default_") or key.removeprefix("default_") in PART_FIELDS
        }
        return self.with_env(self.env(context=context))

    @api.model_create_multi
    def create(self, vals_list):
        self._release_brought(vals_list)
        if self._without_warehouse_rights() and all(vals.get("repair_id") for vals in vals_list):
            self.check_access("create")
            vals_list = [self._part_vals(vals) for vals in vals_list]
            self = self._with_part_defaults()
            # sudo: reserving touches stock records that the order's people have no rights on;
            # the record rules are checked on the result
            moves = super(StockMove, self.sudo()).create(vals_list).with_env(self.env)
            moves.check_access("create")
        else:
            moves = super().create(vals_list)
        dispatch = moves._on_dispatch()
        if dispatch:
            dispatch._ensure_order_open(priced=True)
            # sudo: the price follows the parts
            dispatch.sudo()._with_price()._refresh_quote_state()
        return moves

    def write(self, vals):
        if SIGNED_OFF & set(vals):
            self._on_dispatch()._ensure_order_open(priced=bool(PRICED & set(vals)))
        if self._without_warehouse_rights() and self and self == self._on_dispatch():
            self.check_access("write")
            # sudo: as in create
            result = super(StockMove, self.sudo()).write(self._part_vals(vals))
            self.invalidate_recordset()
        else:
            result = super().write(vals)
        if "repair_id" in vals:
            self._on_dispatch()._ensure_order_open(priced=True)
        if {"fault_id", "product_uom_qty", "state"} & set(vals):
            dispatch = self._on_dispatch()
            if dispatch:
                # sudo: as above
                orders = dispatch.repair_id.sudo()
                if "fault_id" in vals:
                    orders._sync_sale_lines()
                dispatch.sudo()._with_price()._refresh_quote_state()
        return result

    def _with_price(self):
        """Return the orders whose price these parts may change: not those all free."""
        return self.filtered(
            lambda m: m.fault_id.cover == "chargeable" or m.repair_id.quote_state != "none"
        ).repair_id

    def unlink(self):
        dispatch = self._on_dispatch()
        dispatch._ensure_order_open(priced=True)
        if self._without_warehouse_rights() and self and self == dispatch:
            self.check_access("unlink")
            # sudo: as in create
            return super(StockMove, self.sudo()).unlink()
        return super().unlink()

    def _ensure_order_open(self, priced=False):
        """Refuse changes of parts after the customer's signature.

        :param priced: what changes is paid for, so the repair must not be finished either
        """
        if self.env.su:
            return
        if priced:
            self.repair_id._ensure_changeable()
        done = self.repair_id.filtered(lambda o: o.service_state not in order_flow.OPEN)
        if done:
            raise UserError(
                self.env._(
                    "%(names)s: what the customer has signed is not changed.",
                    names=", ".join(done.mapped("name")),
                )
            )

    def _ensure_serials_free(self):
        """Refuse serial numbers that by the books are fitted or sold already (G1.2).

        One that lies in another of our stores may be in the technician's hand after all.

        :raises UserError: names the parts, the numbers and where they are
        """
        fitted = self.filtered(
            lambda m: m.repair_id.service_kind
            and m.repair_line_type == "add"
            and m.state not in ("done", "cancel")
            and m.product_id.tracking == "serial"
        )
        lots = fitted.move_line_ids.filtered("quantity").lot_id
        if not lots:
            return
        # sudo: where a part is, whoever fits it
        quants = self.env["stock.quant"].sudo().search(
            [
                ("lot_id", "in", lots.ids),
                ("quantity", ">", 0),
                ("location_id.usage", "in", ("customer", "production")),
            ]
        )
        if quants:
            raise UserError(
                self.env._(
                    "By the books these are fitted or sold already. Read the numbers again:"
                    "\n%(parts)s",
                    parts="\n".join(
                        f"{quant.product_id.display_name} {quant.lot_id.name}: "
                        f"{quant.location_id.display_name}"
                        for quant in quants
                    ),
                )
            )

    def _create_repair_sale_order_line(self):
        """Make sale lines of chargeable parts only: a covered part has no line (S8.4)."""
        free = self.filtered(
            lambda m: m.repair_id.service_kind and m.fault_id.cover != "chargeable"
        )
        return super(StockMove, self - free)._create_repair_sale_order_line()
