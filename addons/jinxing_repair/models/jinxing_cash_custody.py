from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..rules import collection


class JinxingCashCustody(models.Model):
    """Money a technician took on the spot: cash in his custody, or paid by phone (S8.4).

    Recorded by the dispatch order, received by finance, never edited.
    """

    _name = "jinxing.cash.custody"
    _description = "Money Collected on the Spot"
    _inherit = ["jinxing.decision.mixin"]
    _order = "collected_at desc, id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    order_id = fields.Many2one(
        "repair.order", "Dispatch order", required=True, readonly=True, index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", related="order_id.partner_id", store=True, index=True
    )
    technician_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    method = fields.Selection(
        [("cash", "Cash"), ("wechat", "WeChat"), ("alipay", "Alipay")],
        "Paid by",
        required=True,
        readonly=True,
    )
    reference = fields.Char(readonly=True, help="Of the payment by WeChat or Alipay.")
    amount = fields.Monetary(required=True, readonly=True)
    collected_at = fields.Datetime("Collected", required=True, readonly=True)
    collected_by_id = fields.Many2one("res.users", "Recorded by", readonly=True)
    deadline_at = fields.Datetime(
        "To be handed over by", readonly=True, help="Cash only; by the policy."
    )
    handover_id = fields.Many2one(
        "jinxing.cash.handover", "Hand-over", readonly=True, index="btree_not_null"
    )
    received_at = fields.Datetime("Received", readonly=True)
    received_by_id = fields.Many2one("res.users", "Received by", readonly=True)
    invoice_id = fields.Many2one(
        "account.move", "Invoice made", related="order_id.dispatch_invoice_id", store=True,
        index=True,
    )
    payment_id = fields.Many2one("account.payment", readonly=True)
    cancelled = fields.Boolean(readonly=True)
    cancel_reason = fields.Char("Why cancelled", readonly=True)
    failure = fields.Text("Why it is not booked", readonly=True, help="Of the last attempt.")
    state = fields.Selection(
        [
            ("held", "With the technician"),
            ("to_check", "To be checked"),
            ("received", "Received"),
            ("booked", "Booked"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
    )
    overdue = fields.Boolean(
        compute="_compute_overdue",
        search="_search_overdue",
        help="In custody for longer than the policy allows.",
    )

    _one_per_order = models.UniqueIndex(
        "(order_id) WHERE cancelled IS NOT TRUE", "The money of this order is collected already."
    )
    _reference_unique = models.UniqueIndex(
        "(company_id, method, reference) WHERE reference IS NOT NULL AND cancelled IS NOT TRUE",
        "This payment is recorded for another order already.",
    )
    _amount_positive = models.Constraint("CHECK(amount > 0)", "Nothing was collected.")
    _reference_given = models.Constraint(
        "CHECK(method = 'cash' OR reference IS NOT NULL)",
        "A payment by WeChat or Alipay has its reference.",
    )
    _custody_index = models.Index("(deadline_at) WHERE state = 'held'")

    # -- computes ------------------------------------------------------------------------------

    @api.depends("cancelled", "received_at", "payment_id", "method")
    def _compute_state(self):
        for custody in self:
            if custody.cancelled:
                custody.state = "cancelled"
            elif custody.payment_id:
                custody.state = "booked"
            elif custody.received_at:
                custody.state = "received"
            else:
                custody.state = "held" if custody.method == collection.CASH else "to_check"

    @api.depends("state", "deadline_at")
    def _compute_overdue(self):
        now = fields.Datetime.now()
        for custody in self:
            custody.overdue = custody.state == "held" and custody.deadline_at < now

    @api.model
    def _search_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "held") & Domain("deadline_at", "<", fields.Datetime.now())
        return late if True in value else ~late

    # -- create, write -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Money is recorded at its dispatch order."))
        # One just cancelled must not stand in the way of the new one.
        self.flush_model(["cancelled"])
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            vals["name"] = sequence.with_company(vals["company_id"]).next_by_code(
                "jinxing.cash.custody"
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("What was collected is not edited."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was collected is not deleted."))

    # -- receiving (finance) -------------------------------------------------------------------

    def action_receive(self):
        """Open the count of the cash, or the check of payments by phone."""
        self.order_id._ensure_finance()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receive money"),
            "res_model": "jinxing.cash.receive",
            "view_mode": "form",
            "target": "new",
            "context": {"default_custody_ids": self.ids},
        }

    def _ensure_receivable(self):
        """Refuse what is received or cancelled already, and cash of several technicians.

        :raises UserError: says what stands against it
        """
        if not self:
            raise UserError(self.env._("Choose the money that is handed over."))
        wrong = self.filtered(lambda c: c.state not in ("held", "to_check"))
        if wrong:
            raise UserError(
                self.env._(
                    "%(names)s: received or cancelled already.",
                    names=", ".join(wrong.mapped("name")),
                )
            )
        if len(self.company_id) > 1 or len(set(self.mapped("state"))) > 1:
            raise UserError(
                self.env._("Cash and payments by phone are received one after the other.")
            )
        if self[0].state == "held" and len(self.technician_id) > 1:
            raise UserError(self.env._("Each technician hands over his own cash."))

    def _receive(self, journal, handover=None):
        """Note that finance has the money, invoice it and book the payments (S8.4).

        An order that cannot be invoiced keeps nothing back: its money is received, why it is
        not booked stands on it, and booking can be tried again.
        """
        now = fields.Datetime.now()
        # sudo: what was collected is the system's record; the caller checked the user
        received = self.sudo()
        received.write(
            {
                "received_at": now,
                "received_by_id": self.env.uid,
                "handover_id": handover.id if handover else False,
            }
        )
        received._record_decisions(
            "custody",
            {
                c.id: collection.judge_custody(c.amount, c.deadline_at, now, now)
                for c in received.filtered("deadline_at")
            },
        )
        self._book(journal)

    def action_book(self):
        """Try again to invoice and book what was received."""
        self.order_id._ensure_finance()
        self.check_access("read")
        for journal, custodies in self.filtered(lambda c: c.state == "received").grouped(
            lambda c: c.handover_id.journal_id or c._default_journal(c.company_id, c.method)
        ).items():
            custodies._book(journal)
        return True

    @api.model
    def _default_journal(self, company, method):
        """Return the journal money of this kind usually goes to."""
        kind = "cash" if method == collection.CASH else "bank"
        return self.env["account.journal"].search(
            [("type", "=", kind), ("company_id", "=", company.id)], limit=1
        )

    def _book(self, journal):
        """Invoice the orders and register the payments, each for itself."""
        orders = self.order_id
        open_orders = orders.filtered(
            lambda o: o.dispatch_invoice_id.state not in ("draft", "posted")
            or o.dispatch_invoice_id.payment_state == "reversed"
        )
        _invoiced, reasons = open_orders._invoice_each()
        # sudo: what became of the money is the system's to note
        custodies = self.sudo()
        failed = custodies.filtered(lambda c: c.order_id.id in reasons)
        for custody in failed:
            custody.failure = reasons[custody.order_id.id]
        for custody in custodies - failed:
            custody._try_pay(journal)

    def _try_pay(self, journal):
        """Register the payment in a savepoint; keep why it could not be."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                payment = self._pay(journal)
                self.write({"payment_id": payment.id, "failure": False})
                self.env.flush_all()
        except UserError as error:
            self.failure = str(error)

    def _pay(self, journal):
        """Register the payment on the invoice; cash is in the cash box at once.

        :raises UserError: the invoice is not confirmed or is paid already
        """
        invoice = self.invoice_id
        if invoice.state != "posted" or invoice.payment_state in ("paid", "in_payment"):
            raise UserError(
                self.env._(
                    "%(number)s: the invoice %(invoice)s is not confirmed, or paid already.",
                    number=self.name,
                    invoice=invoice.display_name,
                )
            )
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        vals = {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": receivable[:1].partner_id.id,
            "destination_account_id": receivable[:1].account_id.id,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "journal_id": journal.id,
            "company_id": self.company_id.id,
            "date": fields.Date.context_today(self),
            "memo": " ".join(filter(None, (self.name, self.reference, invoice.name))),
        }
        payment = self.env["account.payment"].create(vals)
        if journal.type == "cash":
            payment.outstanding_account_id = journal.default_account_id
        payment.action_post()
        lines = (payment.move_id.line_ids | receivable).filtered(
            lambda line: line.account_id == receivable.account_id and not line.reconciled
        )
        lines.reconcile()
        return payment

    def action_cancel(self, reason=None):
        """Take back what was recorded by mistake; for supervisors, before finance has it.

        :raises UserError: the reason is missing, or finance has it already
        """
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor may do this."))
        if not (reason or "").strip():
            return self.env["jinxing.money.reason"]._open("custody_cancel", self)
        self.order_id._lock()
        self._ensure_receivable()
        # sudo: only its steps change what was collected
        self.sudo().write({"cancelled": True, "cancel_reason": reason.strip()})
        return True


class JinxingCashHandover(models.Model):
    """Cash counted and taken over by finance from one technician (S8.4)."""

    _name = "jinxing.cash.handover"
    _description = "Cash Hand-over"
    _order = "received_at desc, id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    technician_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    custody_ids = fields.One2many(
        "jinxing.cash.custody", "handover_id", "Money handed over", readonly=True
    )
    expected_amount = fields.Monetary("Expected", required=True, readonly=True)
    counted_amount = fields.Monetary("Counted", required=True, readonly=True)
    difference = fields.Monetary(compute="_compute_difference", store=True)
    difference_reason = fields.Char("Reason of the difference", readonly=True)
    journal_id = fields.Many2one("account.journal", "Cash box", required=True, readonly=True)
    difference_move_id = fields.Many2one("account.move", "Entry of the difference", readonly=True)
    received_at = fields.Datetime("Received", required=True, readonly=True)
    received_by_id = fields.Many2one("res.users", "Received by", required=True, readonly=True)

    _amounts_sane = models.Constraint(
        "CHECK(counted_amount >= 0 AND expected_amount > 0)", "Counted cash is not negative."
    )
    _difference_with_reason = models.Constraint(
        "CHECK(counted_amount = expected_amount OR difference_reason IS NOT NULL)",
        "A difference has its reason.",
    )

    @api.depends("counted_amount", "expected_amount")
    def _compute_difference(self):
        for handover in self:
            handover.difference = handover.counted_amount - handover.expected_amount

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Cash is handed over by counting it."))
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            vals["name"] = sequence.with_company(vals["company_id"]).next_by_code(
                "jinxing.cash.handover"
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("A hand-over is not edited."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A hand-over is not deleted."))

    def _book_difference(self, account=None):
        """Book what the count differs from what was expected, with its reason.

        :param account: where to; without it the cash box's own profit or loss account
        :raises ValidationError: no account is set
        """
        self.ensure_one()
        if self.currency_id.is_zero(self.difference):
            return
        short = self.difference < 0
        journal = self.journal_id
        account = account or (journal.loss_account_id if short else journal.profit_account_id)
        if not account:
            raise ValidationError(
                self.env._(
                    "Set the profit and loss accounts of %(journal)s, or choose an account for "
                    "the difference.",
                    journal=journal.display_name,
                )
            )
        amount = abs(self.difference)
        label = f"{self.name} {self.technician_id.name}: {self.difference_reason}"
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "company_id": self.company_id.id,
                "date": fields.Date.context_today(self),
                "ref": label,
                "line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "account_id": account.id,
                            "partner_id": self.technician_id.id,
                            "debit": amount if short else 0.0,
                            "credit": 0.0 if short else amount,
                        }
                    ),
                    Command.create(
                        {
                            "name": label,
                            "account_id": journal.default_account_id.id,
                            "debit": 0.0 if short else amount,
                            "credit": amount if short else 0.0,
                        }
                    ),
                ],
            }
        )
        entry._post(soft=False)
        self.difference_move_id = entry
