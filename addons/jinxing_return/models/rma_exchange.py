from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..rules import exchange_way


class Rma(models.Model):
    """Exchanges: of the same model or what the law leaves (G2), or approved (G3.2)."""

    _inherit = "rma"

    exchange_right_id = fields.Many2one(
        "jinxing.exchange.right",
        "Right to exchange",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    repair_order_id = fields.Many2one(
        related="exchange_right_id.order_id", string="Repair it arose from"
    )
    exchange_way = fields.Selection(
        [
            ("same_model", "Same model and specification"),
            ("no_stock", "None in stock: the customer chooses"),
        ],
        "Way of exchange",
        readonly=True,
        copy=False,
        tracking=True,
    )
    other_model_id = fields.Many2one(
        "product.product",
        "Other model agreed on",
        copy=False,
        tracking=True,
        domain="[('id', '!=', product_id), ('is_storable', '=', True)]",
        help="Only when the same model is not in stock, and the customer agrees.",
    )
    other_model_note = fields.Char(
        "What the customer agreed to", copy=False, help="His choice, in his words or in writing."
    )
    exchange_reason = fields.Text(
        "Why repair will not do",
        readonly=True,
        copy=False,
        help="An exchange without a right to it needs a supervisor's approval (G3.2).",
    )
    exchange_approved_by_id = fields.Many2one(
        "res.users", "Exchange approved by", readonly=True, copy=False
    )
    exchange_approved_at = fields.Datetime("Exchange approved on", readonly=True, copy=False)

    _right_once = models.UniqueIndex(
        "(exchange_right_id) WHERE exchange_right_id IS NOT NULL AND state != 'cancelled'",
        "This right to exchange has a return already.",
    )
    _other_model_agreed = models.Constraint(
        "CHECK(other_model_id IS NULL OR other_model_note IS NOT NULL)",
        "Note what the customer agreed to when he takes another model.",
    )

    @api.constrains("other_model_id", "other_model_note", "product_id")
    def _check_other_model(self):
        for rma in self.filtered("other_model_id"):
            if rma.other_model_id == rma.product_id or not (rma.other_model_note or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(name)s: another model is one that the customer agrees to, in his words.",
                        name=rma.name,
                    )
                )

    def _exchanged_for(self):
        """Return the product the customer gets: the same model, or the one he agreed to."""
        self.ensure_one()
        return self.other_model_id or self.product_id

    # -- the way of the exchange (G2, R10) -------------------------------------------------------

    def _way_facts(self, today):
        """Return ``{rma: facts}`` for rules/exchange_way.py, a few queries for a warehouse."""
        result = {}
        for warehouse, rmas in self.grouped("warehouse_id").items():
            # sudo: what is in stock is looked up on behalf of the rule
            products = rmas.sudo().product_id.with_context(warehouse_id=warehouse.id)
            free = {product.id: product.free_qty for product in products}
            short = rmas.filtered(lambda r, free=free: free[r.product_id.id] < r.product_uom_qty)
            expected = short._expected_days(warehouse)
            others = short._other_machines(warehouse) if short else ()
            for rma in rmas:
                product = rma.product_id
                result[rma] = exchange_way.WayFacts(
                    on=today,
                    wanted=product.display_name,
                    quantity=Decimal(str(rma.product_uom_qty)),
                    # what is not kept in stock is always there
                    free=Decimal(str(free[product.id] if product.is_storable
                                     else rma.product_uom_qty)),
                    expected=expected.get(product.id),
                    others=tuple(
                        name for number, name in others
                        if product.is_machine and number != product.id
                    ),
                    entitlement=rma.entitlement_id.code or "",
                    own_sale=rma.own_sale,
                    # sudo: who sold it is named in the decision
                    seller=rma.lot_id.sudo().dealer_id.name or "",
                )
        return result

    def _expected_days(self, warehouse):
        """Return ``{product id: day}`` on which the next one is due in the warehouse."""
        # sudo: as in _way_facts
        groups = self.env["stock.move"].sudo()._read_group(
            [
                ("product_id", "in", self.product_id.ids),
                ("state", "in", ("waiting", "confirmed", "partially_available", "assigned")),
                ("location_dest_id", "child_of", warehouse.lot_stock_id.ids),
                ("location_id.usage", "!=", "internal"),
            ],
            ["product_id"],
            ["date:min"],
        )
        return {product.id: moment.date() for product, moment in groups}

    @api.model
    def _other_machines(self, warehouse):
        """Return ``[(product id, name)]`` of the machines that are free in the warehouse."""
        # sudo: as in _way_facts
        groups = self.env["stock.quant"].sudo()._read_group(
            Domain("location_id", "child_of", warehouse.lot_stock_id.ids)
            & Domain("product_id.is_machine", "=", True),
            ["product_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        return [
            (product.id, product.display_name)
            for product, quantity, reserved in groups
            if quantity > reserved
        ]

    def _decide_way(self, today):
        """Decide how exchanges are made, and store why."""
        exchanges = self.filtered(lambda r: r.return_kind == "replace" and r.product_uom_qty > 0)
        facts = exchanges._way_facts(today)
        decisions = {rma: exchange_way.decide_way(facts[rma]) for rma in exchanges}
        self._record_decisions("exchange_way", {rma.id: d for rma, d in decisions.items()})
        for rma in self:
            way = decisions[rma].outcome if rma in decisions else False
            if rma.exchange_way != way:
                # sudo: what the rules decided is nobody's to edit
                rma.sudo().exchange_way = way

    def _ensure_exchange_possible(self):
        """Refuse an exchange of what is not in stock, and say what the customer may choose.

        A machine taken back by right is not refunded at nothing: what the customer paid a dealer
        for it is noted first (L-rep2).

        :raises UserError: none of the same model and specification is free, and no other model
            that is free was agreed on (G2)
        """
        unpaid = self.filtered(
            lambda r: r.return_kind == "refund" and r.exchange_right_id and r.paid_unit <= 0
        )
        if unpaid:
            raise UserError(
                self.env._(
                    "%(names)s: note first what the customer paid; all of it goes back.",
                    names=", ".join(unpaid.mapped("name")),
                )
            )
        for rma in self.filtered(lambda r: r.return_kind == "replace"):
            # sudo: what is in stock is looked up on behalf of the step
            product = rma._exchanged_for().sudo().with_context(warehouse_id=rma.warehouse_id.id)
            if rma.other_model_id and rma.exchange_way == exchange_way.SAME_MODEL:
                raise UserError(
                    self.env._(
                        "%(name)s: the same model and specification is in stock; another model "
                        "is not for this exchange.",
                        name=rma.name,
                    )
                )
            if product.is_storable and product.free_qty < rma.product_uom_qty:
                decision = rma.decision_ids.filtered(
                    lambda d: d.kind == "exchange_way" and not d.superseded_by_id
                )[:1]
                raise UserError(
                    self.env._("%(name)s: %(why)s", name=rma.name, why=decision.explanation)
                )

    def create_replace(self, scheduled_date, warehouse, product, qty, uom):
        """Exchange for the same model and specification, or the model agreed on (G2, R10).

        :raises UserError: it is another product
        """
        self.check_access("write")
        wrong = self.filtered(lambda rma: rma._exchanged_for() != product)
        if wrong:
            raise UserError(
                self.env._(
                    "%(names)s: an exchange is of the same model and specification.",
                    names=", ".join(wrong.mapped("name")),
                )
            )
        # sudo: as in action_confirm
        return super(Rma, self.sudo()).create_replace(
            scheduled_date, warehouse, product, qty, uom
        )

    # -- what the customer chooses instead -------------------------------------------------------

    def action_choose_refund(self):
        """Note that the customer takes his money back as the same model is not in stock (G2).

        :raises UserError: it is in stock, or the sale was not ours
        """
        self.check_access("write")
        operation = self.env.ref("rma.rma_operation_refund")
        for rma in self:
            if rma.state != "draft" or rma.exchange_way != exchange_way.NO_STOCK:
                raise UserError(
                    self.env._(
                        "%(name)s: the same model and specification is in stock.", name=rma.name
                    )
                )
            if not rma.own_sale:
                raise UserError(
                    self.env._(
                        "%(name)s: who sold the machine refunds it.", name=rma.name
                    )
                )
        self.write(
            {"operation_id": operation.id, "other_model_id": False, "other_model_note": False}
        )
        for rma in self:
            rma.message_post(
                body=self.env._("No same model in stock: the customer chose the refund.")
            )
        return self.action_decide()

    # -- without a right (G3.2) ------------------------------------------------------------------

    def action_approve_exchange(self, reason=None):
        """Let an exchange be made without a right to it, with the reason why repair will not do.

        :raises AccessError: not by a supervisor
        :raises UserError: there is nothing to approve
        """
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor may do this."))
        self.check_access("write")
        if not (reason or "").strip():
            return self.env["jinxing.record.reason"]._open("rma:action_approve_exchange", self)
        for rma in self:
            if rma.state != "draft" or rma.return_kind != "replace" or (
                rma.eligibility in (False, "eligible")
            ):
                raise UserError(
                    self.env._(
                        "%(name)s: only an exchange that the rules do not give is approved.",
                        name=rma.name,
                    )
                )
        # sudo: who approved what is nobody's to edit
        self.sudo().write(
            {
                "exchange_reason": reason.strip(),
                "exchange_approved_by_id": self.env.uid,
                "exchange_approved_at": fields.Datetime.now(),
            }
        )
        return self.action_decide()
