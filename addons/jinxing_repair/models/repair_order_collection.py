from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import collection, order_flow


class RepairOrder(models.Model):
    """How the money of a signed order is collected: on the spot, or by voucher (S8.4)."""

    _inherit = "repair.order"

    voucher_ids = fields.One2many("jinxing.service.voucher", "order_id", "Service vouchers")
    custody_ids = fields.One2many("jinxing.cash.custody", "order_id", "Money taken on the spot")
    voucher_id = fields.Many2one(
        "jinxing.service.voucher", "Service voucher", compute="_compute_collected",
        compute_sudo=True,
    )
    custody_id = fields.Many2one(
        "jinxing.cash.custody", "Money collected", compute="_compute_collected",
        compute_sudo=True,
    )
    may_collect = fields.Boolean(
        compute="_compute_may_collect",
        help="The technician may take the money on the spot: it is below the limit (S8.4).",
    )

    @api.depends("voucher_ids.cancelled", "custody_ids.state")
    def _compute_collected(self):
        for order in self:
            order.voucher_id = order.voucher_ids.filtered(lambda v: not v.cancelled)[:1]
            order.custody_id = order.custody_ids.filtered(lambda c: c.state != "cancelled")[:1]

    @api.depends("money_state")
    def _compute_may_collect(self):
        for order in self:
            order.may_collect = (
                order.money_state == "open"
                and order._collection_decision().outcome == collection.ON_SPOT
            )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {
            "dispatch_invoice_id", "money_state", "voucher_ids", "custody_ids",
        }

    # -- the decision --------------------------------------------------------------------------

    def _on_spot_limit(self):
        """Return up to what amount money may be taken on the spot, by the policy of the day."""
        self.ensure_one()
        policy = self.env["jinxing.policy.parameter"]
        day = policy._service_day(self.signed_at or None, self.company_id)
        return policy._value("on_spot_limit", day, self.company_id)

    def _collection_decision(self):
        """Return the rule's answer: on the spot, by voucher, or nothing to collect (S8.4).

        Money in a foreign currency is never taken on the spot.
        """
        self.ensure_one()
        # sudo: the amount of the quotation, whoever works on the order
        sale = self.sudo().sale_order_id
        foreign = sale and sale.currency_id != self.currency_id
        facts = collection.CollectionFacts(
            amount=self._amount_due(),
            limit=0.0 if foreign else self._on_spot_limit(),
            accepted=self.quote_state == "accepted",
        )
        return collection.decide_collection(facts)

    def _decide_collection(self):
        """Store how the money of each order is collected and return ``{order id: outcome}``."""
        decisions = {order.id: order._collection_decision() for order in self}
        stored = self._record_decisions("collection", decisions)
        return {order_id: decision.outcome for order_id, decision in stored.items()}

    def _ensure_collectable(self):
        """Refuse orders that are not signed, cost nothing, or are collected or vouched for.

        :raises UserError: names each order and what stands against it
        """
        words = dict(self._fields["money_state"]._description_selection(self.env))
        wrong = self.filtered(lambda order: order.money_state != "open")
        if wrong:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(order)s: there is nothing to collect here (%(state)s).",
                        order=order.name,
                        state=words[order.money_state]
                        if order._is_finished()
                        else self.env._("not signed yet"),
                    )
                    for order in wrong
                )
            )

    # -- on the spot ---------------------------------------------------------------------------

    def action_collect(self, method=None, amount=None, reference=None, at=None):
        """Record the money the technician took on the spot, up to the policy's limit (S8.4).

        Cash is in his custody until finance has it; WeChat and Alipay need their reference.

        :param method: ``cash``, ``wechat`` or ``alipay``; without it a form asks
        :param amount: what he took, in the company's currency; all that is due, no part of it
        :raises UserError: it is above the limit, another amount than what is due, the
            reference is missing, or the money is collected already
        """
        self._ensure_role("worker")
        self.ensure_one()
        if not method:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Money collected"),
                "res_model": "jinxing.repair.collect",
                "view_mode": "form",
                "target": "new",
                "context": {"default_order_id": self.id},
            }
        self._lock()
        self._ensure_collectable()
        due, limit = self._amount_due(), self._on_spot_limit()
        amount = due if amount is None else amount
        reference = (reference or "").strip()
        problems = collection.check_payment(method, amount, reference, limit)
        if problems:
            raise UserError(self.env["jinxing.decision"]._step_lines(problems))
        if self._decide_collection()[self.id] != collection.ON_SPOT:
            raise UserError(
                self.env._("%(order)s: this goes by voucher to finance (S8.4).", order=self.name)
            )
        if self.currency_id.compare_amounts(amount, due):
            raise UserError(
                self.env._(
                    "%(order)s: %(due)s is to be paid, not %(amount)s.",
                    order=self.name,
                    due=self.currency_id.format(due),
                    amount=self.currency_id.format(amount),
                )
            )
        moment = self._moment(at, after=self.signed_at)
        # sudo: what was collected is the system's record; the technician was checked above
        custody = self.env["jinxing.cash.custody"].sudo().create(
            self._prepare_custody(method, amount, reference, moment)
        )
        self.message_post(
            body=self.env._(
                "%(amount)s collected on the spot: %(number)s (S8.4).",
                amount=self.currency_id.format(amount),
                number=custody.name,
            )
        )
        return True

    def _prepare_custody(self, method, amount, reference, moment):
        """Return the values of the record of money taken on the spot."""
        self.ensure_one()
        deadline = False
        if method not in collection.REFERENCED:
            policy = self.env["jinxing.policy.parameter"]
            day = policy._service_day(moment, self.company_id)
            hours = policy._value("cash_custody_hours", day, self.company_id)
            deadline = collection.custody_deadline(moment, hours)
        return {
            "order_id": self.id,
            "technician_id": self.technician_id.id,
            "company_id": self.company_id.id,
            "method": method,
            "amount": amount,
            "reference": reference or False,
            "collected_at": moment,
            "collected_by_id": self.env.uid,
            "deadline_at": deadline,
        }

    # -- by voucher ----------------------------------------------------------------------------

    def action_issue_voucher(self):
        """Send service vouchers (售后服务凭证) to finance, the same day (S8.4)."""
        self._ensure_role("worker")
        self._lock()
        self._ensure_collectable()
        self._issue_vouchers()
        return True

    def _issue_vouchers(self):
        """Make the vouchers of orders whose money is open."""
        now = fields.Datetime.now()
        policy = self.env["jinxing.policy.parameter"]
        vals_list = []
        for order in self:
            # sudo: the sale order's currency
            currency = order.sudo().sale_order_id.currency_id
            vals_list.append(
                {
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "technician_id": order.technician_id.id,
                    "amount": order._amount_due(),
                    "currency_id": currency.id,
                    "issued_at": now,
                    "issued_by_id": self.env.uid,
                    "deadline_at": collection.voucher_deadline(
                        now, None, policy._service_tz(order.company_id)
                    ),
                }
            )
        # sudo: vouchers are made by the order's steps alone
        return self.env["jinxing.service.voucher"].sudo().create(vals_list)

    def action_sign(self, signature=None, signed_by=None, at=None):
        """Sign, and send the voucher at once when the money may not be taken on the spot."""
        result = super().action_sign(signature, signed_by, at)
        signed = self.filtered(
            lambda o: o.service_state == order_flow.SIGNED and o.money_state == "open"
        )
        if signed:
            outcomes = signed._decide_collection()
            signed.filtered(lambda o: outcomes[o.id] == collection.VOUCHER)._issue_vouchers()
        return result

    def action_hand_in(self):
        """Hand in, and send a voucher for what was not collected on the spot (S8.4, S8.9)."""
        result = super().action_hand_in()
        self.filtered(lambda o: o.money_state == "open")._issue_vouchers()
        return result

    def _on_invoice_paid(self):
        """Close what was open until the invoice was paid: the collection task (S8.4)."""
        self.voucher_ids._on_paid()
