from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..rules import collection


class JinxingServiceVoucher(models.Model):
    """The service voucher (售后服务凭证): finance invoices from it the same day (S8.4).

    Issued by the steps of the dispatch order, never edited. What became of it follows from its
    invoice.
    """

    _name = "jinxing.service.voucher"
    _description = "Service Voucher"
    _inherit = ["mail.thread", "mail.activity.mixin", "jinxing.decision.mixin"]
    _order = "issued_at desc, id desc"
    _mail_post_access = "read"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    order_id = fields.Many2one(
        "repair.order", "Dispatch order", required=True, readonly=True, index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", related="order_id.partner_id", store=True, index=True
    )
    lot_id = fields.Many2one("stock.lot", "Machine", related="order_id.lot_id")
    technician_id = fields.Many2one("res.partner", readonly=True, index=True)
    amount = fields.Monetary("To pay", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    issued_at = fields.Datetime("Issued", required=True, readonly=True)
    issued_by_id = fields.Many2one("res.users", "Issued by", readonly=True)
    deadline_at = fields.Datetime(
        "To be invoiced by", required=True, readonly=True, help="The end of the same day."
    )
    processed_at = fields.Datetime("Invoiced on", readonly=True, copy=False)
    collect_by = fields.Datetime("To be collected by", readonly=True, copy=False)
    invoice_id = fields.Many2one(
        "account.move", "Invoice made", related="order_id.dispatch_invoice_id", store=True,
        index=True,
    )
    state = fields.Selection(
        [
            ("issued", "To invoice"),
            ("invoiced", "To collect"),
            ("collected", "Collected"),
            ("credited", "Credited"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        compute_sudo=True,
        store=True,
        index=True,
    )
    cancelled = fields.Boolean(readonly=True, copy=False)
    cancel_reason = fields.Char("Why cancelled", readonly=True, copy=False)
    failure = fields.Text(
        "Why it is not invoiced", readonly=True, copy=False, help="Of the last attempt."
    )
    overdue = fields.Boolean(
        compute="_compute_overdue",
        search="_search_overdue",
        help="Not invoiced by the end of its day.",
    )
    uncollected = fields.Boolean(
        compute="_compute_overdue",
        search="_search_uncollected",
        help="Invoiced, and not paid in the time the policy gives.",
    )

    _one_per_order = models.UniqueIndex(
        "(order_id) WHERE cancelled IS NOT TRUE", "This order has a service voucher already."
    )
    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A service voucher is for an amount above zero."
    )
    _cancelled_with_reason = models.Constraint(
        "CHECK(cancelled IS NOT TRUE OR cancel_reason IS NOT NULL)",
        "A cancelled voucher says why.",
    )
    _queue_index = models.Index("(deadline_at) WHERE state = 'issued'")
    _collect_index = models.Index("(collect_by) WHERE state = 'invoiced'")
    _list_index = models.Index("(issued_at DESC, id DESC)")

    # -- computes ------------------------------------------------------------------------------

    @api.depends("cancelled", "invoice_id.state", "invoice_id.payment_state")
    def _compute_state(self):
        for voucher in self:
            invoice = voucher.invoice_id
            if voucher.cancelled:
                voucher.state = "cancelled"
            elif invoice.state != "posted":
                voucher.state = "issued"
            elif invoice.payment_state in ("paid", "in_payment"):
                voucher.state = "collected"
            else:
                voucher.state = (
                    "credited" if invoice.payment_state == "reversed" else "invoiced"
                )

    @api.depends("state", "deadline_at", "collect_by")
    def _compute_overdue(self):
        now = fields.Datetime.now()
        for voucher in self:
            voucher.overdue = voucher.state == "issued" and voucher.deadline_at < now
            voucher.uncollected = bool(
                voucher.state == "invoiced" and voucher.collect_by and voucher.collect_by < now
            )

    @api.model
    def _search_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "issued") & Domain("deadline_at", "<", fields.Datetime.now())
        return late if True in value else ~late

    @api.model
    def _search_uncollected(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "invoiced") & Domain("collect_by", "<", fields.Datetime.now())
        return late if True in value else ~late

    # -- create, write -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("A service voucher is issued from its dispatch order."))
        # One just cancelled must not stand in the way of the new one.
        self.flush_model(["cancelled"])
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            vals["name"] = sequence.with_company(vals["company_id"]).next_by_code(
                "jinxing.service.voucher"
            )
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        return super(JinxingServiceVoucher, quiet).create(vals_list).with_env(
            self.env
        )

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("A service voucher is not edited."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A service voucher is cancelled with a reason, not deleted."))

    # -- invoicing (finance) -------------------------------------------------------------------

    def action_invoice(self):
        """Invoice from the vouchers; a bad one is reported, the others are invoiced (S8.4).

        One voucher: its invoice opens. Several: a message says how many, and the list shows at
        each of the others why it was not.

        :raises UserError: a single voucher that cannot be invoiced; says why
        """
        orders = self.order_id
        orders._ensure_finance()
        reasons = self._invoice_all()
        if len(self) == 1:
            if reasons:
                raise UserError(reasons[self.id])
            return self.invoice_id._open_as_invoices()
        message = self.env._(
            "%(done)s of %(all)s vouchers are invoiced.",
            done=len(self) - len(reasons),
            all=len(self),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if reasons else "success",
                "title": message,
                "message": "\n".join(list(reasons.values())[:10]),
                "sticky": bool(reasons),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _invoice_all(self):
        """Invoice what can be, note at the rest why not; return ``{voucher id: reason}``."""
        self.check_access("read")
        reasons = {}
        for voucher in self.filtered("cancelled"):
            reasons[voucher.id] = self.env._("%(name)s is cancelled.", name=voucher.name)
        alive = self.filtered(lambda v: not v.cancelled)
        _invoiced, refused = alive.order_id._invoice_each()
        # sudo: what became of a voucher is the system's to note
        vouchers = alive.sudo()
        for voucher in vouchers:
            if reason := refused.get(voucher.order_id.id):
                reasons[voucher.id] = reason
                if voucher.state == "issued":
                    voucher.failure = reason
        done = vouchers.filtered(lambda v: v.id not in reasons)
        done._after_invoice()
        return reasons

    def _after_invoice(self):
        """Note when the vouchers were invoiced and send somebody to collect (S8.4)."""
        now = fields.Datetime.now()
        policy = self.env["jinxing.policy.parameter"]
        for company, vouchers in self.grouped("company_id").items():
            tz, day = policy._service_tz(company), policy._service_day(now, company)
            days = policy._value("invoice_collect_days", day, company)
            vouchers.write(
                {
                    "processed_at": now,
                    "failure": False,
                    "collect_by": collection.invoice_deadline(day, days, tz),
                }
            )
        self._record_decisions(
            "voucher",
            {v.id: collection.judge_voucher(v.deadline_at, now, now) for v in self},
        )
        self.filtered(lambda v: v.state == "invoiced")._plan_collection()

    def _plan_collection(self):
        """Give the technician, or who answers for the order, the task to collect (S8.4)."""
        by_task = {}
        for voucher in self:
            key = (voucher._collector(), fields.Date.to_date(voucher.collect_by))
            by_task[key] = by_task.get(key, self.browse()) | voucher
        for (user, day), vouchers in by_task.items():
            vouchers.with_context(mail_activity_quick_update=True).activity_schedule(
                "jinxing_repair.activity_collect", day, user_id=user.id
            )

    def _collector(self):
        """Return who is sent to collect: the technician if he works here, else the clerk."""
        self.ensure_one()
        own = self.technician_id.user_ids.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        )
        return own[:1] or self.order_id.user_id or self.env.user

    def _on_paid(self):
        """Close the collection task and judge whether the money came in time (S8.4)."""
        paid = self.filtered(lambda v: not v.cancelled and v.collect_by)
        if not paid:
            return
        now = fields.Datetime.now()
        paid._record_decisions(
            "invoice_collection",
            {
                v.id: collection.judge_invoice_collection(v.amount, v.collect_by, now, now)
                for v in paid
            },
        )
        paid.activity_feedback(["jinxing_repair.activity_collect"])

    def action_cancel(self, reason=None):
        """Take a voucher back with a reason; for supervisors and finance, before the invoice.

        :raises UserError: the reason is missing, or it is invoiced or cancelled already
        """
        self.check_access("read")
        user = self.env.user
        if not self.env.su and not (
            user.has_group("jinxing_base.group_supervisor")
            or user.has_group("account.group_account_invoice")
        ):
            raise AccessError(self.env._("Only a supervisor or finance may do this."))
        if not (reason or "").strip():
            return self.env["jinxing.money.reason"]._open("voucher_cancel", self)
        self.order_id._lock()
        fixed = self.filtered(lambda v: v.state != "issued" or v.invoice_id.state == "draft")
        if fixed:
            raise UserError(
                self.env._(
                    "%(names)s: what is invoiced or cancelled stays as it is.",
                    names=", ".join(fixed.mapped("name")),
                )
            )
        # sudo: only its steps change a voucher
        self.sudo().write({"cancelled": True, "cancel_reason": reason.strip()})
        return True

    def action_open_invoice(self):
        """Open the invoice made from the voucher."""
        self.ensure_one()
        return self.invoice_id._open_as_invoices()
