from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jinxing_base.models.locking import take


class StockPicking(models.Model):
    """Shipments of requisitions: carrier, waybill, receipt with its differences (A3)."""

    _inherit = "stock.picking"

    parts_carrier_id = fields.Many2one(
        "res.partner", "Carrier", domain=[("is_carrier", "=", True)], index="btree_not_null"
    )
    waybill_number = fields.Char("Waybill number", index="btree_not_null", copy=False)
    parts_pickup = fields.Boolean("Handed over in person", copy=False)
    parts_received_at = fields.Datetime("Received on", readonly=True, copy=False)
    parts_received_by_id = fields.Many2one(
        "res.users", "Received by", readonly=True, copy=False
    )
    requisition_ids = fields.Many2many(
        "jinxing.parts.requisition", string="Requisitions", compute="_compute_requisition_ids"
    )
    is_parts_shipment = fields.Boolean(compute="_compute_requisition_ids")
    is_parts_sale = fields.Boolean(
        "Sold to a station",
        compute="_compute_is_parts_sale",
        store=True,
        help="It leaves our stock when shipped; the station says what it received.",
    )
    shipped_picking_ids = fields.Many2many(
        "stock.picking", string="Shipped by", compute="_compute_shipped_picking_ids"
    )

    @api.depends("move_ids.requisition_line_id", "location_id.usage")
    def _compute_requisition_ids(self):
        for picking in self:
            lines = picking.move_ids.requisition_line_id
            picking.requisition_ids = lines.requisition_id
            picking.is_parts_shipment = bool(lines) and (
                picking.location_id.usage == "internal"
                and picking.location_dest_id.usage in ("transit", "customer")
            )

    @api.depends("move_ids.requisition_line_id.terms", "location_dest_id.usage")
    def _compute_is_parts_sale(self):
        for picking in self:
            picking.is_parts_sale = picking.location_dest_id.usage == "customer" and any(
                line.terms == "sale" for line in picking.move_ids.requisition_line_id
            )

    @api.depends("move_ids.move_orig_ids.picking_id")
    def _compute_shipped_picking_ids(self):
        for picking in self:
            picking.shipped_picking_ids = picking.move_ids.move_orig_ids.picking_id.filtered(
                lambda shipment: shipment.state == "done"
            )

    def button_validate(self):
        self._ensure_waybill()
        return super().button_validate()

    def _ensure_waybill(self):
        """Refuse to ship without saying by whom (A3): the station is to find its parcel.

        :raises UserError: names the shipments
        """
        lacking = self.filtered(
            lambda p: p.state not in ("done", "cancel")
            and p.is_parts_shipment
            and not p.parts_pickup
            and not (p.parts_carrier_id and (p.waybill_number or "").strip())
        )
        if lacking:
            raise UserError(
                self.env._(
                    "%(names)s: note the carrier and the waybill number, or that it is handed "
                    "over in person (A3).",
                    names=", ".join(lacking.mapped("name")),
                )
            )

    # -- receipt by the station (A3) ---------------------------------------------------------------

    def _receive_parts(self, counted, note=None):
        """Book what a station or technician counted on arrival, and note the differences.

        :param counted: ``{stock.move id: quantity in the part's unit}``; what is not named
            counts as complete
        :raises UserError: nothing has arrived here, or a quantity is negative
        """
        self.ensure_one()
        take(self)
        moves = self.move_ids.filtered("requisition_line_id")
        sold = self.is_parts_sale
        expected = {
            move: move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id, rounding_method="HALF-UP"
            )
            for move in moves
            if move.state != "cancel" and move.quantity
        }
        if not expected or self.parts_received_at or (sold and self.state != "done"):
            raise UserError(
                self.env._("%(name)s: nothing is there to be received.", name=self.name)
            )
        received = {}
        for move in expected:
            quantity = counted.get(move.id, expected[move])
            if quantity < 0:
                raise UserError(self.env._("A received quantity is not negative."))
            received[move] = move.product_id.uom_id.round(quantity)
        if not sold:
            self._book_receipt(expected, received)
        if sold or self.state == "done":
            self.write(
                {
                    "parts_received_at": fields.Datetime.now(),
                    "parts_received_by_id": self.env.uid,
                }
            )
        self.env["jinxing.parts.difference"]._note(self, expected, received, note)
        moves.requisition_line_id.requisition_id._close_finished()

    @api.model
    def _cron_deem_received(self, batch=100):
        """Count sold parts as received when the station says nothing for long (A3)."""
        policy = self.env["jinxing.policy.parameter"]
        crons = self.env["ir.cron"]
        for company in self.env["res.company"].search([]):
            days = policy._value("parts_receipt_days", company=company)
            domain = [
                ("company_id", "=", company.id),
                ("is_parts_sale", "=", True),
                ("state", "=", "done"),
                ("parts_received_at", "=", False),
                ("date_done", "<", fields.Datetime.now() - timedelta(days=days)),
            ]
            found = self.search(domain)
            crons._commit_progress(remaining=len(found))
            for start in range(0, len(found), batch):
                due = found[start : start + batch].try_lock_for_update().filtered_domain(domain)
                due.write({"parts_received_at": fields.Datetime.now()})
                due.requisition_ids._close_finished()
                if not crons._commit_progress(len(due)):
                    return

    def _book_receipt(self, expected, received):
        """Move what arrived from transit into the store; the rest stays on its way."""
        for move in expected:
            # more than was shipped is not taken out of nowhere: it is noted as a difference
            quantity = min(received[move], expected[move])
            move.quantity = move.product_id.uom_id._compute_quantity(
                quantity, move.product_uom, rounding_method="HALF-UP"
            )
            move.picked = quantity > 0
        if any(move.picked for move in expected):
            self.with_context(skip_sms=True).button_validate()
