from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: What only the steps of a requisition set.
SYSTEM = frozenset(
    {
        "name", "state", "supply_warehouse_id", "location_id", "request_order_id",
        "sale_order_id", "return_picking_id", "submitted_at", "approved_at", "approved_by_id",
        "refusal", "closed_at", "decision_ids",
    }
)
#: Fixed once it is handed in.
FACTS = frozenset(
    {"partner_id", "kind", "urgent", "urgent_reason", "date_needed", "company_id", "line_ids"}
)
STATES = [
    ("draft", "Cart"),
    ("submitted", "Handed in"),
    ("approved", "Approved"),
    ("done", "Done"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
]


class JinxingPartsRequisition(models.Model):
    """A station's, a technician's or a centre's application for parts (A3).

    One sheet for whoever asks: what stays ours moves by OCA's stock requests, what an independent
    station buys goes by a sale order. Which of them, and from which warehouse, the rules decide.
    """

    _name = "jinxing.parts.requisition"
    _description = "Parts Requisition"
    _inherit = ["mail.thread", "jinxing.decision.mixin"]
    _order = "urgent desc, id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    kind = fields.Selection(
        [("supply", "Supply"), ("return", "Return of unused parts")],
        required=True,
        default="supply",
    )
    partner_id = fields.Many2one("res.partner", "Requested for", required=True, index=True)
    commercial_partner_id = fields.Many2one(
        "res.partner",
        "Station or dealer",
        compute="_compute_commercial_partner_id",
        store=True,
        precompute=True,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users", "Requested by", required=True, default=lambda self: self.env.user
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    urgent = fields.Boolean(tracking=True, help="Shown and shipped before all others.")
    urgent_reason = fields.Char("Why it is urgent")
    date_needed = fields.Date("Needed on")
    note = fields.Text("Remarks")
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, copy=False, tracking=True
    )
    line_ids = fields.One2many(
        "jinxing.parts.requisition.line", "requisition_id", "Parts", copy=True
    )
    supply_warehouse_id = fields.Many2one(
        "stock.warehouse", "Supplied from", readonly=True, copy=False, index="btree_not_null"
    )
    location_id = fields.Many2one("stock.location", "Destination", readonly=True, copy=False)
    request_order_id = fields.Many2one(
        "stock.request.order",
        "Stock request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="stock.group_stock_user",
    )
    sale_order_id = fields.Many2one(
        "sale.order", "Sale", readonly=True, copy=False, index="btree_not_null"
    )
    return_picking_id = fields.Many2one(
        "stock.picking",
        "Return",
        readonly=True,
        copy=False,
        groups="stock.group_stock_user",
    )
    picking_ids = fields.Many2many(
        "stock.picking",
        string="Shipments",
        compute="_compute_picking_ids",
        groups="stock.group_stock_user",
    )
    picking_count = fields.Integer(
        compute="_compute_picking_ids", groups="stock.group_stock_user"
    )
    submitted_at = fields.Datetime("Handed in on", readonly=True, copy=False)
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True, copy=False)
    refusal = fields.Char("Why refused", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed on", readonly=True, copy=False)
    amount_total = fields.Monetary("To pay", compute="_compute_amount_total")
    has_shortage = fields.Boolean("Shortage", compute="_compute_progress")
    progress = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("partly", "Partly shipped"),
            ("shipped", "Shipped"),
            ("received", "Received"),
        ],
        "Delivery",
        compute="_compute_progress",
    )
    difference_ids = fields.One2many(
        "jinxing.parts.difference", "requisition_id", "Differences", readonly=True
    )

    _list_index = models.Index("(urgent DESC, id DESC)")
    _own_index = models.Index("(commercial_partner_id, state, id DESC)")
    _one_cart = models.UniqueIndex(
        "(partner_id, user_id, company_id, kind) WHERE state = 'draft'",
        "There is an open cart already.",
    )

    @api.depends("partner_id")
    def _compute_commercial_partner_id(self):
        for requisition in self:
            # sudo: the requester's company is no secret to whoever sees the requisition
            partner = requisition.partner_id.sudo()
            requisition.commercial_partner_id = partner.commercial_partner_id

    @api.depends("line_ids.amount")
    def _compute_amount_total(self):
        for requisition in self:
            requisition.amount_total = sum(requisition.line_ids.mapped("amount"))

    @api.depends("state", "line_ids.qty_shipped", "line_ids.qty_received", "line_ids.qty_open")
    def _compute_progress(self):
        for requisition in self:
            lines = requisition.line_ids
            running = requisition.state in ("approved", "done")
            requisition.has_shortage = requisition.state == "approved" and any(
                line.qty_short > 0 for line in lines
            )
            shipped = sum(lines.mapped("qty_shipped"))
            if not running:
                requisition.progress = False
            elif requisition.state == "done" or all(
                line.qty_received >= line.qty_shipped and not line.qty_open for line in lines
            ):
                requisition.progress = "received"
            elif not shipped:
                requisition.progress = "waiting"
            elif any(line.qty_open > 0 for line in lines):
                requisition.progress = "partly"
            else:
                requisition.progress = "shipped"

    @api.depends("line_ids.move_ids.picking_id", "return_picking_id")
    def _compute_picking_ids(self):
        for requisition in self:
            pickings = requisition.line_ids.move_ids.picking_id | requisition.return_picking_id
            requisition.picking_ids = pickings
            requisition.picking_count = len(pickings)

    @api.constrains("urgent", "urgent_reason")
    def _check_urgent_reason(self):
        for requisition in self:
            if requisition.urgent and not (requisition.urgent_reason or "").strip():
                raise ValidationError(
                    self.env._("An urgent requisition says why it is urgent (A3).")
                )

    @api.constrains("partner_id")
    def _check_partner_id(self):
        for requisition in self:
            # sudo: what the requester is decides, whoever enters the requisition
            partner = requisition.partner_id.sudo()
            company = partner.commercial_partner_id
            if not (
                company.is_service_station
                or company.is_dealer
                or company.is_parts_centre
                or partner._is_own_staff()
            ):
                raise ValidationError(
                    self.env._(
                        "%(name)s is no station, dealer, parts centre or technician of ours and "
                        "cannot ask for parts (A3).",
                        name=partner.display_name,
                    )
                )

    # -- create, write, delete -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
            vals.get(name) for vals in vals_list for name in SYSTEM - {"name", "state"}
        ):
            raise UserError(self._system_message())
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            if not self.env.su and vals.get("state", "draft") != "draft":
                raise UserError(self._system_message())
            company = vals.get("company_id") or self.env.company.id
            vals["name"] = sequence.with_company(company).next_by_code(
                "jinxing.parts.requisition"
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if SYSTEM & set(vals):
                raise UserError(self._system_message())
            fixed = self.filtered(lambda r: r.state not in ("draft", "submitted"))
            if fixed and FACTS & set(vals):
                raise UserError(
                    self.env._(
                        "%(names)s: what was decided on is not changed.",
                        names=", ".join(fixed.mapped("name")),
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if self.filtered(lambda r: r.state != "draft"):
            raise UserError(
                self.env._("A requisition that was handed in is cancelled, not deleted.")
            )

    def _system_message(self):
        return self.env._("A requisition moves by its buttons, not by editing.")

    def action_open_pickings(self):
        """Open the shipments of the requisition."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.action_picking_tree_all"
        )
        action["domain"] = [("id", "in", self.picking_ids.ids)]
        action["context"] = {}
        return action

    def action_open_decisions(self):
        """Open why: who supplies, on what terms, within what credit (A3)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_base.jinxing_decision_action"
        )
        action["name"] = self.env._("Why?")
        action["domain"] = [
            "|",
            "&", ("res_model", "=", self._name), ("res_id", "=", self.id),
            "&", ("res_model", "=", self.line_ids._name), ("res_id", "in", self.line_ids.ids),
        ]
        action["context"] = {}
        return action
