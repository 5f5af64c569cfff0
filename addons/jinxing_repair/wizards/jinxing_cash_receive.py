from odoo import api, fields, models
from odoo.exceptions import UserError


class JinxingCashReceive(models.TransientModel):
    """Finance counts a technician's cash, or checks that payments by phone arrived (S8.4)."""

    _name = "jinxing.cash.receive"
    _description = "Receive Money"

    custody_ids = fields.Many2many("jinxing.cash.custody", required=True)
    is_cash = fields.Boolean(compute="_compute_expected")
    technician_id = fields.Many2one("res.partner", compute="_compute_expected")
    company_id = fields.Many2one("res.company", compute="_compute_expected")
    currency_id = fields.Many2one("res.currency", compute="_compute_expected")
    expected_amount = fields.Monetary("Expected", compute="_compute_expected")
    counted_amount = fields.Monetary("Counted")
    difference = fields.Monetary(compute="_compute_difference")
    difference_reason = fields.Char("Reason of the difference")
    difference_account_id = fields.Many2one(
        "account.account",
        "Book the difference to",
        check_company=True,
        help="Empty: the profit or loss account of the cash box.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        "Cash box or bank",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        check_company=True,
    )

    @api.depends("custody_ids")
    def _compute_expected(self):
        for wizard in self:
            custodies = wizard.custody_ids
            wizard.is_cash = all(custody.method == "cash" for custody in custodies)
            wizard.technician_id = custodies.technician_id[:1]
            wizard.company_id = custodies.company_id[:1] or self.env.company
            wizard.currency_id = wizard.company_id.currency_id
            wizard.expected_amount = sum(custodies.mapped("amount"))

    @api.depends("expected_amount", "counted_amount", "is_cash")
    def _compute_difference(self):
        for wizard in self:
            wizard.difference = (
                wizard.counted_amount - wizard.expected_amount if wizard.is_cash else 0.0
            )

    @api.depends("custody_ids")
    def _compute_journal_id(self):
        custodies = self.env["jinxing.cash.custody"]
        for wizard in self:
            wizard.journal_id = custodies._default_journal(
                wizard.company_id, wizard.custody_ids[:1].method or "cash"
            )

    def action_confirm(self):
        """Take the money over: difference, invoices and payments are booked at once.

        :raises UserError: a difference has no reason, or the money is received already
        """
        self.ensure_one()
        custodies = self.custody_ids
        custodies.order_id._ensure_finance()
        custodies.check_access("read")
        custodies.order_id._lock()
        custodies._ensure_receivable()
        if not self.journal_id or self.journal_id.type != ("cash" if self.is_cash else "bank"):
            raise UserError(
                self.env._("Choose the cash box.")
                if self.is_cash
                else self.env._("Choose the bank journal.")
            )
        handover = self._make_handover() if self.is_cash else None
        custodies._receive(self.journal_id, handover)
        if handover:
            return {
                "type": "ir.actions.act_window",
                "res_model": "jinxing.cash.handover",
                "res_id": handover.id,
                "views": [(False, "form")],
            }
        return {"type": "ir.actions.act_window_close"}

    def _make_handover(self):
        reason = (self.difference_reason or "").strip()
        if self.counted_amount < 0:
            raise UserError(self.env._("Counted cash is not negative."))
        if not self.currency_id.is_zero(self.difference) and not reason:
            raise UserError(
                self.env._(
                    "Counted %(counted)s, expected %(expected)s: note the reason of the "
                    "difference.",
                    counted=self.currency_id.format(self.counted_amount),
                    expected=self.currency_id.format(self.expected_amount),
                )
            )
        # sudo: hand-overs are made by the count alone; finance was checked above
        handover = self.env["jinxing.cash.handover"].sudo().create(
            {
                "technician_id": self.technician_id.id,
                "company_id": self.company_id.id,
                "expected_amount": self.expected_amount,
                "counted_amount": self.counted_amount,
                "difference_reason": reason or False,
                "journal_id": self.journal_id.id,
                "received_at": fields.Datetime.now(),
                "received_by_id": self.env.uid,
            }
        )
        handover._book_difference(self.difference_account_id)
        return handover
