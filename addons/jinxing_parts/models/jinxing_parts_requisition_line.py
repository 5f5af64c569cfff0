from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..rules import routing

#: What only the steps of the requisition set.
SYSTEM = frozenset({"terms", "stock_request_id", "sale_line_id", "price_unit", "qty_cancelled"})


class Moved(NamedTuple):
    """What has come of a line, in the part's own unit."""

    shipped: float = 0.0
    received: float = 0.0
    lost: float = 0.0
    coming: float = 0.0
    reserved: float = 0.0


NOTHING = Moved()

_MOVED = """
WITH moved AS (
    SELECT move.requisition_line_id AS line_id,
           move.state = 'done' AS done,
           CASE WHEN move.state = 'done' THEN move.quantity * unit.factor / base.factor
                ELSE move.product_qty END AS qty,
           move.quantity * unit.factor / base.factor AS reserved,
           CASE WHEN requisition.kind = 'return' THEN 'back'
                WHEN dest.usage = 'inventory' THEN 'lost'
                WHEN source.usage = 'internal' AND dest.usage IN ('transit', 'customer') THEN 'out'
                WHEN source.usage IN ('transit', 'customer') AND dest.usage = 'internal'
                     AND dest.parent_path LIKE ours.parent_path || '%%' THEN 'undone'
                WHEN source.usage = 'transit' AND dest.usage = 'internal' THEN 'in'
           END AS way,
           dest.usage = 'customer' AND picking.parts_received_at IS NOT NULL AS confirmed
      FROM stock_move move
      JOIN jinxing_parts_requisition_line line ON line.id = move.requisition_line_id
      JOIN jinxing_parts_requisition requisition ON requisition.id = line.requisition_id
      JOIN stock_warehouse warehouse ON warehouse.id = requisition.supply_warehouse_id
      JOIN stock_location ours ON ours.id = warehouse.view_location_id
      JOIN stock_location source ON source.id = move.location_id
      JOIN stock_location dest ON dest.id = move.location_dest_id
      JOIN product_product product ON product.id = move.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
      JOIN uom_uom unit ON unit.id = move.product_uom
      JOIN uom_uom base ON base.id = template.uom_id
 LEFT JOIN stock_picking picking ON picking.id = move.picking_id
     WHERE move.requisition_line_id IN %(lines)s AND move.state NOT IN ('draft', 'cancel')
),
missing AS (
    SELECT line_id, SUM(qty_missing) AS qty
      FROM jinxing_parts_difference
     WHERE line_id IN %(lines)s AND qty_missing > 0
       AND picking_id IN (
           SELECT id FROM stock_picking WHERE parts_received_at IS NOT NULL AND is_parts_sale)
  GROUP BY line_id
)
SELECT moved.line_id,
       COALESCE(SUM(moved.qty) FILTER (WHERE done AND way IN ('out', 'back')), 0)
     - COALESCE(SUM(moved.qty) FILTER (WHERE done AND way = 'undone'), 0),
       COALESCE(SUM(moved.qty) FILTER (WHERE done AND way IN ('in', 'back')), 0)
     + COALESCE(SUM(moved.qty) FILTER (WHERE done AND way = 'out' AND confirmed), 0)
     - COALESCE(MAX(missing.qty), 0),
       COALESCE(SUM(moved.qty) FILTER (WHERE done AND way = 'lost'), 0),
       COALESCE(SUM(moved.qty) FILTER (WHERE NOT done AND way IN ('out', 'back')), 0),
       COALESCE(SUM(reserved) FILTER (WHERE NOT done AND way IN ('out', 'back')), 0)
  FROM moved
LEFT JOIN missing ON missing.line_id = moved.line_id
GROUP BY moved.line_id
"""


class JinxingPartsRequisitionLine(models.Model):
    """A part asked for, and what has come of it (A3)."""

    _name = "jinxing.parts.requisition.line"
    _description = "Line of a Parts Requisition"
    _inherit = ["jinxing.decision.mixin"]
    _order = "requisition_id, sequence, id"
    _rec_name = "product_id"

    requisition_id = fields.Many2one(
        "jinxing.parts.requisition", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="requisition_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    commercial_partner_id = fields.Many2one(
        related="requisition_id.commercial_partner_id",
        string="Station or dealer",
        store=True,
        index=True,
    )
    state = fields.Selection(related="requisition_id.state")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        "Part",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_spare_part', '=', True)]",
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    qty = fields.Float("Asked for", digits="Product Unit", required=True, default=1.0)
    qty_approved = fields.Float(
        "Approved",
        digits="Product Unit",
        compute="_compute_qty_approved",
        store=True,
        readonly=False,
        precompute=True,
    )
    purpose = fields.Selection(
        [("warranty", "For warranty repairs"), ("sale", "For sale")],
        required=True,
        default="sale",
    )
    terms = fields.Selection(
        [
            ("internal", "Moves within our stock"),
            ("consignment", "Consignment"),
            ("sale", "Sale"),
        ],
        readonly=True,
        copy=False,
        help="Decided by the rule of A3 when the requisition is handed in.",
    )
    price_unit = fields.Monetary("Price", readonly=True, copy=False)
    amount = fields.Monetary(compute="_compute_amount", store=True)
    stock_request_id = fields.Many2one(
        "stock.request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="stock.group_stock_user",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line", readonly=True, copy=False, index="btree_not_null"
    )
    move_ids = fields.One2many(
        "stock.move", "requisition_line_id", "Moves", readonly=True, copy=False,
        groups="stock.group_stock_user",
    )
    qty_available = fields.Float(
        "In stock there",
        digits="Product Unit",
        compute="_compute_qty_available",
        help="Free at the supplying warehouse now.",
    )
    qty_shipped = fields.Float("Shipped", digits="Product Unit", compute="_compute_delivered")
    qty_received = fields.Float("Received", digits="Product Unit", compute="_compute_delivered")
    qty_in_transit = fields.Float(
        "On the way", digits="Product Unit", compute="_compute_delivered"
    )
    qty_open = fields.Float(
        "Still to ship", digits="Product Unit", compute="_compute_delivered"
    )
    qty_short = fields.Float(
        "Short",
        digits="Product Unit",
        compute="_compute_delivered",
        help="Still to ship and not reserved: the supplying warehouse lacks it.",
    )
    qty_cancelled = fields.Float(
        "Given up", digits="Product Unit", readonly=True, copy=False, default=0.0
    )

    _qty_positive = models.Constraint("CHECK(qty > 0)", "Ask for at least one piece.")
    _approved_sane = models.Constraint(
        "CHECK(qty_approved >= 0 AND qty_cancelled >= 0)", "No quantity is negative."
    )

    @api.depends("qty")
    def _compute_qty_approved(self):
        for line in self:
            line.qty_approved = line.qty

    @api.depends("price_unit", "qty_approved")
    def _compute_amount(self):
        for line in self:
            line.amount = line.price_unit * line.qty_approved

    @api.depends("product_id", "requisition_id.supply_warehouse_id")
    def _compute_qty_available(self):
        for warehouse, lines in self.grouped(
            lambda line: line.requisition_id.supply_warehouse_id
        ).items():
            # sudo: a station may know whether its order can be filled, not more
            products = lines.product_id.sudo().with_context(warehouse_id=warehouse.id)
            free = {product.id: product.free_qty for product in products} if warehouse else {}
            for line in lines:
                line.qty_available = free.get(line.product_id.id, 0.0)

    @api.depends(
        "state",
        "qty_approved",
        "move_ids.state",
        "move_ids.quantity",
        "move_ids.product_uom_qty",
        "move_ids.picking_id.parts_received_at",
    )
    def _compute_delivered(self):
        moved = self._moved()
        for line in self:
            done = moved.get(line._origin.id, NOTHING)
            running = line.requisition_id.state == "approved"
            line.qty_shipped = done.shipped
            line.qty_received = done.received
            line.qty_in_transit = done.shipped - done.received - done.lost
            line.qty_open = done.coming if running else 0.0
            line.qty_short = max(done.coming - done.reserved, 0.0) if running else 0.0

    def _moved(self):
        """Return ``{line id: Moved}`` from the stock moves, in one query.

        What leaves the supplying warehouse is shipped, what reaches the store is received. Parts
        that were sold count as received when the station has said so.
        """
        if not self.ids:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(SQL(_MOVED, lines=tuple(self.ids)))
        return {row[0]: Moved(*row[1:]) for row in rows}

    # -- create, write, delete -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get(name) for vals in vals_list for name in SYSTEM):
            raise UserError(self._system_message())
        lines = super().create(vals_list)
        lines._ensure_open()
        return lines

    def write(self, vals):
        if not self.env.su:
            if SYSTEM & set(vals):
                raise UserError(self._system_message())
            if set(vals) & {"product_id", "qty", "qty_approved", "purpose", "requisition_id"}:
                self._ensure_open()
        result = super().write(vals)
        if "purpose" in vals and not self.env.su:
            # sudo: the terms follow the purpose by the rule, nobody edits them
            self.filtered(lambda line: line.state == "submitted").sudo()._decide_terms()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        self._ensure_open()

    def _ensure_open(self):
        """Refuse changes of lines that were decided on."""
        fixed = self.requisition_id.filtered(lambda r: r.state not in ("draft", "submitted"))
        if fixed and not self.env.su:
            raise UserError(
                self.env._(
                    "%(names)s: what was decided on is not changed.",
                    names=", ".join(fixed.mapped("name")),
                )
            )

    def _system_message(self):
        return self.env._("A requisition moves by its buttons, not by editing.")

    @api.constrains("product_id")
    def _check_product_id(self):
        for line in self:
            # sudo: what a part is, whoever asks for it
            product = line.product_id.sudo()
            if not product.is_spare_part or product.type != "consu":
                raise ValidationError(
                    self.env._("%(name)s is no spare part.", name=product.display_name)
                )

    # -- terms (A3) ------------------------------------------------------------------------------

    def _decide_terms(self):
        """Decide for each line whether it moves as our stock or is sold, with its price (A3)."""
        decisions = {}
        for line in self:
            partner = line.requisition_id.partner_id
            decisions[line.id] = routing.decide_terms(
                routing.TermsFacts(
                    requester=partner.name or "",
                    own=partner._is_own_store(),
                    warranty=line.purpose == "warranty",
                    has_store=bool(partner._parts_destination()),
                )
            )
        self._record_decisions("parts_terms", decisions)
        for line in self:
            terms = decisions[line.id].outcome
            line.write(
                {"terms": terms, "price_unit": line._price() if terms == "sale" else 0.0}
            )

    def _price(self):
        """Return what a piece costs this requester, by his price list."""
        self.ensure_one()
        return self.requisition_id._price_of(self.product_id, self.qty_approved or self.qty)

    # -- receipts that will not come ---------------------------------------------------------------

    def _fit_receipts(self):
        """Make the open receipts those of what is on its way or will still be shipped."""
        for line in self:
            done = line._moved().get(line.id, NOTHING)
            expected = done.shipped - done.received - done.lost + done.coming
            receipts = line.move_ids.filtered(
                lambda m: m.state not in ("done", "cancel") and m.location_id.usage == "transit"
            )
            surplus = sum(receipts.mapped("product_qty")) - expected
            for move in receipts.sorted("id", reverse=True):
                if line.uom_id.compare(surplus, 0) <= 0:
                    break
                less = min(surplus, move.product_qty)
                surplus -= less
                rest = move.product_qty - less
                if line.uom_id.is_zero(rest):
                    move._action_cancel()
                else:
                    move._do_unreserve()
                    move.product_uom_qty = line.uom_id._compute_quantity(rest, move.product_uom)
                    move._action_assign()
