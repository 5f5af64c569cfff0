from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: What only the rules and the steps set.
SYSTEM = frozenset(
    {
        "eligibility", "refund_unit", "refund_amount", "price_clause", "closed_at", "closed_by",
        "decision_ids", "new_card_id", "new_lot_id", "exchange_right_id", "entitlement_id",
        "exchange_way", "exchange_reason", "exchange_approved_by_id", "exchange_approved_at",
        "state", "refund_id", "refund_line_id", "reception_move_id",
    }
)
#: What the decisions look at: fixed when the goods are on their way.
JUDGED = frozenset(
    {
        "lot_id", "order_id", "move_id", "product_id", "product_uom_qty", "sold_date",
        "own_sale", "proof", "condition", "misuse", "company_fault", "inspection_issuer",
        "inspection_number", "inspection_date", "inspection_file", "operation_id", "partner_id",
        "paid_unit", "original_unit", "other_model_id", "other_model_note", "picking_id",
    }
)


class Rma(models.Model):
    """A request to return or exchange goods (chapter 5): who, what, when bought, how it looks."""

    _name = "rma"
    _inherit = ["rma", "jinxing.decision.mixin"]

    lot_id = fields.Many2one(
        "stock.lot",
        "Serial number",
        index="btree_not_null",
        domain="[('product_id', '=', product_id)]",
        tracking=True,
    )
    return_kind = fields.Selection(
        [("refund", "Refund"), ("replace", "Exchange")],
        "Kind",
        compute="_compute_return_kind",
        store=True,
    )
    own_sale = fields.Boolean(
        "Sold by our outlet",
        compute="_compute_from_sale",
        store=True,
        readonly=False,
        help="What a dealer sold is his sale (R10).",
    )
    proof = fields.Boolean(
        "Invoice or other proof",
        compute="_compute_from_sale",
        store=True,
        readonly=False,
    )
    sold_date = fields.Date(
        "Sold on", compute="_compute_from_sale", store=True, readonly=False
    )
    three_guarantees = fields.Boolean(
        "Three-guarantees goods", compute="_compute_three_guarantees", store=True
    )
    condition = fields.Selection(
        [("good", "Clean and undamaged, can be sold"), ("bad", "Soiled or damaged")],
        tracking=True,
        help="Checked by the outlet (R10).",
    )
    condition_note = fields.Text("Condition found")
    misuse = fields.Text("Improper use or upkeep", help="The evidence of it (R13).")
    company_fault = fields.Boolean(
        "Damaged through our fault", tracking=True, help="Refunded at the price at purchase."
    )
    company_fault_note = fields.Char("How we damaged it")
    inspection_issuer = fields.Char("Issuer of the report")
    inspection_number = fields.Char("Number of the report")
    inspection_date = fields.Date("Day of the report")
    inspection_file = fields.Binary("Inspection report", attachment=True)
    inspection_filename = fields.Char()
    entitlement_id = fields.Many2one(
        "jinxing.clause",
        "Right by clause",
        readonly=True,
        copy=False,
        tracking=True,
        help="A right to exchange or return raised from the repairs (G2, G3.4, the law).",
    )
    eligibility = fields.Selection(
        [
            ("eligible", "Yes"),
            ("refused", "No"),
            ("needs_report", "Needs an inspection report"),
            ("needs_check", "Condition to be checked"),
        ],
        "May go back",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    refund_unit = fields.Float("Refund price", readonly=True, copy=False)
    refund_amount = fields.Float("Amount to refund", readonly=True, copy=False)
    price_clause = fields.Char(readonly=True, copy=False)
    paid_unit = fields.Float(
        "Price paid",
        compute="_compute_prices",
        store=True,
        readonly=False,
        help="Of one unit after discount, from the sale or the invoice.",
    )
    original_unit = fields.Float(
        "List price at purchase", compute="_compute_prices", store=True, readonly=False
    )
    task_ids = fields.One2many("jinxing.return.task", "rma_id", "Departments' tasks")
    late_task_count = fields.Integer(compute="_compute_late_task_count")
    negotiation_ids = fields.One2many("jinxing.return.negotiation", "rma_id", "Negotiations")
    ticket_id = fields.Many2one("helpdesk.ticket", "Repair offered", readonly=True, copy=False)
    cause = fields.Text("Cause of the return", tracking=True)
    cause_department_id = fields.Many2one("hr.department", "Responsible department", tracking=True)
    cause_employee_id = fields.Many2one("hr.employee", "Responsible person", tracking=True)
    closed_at = fields.Datetime("Closed", readonly=True, copy=False, index="btree_not_null")
    closed_by = fields.Many2one("res.users", readonly=True, copy=False)
    new_lot_id = fields.Many2one(
        "stock.lot", "New machine", copy=False, domain=[("is_machine", "=", True)]
    )
    new_card_id = fields.Many2one(
        "jinxing.warranty.card", "New warranty card", readonly=True, copy=False
    )

    _quantity_positive = models.Constraint(
        "CHECK(state = 'draft' OR state = 'cancelled' OR product_uom_qty > 0)",
        "The quantity of a return is positive.",
    )
    _list_index = models.Index("(date DESC, priority)")

    # -- computes ------------------------------------------------------------------------------

    @api.depends("operation_id.action_create_refund", "operation_id.action_create_delivery")
    def _compute_return_kind(self):
        for rma in self:
            operation = rma.operation_id
            rma.return_kind = (
                "refund" if operation.action_create_refund
                else "replace" if operation.action_create_delivery else False
            )

    def _sale_line(self):
        """Return the line of our own sale the goods come from."""
        self.ensure_one()
        # sudo: the sale is looked at on behalf of the rule
        line = self.sudo()._get_sale_line()
        if not line and self.order_id:
            lines = self.sudo().order_id.order_line
            line = lines.filtered(lambda item: item.product_id == self.product_id)[:1]
        return line

    @api.depends("order_id", "move_id", "lot_id", "product_id")
    def _compute_from_sale(self):
        for rma in self:
            line = rma._sale_line() if rma.product_id else self.env["sale.order.line"]
            # sudo: as in _sale_line
            lot = rma.lot_id.sudo()
            delivered = rma.sudo().move_id.date
            invoice = line.invoice_lines.move_id.filtered(
                lambda m: m.state == "posted" and m.move_type == "out_invoice"
            )[:1]
            rma.own_sale = bool(line) or (bool(lot.sold_date) and not lot.dealer_id)
            rma.proof = bool(line) or bool(lot.card_id.invoice_number)
            rma.sold_date = (
                invoice.invoice_date
                or (delivered and delivered.date())
                or lot.card_id.invoice_date
                or lot.sold_date
                or (line.order_id.date_order and line.order_id.date_order.date())
            )

    @api.depends("product_id")
    def _compute_three_guarantees(self):
        for rma in self:
            # sudo: what kind of goods it is does not depend on who asks
            product = rma.product_id.sudo()
            rma.three_guarantees = product.is_machine or bool(product.component_id)

    def _price_source(self):
        """Return the line that says what was paid: of the invoice, else of the sale, or none."""
        self.ensure_one()
        line = self._sale_line() if self.product_id else self.env["sale.order.line"]
        invoiced = line.invoice_lines.filtered(
            lambda item: item.move_id.state == "posted" and item.move_id.move_type == "out_invoice"
        )
        return invoiced[:1] or line

    @api.depends("order_id", "move_id", "product_id")
    def _compute_prices(self):
        for rma in self:
            source = rma._price_source()
            rma.paid_unit = source.price_unit * (1 - (source.discount or 0.0) / 100)
            rma.original_unit = source.price_unit

    @api.depends("task_ids.done_at", "task_ids.date_due")
    def _compute_late_task_count(self):
        for rma in self:
            rma.late_task_count = len(
                rma.task_ids.filtered(lambda task: task.is_late and not task.done_at)
            )

    # -- constraints ---------------------------------------------------------------------------

    @api.constrains("lot_id", "product_id")
    def _check_lot(self):
        for rma in self:
            if rma.lot_id and rma.lot_id.product_id != rma.product_id:
                raise ValidationError(
                    self.env._(
                        "%(serial)s is no %(product)s.",
                        serial=rma.lot_id.name,
                        product=rma.product_id.display_name,
                    )
                )

    @api.constrains("product_uom_qty", "order_id", "move_id", "product_id", "state")
    def _check_quantity(self):
        """No more comes back than was bought and not returned yet (R10)."""
        for rma in self.filtered(lambda r: r.state not in ("draft", "cancelled")):
            line = rma._sale_line()
            if not line:
                continue
            returned = sum(
                other.product_uom_qty
                # sudo: returns of others count, whoever may read them
                for other in self.sudo().search(
                    [
                        ("order_id", "=", line.order_id.id),
                        ("product_id", "=", rma.product_id.id),
                        ("state", "not in", ("draft", "cancelled")),
                        ("id", "!=", rma.id),
                    ]
                )
            )
            if rma.product_uom_qty + returned > line.product_uom_qty:
                raise ValidationError(
                    self.env._(
                        "%(name)s: %(bought)s were bought, %(returned)s came back already.",
                        name=rma.name,
                        bought=line.product_uom_qty,
                        returned=returned,
                    )
                )

    @api.constrains("paid_unit", "order_id", "move_id", "product_id")
    def _check_paid(self):
        """What was paid stands on the sale; nobody raises it by hand (R12.1)."""
        for rma in self:
            source = rma._price_source()
            if not source:
                continue
            paid = source.price_unit * (1 - (source.discount or 0.0) / 100)
            if rma.paid_unit > paid + 0.005:
                raise ValidationError(
                    self.env._(
                        "%(name)s: %(paid)s was paid for one, no more is refunded (R12.1).",
                        name=rma.name,
                        paid=paid,
                    )
                )

    @api.constrains("inspection_date", "sold_date")
    def _check_dates(self):
        today = fields.Date.context_today(self)
        for rma in self:
            if (rma.inspection_date or today) > today or (rma.sold_date or today) > today:
                raise ValidationError(self.env._("The day lies in the future."))

    # -- create and write ----------------------------------------------------------------------

    @api.model
    def _guarded_defaults(self):
        return super()._guarded_defaults() | SYSTEM

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
            vals.get(name) not in (False, None, "draft")
            for vals in vals_list
            for name in SYSTEM & set(vals)
        ):
            raise UserError(self.env._("What goes back, and at what price, the rules decide."))
        return super().create(vals_list)

    def write(self, vals):
        if self and not self.env.su:
            if SYSTEM & set(vals):
                raise UserError(
                    self.env._("What goes back, and at what price, the rules decide.")
                )
            moving = self.filtered(lambda r: r.state not in ("draft", "cancelled"))
            if moving and JUDGED & set(vals):
                raise UserError(
                    self.env._(
                        "%(names)s: what was decided on is not changed any more.",
                        names=", ".join(moving.mapped("name")),
                    )
                )
            if self.filtered("closed_at") and {"cause", "cause_department_id",
                                               "cause_employee_id"} & set(vals):
                raise UserError(self.env._("A closed return stays as it is."))
        return super().write(vals)
