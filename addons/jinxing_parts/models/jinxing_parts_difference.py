from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jinxing_base.models.locking import take


class JinxingPartsDifference(models.Model):
    """What arrived at a station is not what was shipped (A3)."""

    _name = "jinxing.parts.difference"
    _description = "Difference on Receipt"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "product_id"

    line_id = fields.Many2one(
        "jinxing.parts.requisition.line",
        "Requisition line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    requisition_id = fields.Many2one(
        related="line_id.requisition_id", store=True, index=True
    )
    commercial_partner_id = fields.Many2one(
        related="line_id.commercial_partner_id",
        string="Station or dealer",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    terms = fields.Selection(related="line_id.terms")
    product_id = fields.Many2one(related="line_id.product_id", store=True)
    picking_id = fields.Many2one(
        "stock.picking", "Shipment", required=True, readonly=True, index=True
    )
    qty_shipped = fields.Float("Shipped", digits="Product Unit", readonly=True)
    qty_received = fields.Float("Received", digits="Product Unit", readonly=True)
    qty_missing = fields.Float(
        "Missing", digits="Product Unit", readonly=True, help="Negative: more than was shipped."
    )
    note = fields.Text("What the station says", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("resolved", "Resolved")],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
    )
    resolution = fields.Selection(
        [
            ("arrived", "Arrived later"),
            ("not_shipped", "Had not been shipped"),
            ("lost", "Lost on the way"),
            ("kept", "Surplus kept there"),
            ("sent_back", "Surplus sent back"),
        ],
        readonly=True,
        tracking=True,
    )
    resolved_at = fields.Datetime("Resolved on", readonly=True)
    resolved_by_id = fields.Many2one("res.users", "Resolved by", readonly=True)

    _open_index = models.Index("(company_id, id DESC) WHERE state = 'open'")

    @api.model
    def _note(self, picking, expected, received, note):
        """Note the differences of a receipt; what was missing before and came now is resolved."""
        lines = picking.move_ids.requisition_line_id
        former = self.search(
            [("line_id", "in", lines.ids), ("state", "=", "open"), ("qty_missing", ">", 0)]
        )
        vals_list = []
        for line in lines:
            moves = [move for move in expected if move.requisition_line_id == line]
            shipped = sum(expected[move] for move in moves)
            came = sum(received[move] for move in moves)
            if not line.uom_id.compare(shipped, came):
                self._arrived(former.filtered(lambda d, line=line: d.line_id == line))
                continue
            vals_list.append(
                {
                    "line_id": line.id,
                    "picking_id": picking.id,
                    "qty_shipped": shipped,
                    "qty_received": came,
                    "qty_missing": shipped - came,
                    "note": note,
                }
            )
        repeated = {vals["line_id"] for vals in vals_list if vals["qty_missing"] > 0}
        # counted short again: the new note replaces the old one
        self._arrived(former.filtered(lambda d: d.line_id.id in repeated))
        differences = self.create(vals_list)
        for difference in differences:
            difference.requisition_id.message_post(
                body=self.env._(
                    "%(part)s: %(shipped)s shipped, %(received)s received. %(note)s",
                    part=difference.product_id.display_name,
                    shipped=difference.qty_shipped,
                    received=difference.qty_received,
                    note=note or "",
                )
            )
        return differences

    def _arrived(self, differences):
        if differences:
            differences._resolve("arrived")

    def _resolve(self, resolution):
        self.write(
            {
                "state": "resolved",
                "resolution": resolution,
                "resolved_at": fields.Datetime.now(),
                "resolved_by_id": self.env.uid,
            }
        )

    def _ensure_keeper(self):
        self.check_access("read")
        user = self.env.user
        if not (
            self.env.su
            or user.has_group("jinxing_base.group_parts_keeper")
            or user.has_group("jinxing_base.group_supervisor")
        ):
            raise AccessError(self.env._("Only the keepers of the parts may do this."))

    def _ensure_open(self, missing):
        for difference in self:
            if difference.state != "open" or (difference.qty_missing > 0) is not missing:
                raise UserError(
                    self.env._(
                        "%(part)s: this does not resolve the difference, or it is resolved.",
                        part=difference.product_id.display_name,
                    )
                )

    def action_not_shipped(self):
        """The parts had not left the warehouse: they are back in stock and are sent again."""
        self._ensure_keeper()
        take(self)
        self._ensure_open(missing=True)
        for difference in self.sudo():  # sudo: stock follows the keeper's finding
            difference._back_to_stock()
            difference._resolve("not_shipped")
            difference._send_again()
        return True

    def action_lost(self):
        """The parts were lost on the way: they are written off and sent again."""
        self._ensure_keeper()
        take(self)
        self._ensure_open(missing=True)
        for difference in self.sudo():  # sudo: as above
            if difference.terms == "sale":
                difference._back_to_stock()
                difference._write_off(
                    difference.requisition_id.supply_warehouse_id.lot_stock_id
                )
            else:
                difference._write_off(difference.picking_id.location_id)
            difference._resolve("lost")
            difference._send_again()
        return True

    def action_kept(self):
        """More arrived than was shipped, and it stays there: our books follow (A3)."""
        self._ensure_keeper()
        take(self)
        self._ensure_open(missing=False)
        for difference in self.sudo():  # sudo: as above
            requisition = difference.requisition_id
            difference._move(
                -difference.qty_missing,
                requisition.supply_warehouse_id.lot_stock_id,
                self.env.ref("stock.stock_location_customers")
                if difference.terms == "sale"
                else requisition.location_id,
            )
            difference._resolve("kept")
        return True

    def action_sent_back(self):
        """More arrived than was shipped and comes back: nothing was booked, nothing is."""
        self._ensure_keeper()
        self._ensure_open(missing=False)
        # sudo: the state is nobody's to edit
        self.sudo()._resolve("sent_back")
        return True

    # -- stock -------------------------------------------------------------------------------------

    def _back_to_stock(self):
        """Book the missing parts back into the supplying warehouse."""
        self.ensure_one()
        stock = self.requisition_id.supply_warehouse_id.lot_stock_id
        if self.terms == "sale":
            self._return_sold()
        else:
            self._free_transit()
            self._move(
                self.qty_missing, self.picking_id.location_id, stock,
                requisition_line_id=self.line_id.id,
            )
            self.line_id._fit_receipts()

    def _return_sold(self):
        """Take the missing parts back from the customer, so that they are not invoiced."""
        move = self.picking_id.move_ids.filtered(
            lambda m: m.requisition_line_id == self.line_id and m.state == "done"
        )[:1]
        stock = self.requisition_id.supply_warehouse_id.lot_stock_id
        self._move(
            self.qty_missing, move.location_dest_id, stock,
            requisition_line_id=self.line_id.id, origin_returned_move_id=move.id,
            to_refund=True, sale_line_id=move.sale_line_id.id,
        )

    def _free_transit(self):
        """Release the missing parts from the receipt that waits for them."""
        self.line_id.move_ids.filtered(
            lambda m: m.state not in ("done", "cancel") and m.location_id.usage == "transit"
        )._do_unreserve()

    def _write_off(self, location):
        self.ensure_one()
        loss = self.product_id.with_company(self.company_id).property_stock_inventory
        if self.terms != "sale":
            self._free_transit()
        self._move(
            self.qty_missing, location, loss,
            **({} if self.terms == "sale" else {"requisition_line_id": self.line_id.id}),
        )
        if self.terms != "sale":
            self.line_id._fit_receipts()

    def _move(self, quantity, source, dest, **vals):
        """Move parts at once, so that the books say where they are."""
        self.ensure_one()
        move = self.env["stock.move"].create(
            {
                "product_id": self.product_id.id,
                "product_uom_qty": quantity,
                "product_uom": self.product_id.uom_id.id,
                "location_id": source.id,
                "location_dest_id": dest.id,
                "company_id": self.company_id.id,
                "origin": self.requisition_id.name,
                **vals,
            }
        )
        move._action_confirm(merge=False)
        move._action_assign()
        move.quantity = quantity
        move.picked = True
        move._action_done()
        return move

    def _send_again(self):
        """Have the warehouse send again what did not arrive."""
        self.ensure_one()
        line = self.line_id
        if self.requisition_id.state == "done":
            self.requisition_id.write({"state": "approved", "closed_at": False})
        if line.sale_line_id:
            line.sale_line_id._action_launch_stock_rule()
            return
        request = line.stock_request_id
        values = request._prepare_procurement_values(reference_ids=request.reference_ids)
        self.env["stock.rule"].run(
            [
                self.env["stock.rule"].Procurement(
                    line.product_id,
                    self.qty_missing,
                    line.product_id.uom_id,
                    request.location_id,
                    request.name,
                    request.name,
                    self.company_id,
                    values,
                )
            ]
        )
