from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jinxing_base.models.locking import take

from ..rules import settlement

#: What only the steps of a settlement set.
_EDITABLE = frozenset({"user_id", "note"})


class JinxingSettlement(models.Model):
    """What a provider is owed for a month's free repairs, less what he answers for (G1.3, G1.4).

    Built from closed orders, reviewed line by line, sent to the provider, who confirms or
    disputes it; approved it becomes one vendor bill.
    """

    _name = "jinxing.settlement"
    _description = "Settlement"
    _inherit = ["portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    partner_id = fields.Many2one(
        "res.partner", "Provider", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("Until", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, tracking=True
    )
    note = fields.Text()
    state = fields.Selection(
        [
            ("draft", "In review"),
            ("sent", "With the provider"),
            ("approved", "Approved"),
            ("billed", "Billed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("jinxing.settlement.line", "settlement_id", "Lines")
    amount_claimed = fields.Monetary("Claimed", compute="_compute_amounts", store=True)
    amount_refused = fields.Monetary("Refused", compute="_compute_amounts", store=True)
    amount_deducted = fields.Monetary("Deducted", compute="_compute_amounts", store=True)
    amount_total = fields.Monetary(
        "To pay",
        compute="_compute_amounts",
        store=True,
        help="What is approved, less what is deducted; before tax.",
    )
    open_count = fields.Integer("To review", compute="_compute_amounts", store=True)
    dispute_count = fields.Integer("Disputed", compute="_compute_amounts", store=True)
    sent_at = fields.Datetime("Sent", readonly=True, copy=False)
    dispute_until = fields.Datetime("To be disputed until", readonly=True, copy=False)
    confirmed_at = fields.Datetime("Confirmed", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", "Confirmed by", readonly=True, copy=False)
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True, copy=False)
    bill_id = fields.Many2one(
        "account.move", "Vendor bill", readonly=True, copy=False, index="btree_not_null"
    )
    payment_state = fields.Selection(related="bill_id.payment_state", related_sudo=True)

    _one_per_month = models.UniqueIndex(
        "(company_id, partner_id, date_from) WHERE state != 'cancelled'",
        "This provider has a settlement for this month already.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)", "A settlement cannot end before it begins."
    )

    # -- computes ------------------------------------------------------------------------------

    @api.depends("line_ids.amount", "line_ids.state", "line_ids.kind")
    def _compute_amounts(self):
        for record in self:
            lines = record.line_ids
            claims = lines.filtered(lambda line: line.kind not in settlement.DEDUCTED)
            refused = claims.filtered(lambda line: line.state == "refused")
            deducted = (lines - claims).filtered(lambda line: line.state != "refused")
            counted = lines.filtered(lambda line: line.state == "approved")
            record.amount_claimed = sum(claims.mapped("amount"))
            record.amount_refused = sum(refused.mapped("amount"))
            record.amount_deducted = -sum(deducted.mapped("amount"))
            record.amount_total = sum(counted.mapped("amount"))
            record.open_count = len(lines.filtered(lambda line: line.state == "to_review"))
            record.dispute_count = len(lines.filtered(lambda line: line.state == "disputed"))

    def _compute_access_url(self):
        super()._compute_access_url()
        for record in self:
            record.access_url = f"/my/settlements/{record.id}"

    # -- create, write -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Settlements are made for a month from closed orders."))
        for vals in vals_list:
            sequence = self.env["ir.sequence"].with_company(vals["company_id"])
            vals["name"] = sequence.next_by_code("jinxing.settlement")
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and set(vals) - _EDITABLE - {"line_ids"}:
            raise UserError(self.env._("A settlement changes by its buttons, not by editing."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A settlement is cancelled, not deleted."))

    # -- who and when --------------------------------------------------------------------------

    @api.model
    def _ensure_supervisor(self):
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor may do this."))

    def _ensure_provider(self):
        """Refuse whoever does not act for the provider; supervisors may note for him."""
        self.check_access("read")
        user = self.env.user
        if self.env.su or user.has_group("jinxing_base.group_supervisor"):
            return
        if any(user.commercial_partner_id != record.partner_id for record in self):
            raise AccessError(self.env._("Only the provider may do this."))

    def _lock(self):
        """Take the settlements for this transaction, so that one of two at once wins.

        :raises UserError: another has them at this moment
        """
        take(self, "state", "bill_id")

    def _ensure_state(self, *states):
        words = dict(self._fields["state"]._description_selection(self.env))
        wrong = self.filtered(lambda record: record.state not in states)
        if wrong:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(name)s is “%(state)s”: this is not possible.",
                        name=record.name,
                        state=words[record.state],
                    )
                    for record in wrong
                )
            )

    # -- steps ---------------------------------------------------------------------------------

    def action_send(self):
        """Show reviewed settlements to their providers, who may dispute them for some days.

        :raises UserError: a line is neither approved nor refused, or there is none
        """
        self._ensure_supervisor()
        self._lock()
        self._ensure_state("draft")
        now = fields.Datetime.now()
        policy = self.env["jinxing.policy.parameter"]
        for record in self:
            if not record.line_ids or record.open_count:
                raise UserError(
                    self.env._(
                        "%(name)s: approve or refuse each line first (%(count)s are open).",
                        name=record.name,
                        count=record.open_count,
                    )
                )
            day = policy._service_day(now, record.company_id)
            days = policy._value("settlement_dispute_days", day, record.company_id)
            # sudo: the steps of a settlement are nobody's to edit
            record.sudo().write(
                {
                    "state": "sent",
                    "sent_at": now,
                    "dispute_until": now + timedelta(days=days),
                    "confirmed_at": False,
                    "confirmed_by_id": False,
                }
            )
            record._tell_provider()
        return True

    def _tell_provider(self):
        """Tell the provider's portal users that a settlement waits for them."""
        self.ensure_one()
        # sudo: who acts for the provider
        people = self.sudo().partner_id.child_ids.user_ids.partner_id | (
            self.sudo().partner_id.user_ids.partner_id
        )
        self.message_post(
            body=self.env._(
                "Your settlement %(name)s waits for your confirmation until %(day)s.",
                name=self.name,
                day=fields.Date.to_date(self.dispute_until),
            ),
            partner_ids=people.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def action_confirm(self):
        """Note that the provider agrees; a disputed line is none he agrees to."""
        self._ensure_provider()
        self._lock()
        self._ensure_state("sent")
        disputed = self.filtered("dispute_count")
        if disputed:
            raise UserError(
                self.env._(
                    "%(names)s: lines are disputed; we answer them first.",
                    names=", ".join(disputed.mapped("name")),
                )
            )
        # sudo: as in action_send; it was checked who confirms
        self.sudo().write(
            {"confirmed_at": fields.Datetime.now(), "confirmed_by_id": self.env.uid}
        )
        return True

    def action_approve(self):
        """Approve settlements; their liabilities are settled with it (G1.4).

        :raises UserError: a line is open or disputed, or the provider may still dispute
        """
        self._ensure_supervisor()
        self._lock()
        self._ensure_state("sent")
        now = fields.Datetime.now()
        for record in self:
            problems = settlement.why_not_approved(
                record.line_ids.mapped("state"),
                bool(record.confirmed_at),
                record.dispute_until,
                now,
            )
            if problems:
                words = self.env["jinxing.decision"]._step_lines(problems)
                raise UserError(": ".join((record.name, words)))
        # sudo: as in action_send; liabilities are settled by the settlement alone
        records = self.sudo()
        records.write({"state": "approved", "approved_at": now, "approved_by_id": self.env.uid})
        settled = records.line_ids.filtered(lambda line: line.state == "approved").liability_id
        settled.write({"state": "settled"})
        return True

    def action_reopen(self):
        """Take settlements back into review, as long as they are not approved."""
        self._ensure_supervisor()
        self._lock()
        self._ensure_state("sent")
        # sudo: as in action_send
        self.sudo().write({"state": "draft", "confirmed_at": False, "confirmed_by_id": False})
        return True

    def action_cancel(self):
        """Cancel settlements that are not approved; their work can be settled anew."""
        self._ensure_supervisor()
        self._lock()
        self._ensure_state("draft", "sent")
        # sudo: as in action_send; orders wait for a settlement again
        records = self.sudo()
        records.write({"state": "cancelled"})
        records.line_ids.write({"cancelled": True})
        records.line_ids.order_id.filtered(lambda o: o.service_state == "closed").write(
            {"to_settle": True}
        )
        return True

    # -- the bill (finance) --------------------------------------------------------------------

    def action_bill(self):
        """Make the vendor bill of approved settlements, one each and never a second.

        When more is deducted than paid, it is a vendor credit note. It stays a draft until
        finance has the provider's fapiao.

        :raises UserError: not approved, or billed already
        """
        self.env["repair.order"]._ensure_finance()
        self.check_access("read")
        self._lock()
        for record in self:
            if record.bill_id and record.bill_id.state != "cancel":
                raise UserError(
                    self.env._(
                        "%(name)s is billed already: %(bill)s.",
                        name=record.name,
                        bill=record.bill_id.display_name,
                    )
                )
        self._ensure_state("approved", "billed")
        # sudo: the bill is tied to the settlement by this step alone; finance was checked
        records = self.sudo()
        bills = self.env["account.move"].sudo().create(
            [record._prepare_bill() for record in records]
        )
        for record, bill in zip(records, bills, strict=True):
            record.write({"state": "billed", "bill_id": bill.id})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_in_invoice_type"
        )
        action["domain"] = [("id", "in", bills.ids)]
        if len(bills) == 1:
            action.update(views=[(False, "form")], res_id=bills.id)
        return action

    def _prepare_bill(self):
        """Return the values of the vendor bill: one line for each kind of work and deduction."""
        self.ensure_one()
        sign = -1 if self.currency_id.compare_amounts(self.amount_total, 0) < 0 else 1
        approved = self.line_ids.filtered(lambda line: line.state == "approved")
        kinds = dict(approved._fields["kind"]._description_selection(self.env))
        period = f"{self.date_from:%Y-%m}"
        return {
            "move_type": "in_invoice" if sign > 0 else "in_refund",
            "settlement_id": self.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "invoice_origin": self.name,
            "invoice_date": fields.Date.context_today(self),
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": self._bill_product(kind).id,
                        "name": f"{self.name} {period} {kinds[kind]}",
                        "quantity": 1,
                        "price_unit": sign * sum(lines.mapped("amount")),
                    }
                )
                for kind, lines in approved.grouped("kind").items()
            ],
        }

    @api.model
    def _bill_product(self, kind):
        """Return the service a kind of line is billed as."""
        names = {
            settlement.LABOUR: "product_settlement_labour",
            settlement.INSTALLATION: "product_settlement_labour",
            settlement.TRAVEL: "product_settlement_travel",
            settlement.HANDLING: "product_settlement_handling",
        }
        name = names.get(kind, "product_settlement_other")
        return self.env.ref(f"jinxing_repair.{name}")

    def action_open_bill(self):
        """Open the vendor bill."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.bill_id.id,
            "views": [(False, "form")],
        }

    def _plan_answer(self):
        """Give who answers for the settlement the task to answer a dispute, one at a time."""
        self.ensure_one()
        task = self.env.ref("jinxing_repair.activity_dispute")
        if not self.activity_ids.filtered(lambda a: a.activity_type_id == task):
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                "jinxing_repair.activity_dispute",
                fields.Date.context_today(self),
                user_id=self.user_id.id or self.create_uid.id,
            )
