from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..rules import fapiao

_REFUNDS = ("out_refund", "in_refund")
#: What ties a document to the case it was made from; only that case sets it.
SYSTEM = frozenset({"dispatch_order_id", "settlement_id", "recovery_claim_id"})


class AccountMove(models.Model):
    """Invoices of repairs, with the fapiao the tax bureau's system issued for them (S8.4)."""

    _inherit = "account.move"

    dispatch_order_id = fields.Many2one(
        "repair.order",
        "Dispatch order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        domain=[("service_kind", "!=", False)],
    )
    settlement_id = fields.Many2one(
        "jinxing.settlement", readonly=True, copy=False, index="btree_not_null"
    )
    recovery_claim_id = fields.Many2one(
        "jinxing.recovery.claim",
        "Recovery claim",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    fapiao_number = fields.Char(
        "Fapiao number",
        size=20,
        compute="_compute_fapiao_number",
        inverse="_inverse_fapiao_number",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        index="btree_not_null",
        help="8 digits on paper, 20 digits for a digital fapiao.",
    )
    fapiao_code = fields.Char(
        "Fapiao code", size=12, copy=False, help="Of a paper fapiao only: 10 or 12 digits."
    )
    red_letter_notice = fields.Char(
        "Red-letter notice",
        size=20,
        copy=False,
        tracking=True,
        help="Number of the red-letter notice (16 digits) or confirmation (20 digits).",
    )
    blue_fapiao_number = fields.Char(
        "Fapiao reversed",
        size=20,
        compute="_compute_blue_fapiao_number",
        store=True,
        readonly=False,
        copy=False,
        help="The fapiao this red-letter fapiao takes back.",
    )
    fapiao_missing = fields.Boolean(
        compute="_compute_fapiao_missing", search="_search_fapiao_missing"
    )
    post_carrier = fields.Char("Posted with", copy=False)
    post_tracking = fields.Char("Tracking number", copy=False)
    post_sent_at = fields.Datetime("Posted on", readonly=True, copy=False)

    _one_invoice_per_order = models.UniqueIndex(
        "(dispatch_order_id) WHERE dispatch_order_id IS NOT NULL AND move_type = 'out_invoice'"
        " AND state != 'cancel' AND payment_state IS DISTINCT FROM 'reversed'",
        "This dispatch order is invoiced already.",
    )
    _one_bill_per_settlement = models.UniqueIndex(
        "(settlement_id) WHERE settlement_id IS NOT NULL AND state != 'cancel'",
        "This settlement is billed already.",
    )
    _one_refund_per_claim = models.UniqueIndex(
        "(recovery_claim_id) WHERE recovery_claim_id IS NOT NULL AND state != 'cancel'",
        "This recovery claim is refunded already.",
    )
    _fapiao_unique = models.UniqueIndex(
        "(company_id, COALESCE(fapiao_code, ''), fapiao_number)"
        " WHERE fapiao_number IS NOT NULL AND state != 'cancel'"
        " AND (fapiao_code IS NOT NULL OR length(fapiao_number) = 20)",
        "Another document has this fapiao already.",
    )
    _fapiao_digits = models.Constraint(
        "CHECK(fapiao_number IS NULL OR fapiao_number ~ '^([0-9]{8}|[0-9]{20})$')",
        "A fapiao number has 8 or 20 digits.",
    )

    # -- the fapiao ----------------------------------------------------------------------------

    @api.depends("fapiao")
    def _compute_fapiao_number(self):
        """Follow the field of the Chinese localisation, which holds paper numbers only."""
        for move in self:
            if move.fapiao:
                move.fapiao_number = move.fapiao
            elif fapiao.is_paper(move.fapiao_number or ""):
                move.fapiao_number = False
            else:
                move.fapiao_number = move.fapiao_number

    def _inverse_fapiao_number(self):
        for move in self:
            number = move.fapiao_number or ""
            paper = number if fapiao.is_paper(number) else False
            if (move.fapiao or False) != paper:
                move.fapiao = paper

    @api.depends("reversed_entry_id.fapiao_number")
    def _compute_blue_fapiao_number(self):
        for move in self:
            move.blue_fapiao_number = (
                move.reversed_entry_id.fapiao_number or move.blue_fapiao_number
            )

    @api.depends("state", "move_type", "country_code", "fapiao_number")
    def _compute_fapiao_missing(self):
        for move in self:
            move.fapiao_missing = (
                move.state == "posted"
                and move.move_type in ("out_invoice", "out_refund")
                and move.country_code == "CN"
                and not move.fapiao_number
            )

    @api.model
    def _search_fapiao_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        missing = (
            Domain("state", "=", "posted")
            & Domain("move_type", "in", ("out_invoice", "out_refund"))
            & Domain("company_id.account_fiscal_country_id.code", "=", "CN")
            & Domain("fapiao_number", "=", False)
        )
        return missing if True in value else ~missing

    @api.constrains("fapiao_number", "fapiao_code")
    def _check_fapiao_number(self):
        for move in self:
            number, code = move.fapiao_number or "", move.fapiao_code or ""
            if number and not fapiao.is_number(number):
                raise ValidationError(
                    self.env._(
                        "“%(number)s” is no fapiao number: it has 8 digits on paper or 20 digits "
                        "when digital.",
                        number=number,
                    )
                )
            if code and not (fapiao.is_code(code) and fapiao.is_paper(number)):
                raise ValidationError(
                    self.env._(
                        "“%(code)s”: a code of 10 or 12 digits stands beside the 8 digits of a "
                        "paper fapiao only.",
                        code=code,
                    )
                )

    @api.constrains("red_letter_notice", "blue_fapiao_number", "move_type")
    def _check_red_letter(self):
        for move in self:
            if not move.red_letter_notice and not move.blue_fapiao_number:
                continue
            if move.move_type not in _REFUNDS:
                raise ValidationError(
                    self.env._("Only a credit note has a red-letter reference.")
                )
            if move.red_letter_notice and not fapiao.is_notice(move.red_letter_notice):
                raise ValidationError(
                    self.env._(
                        "“%(number)s” is no red-letter notice: it has 16 or 20 digits.",
                        number=move.red_letter_notice,
                    )
                )
            if move.blue_fapiao_number and not fapiao.is_number(move.blue_fapiao_number):
                raise ValidationError(
                    self.env._(
                        "“%(number)s” is no fapiao number: it has 8 digits on paper or 20 digits "
                        "when digital.",
                        number=move.blue_fapiao_number,
                    )
                )

    # -- create, write -------------------------------------------------------------------------

    @api.model
    def _clean_numbers(self, vals):
        """Return the values with the blanks people copy taken out of the numbers."""
        names = {"fapiao_number", "fapiao_code", "red_letter_notice", "blue_fapiao_number"}
        typed = names & set(vals)
        if not typed:
            return vals
        return {**vals, **{name: fapiao.clean(vals[name]) or False for name in typed}}

    @api.model_create_multi
    def create(self, vals_list):
        if any(SYSTEM & set(vals) for vals in vals_list):
            # A document just taken back must not stand in the way of the new one.
            self.flush_model(["state", "payment_state"])
        moves = super().create([self._clean_numbers(vals) for vals in vals_list])
        moves._ensure_not_system({name for name in SYSTEM if any(moves.mapped(name))})
        for move in moves:
            if move.dispatch_order_id and move.move_type == "out_invoice":
                # sudo: the order shows its invoice; writing it makes a second invoice made at
                # the same time fail
                move.dispatch_order_id.sudo().dispatch_invoice_id = move
        return moves

    def write(self, vals):
        self._ensure_not_system(vals)
        return super().write(self._clean_numbers(vals))

    @api.model
    def _ensure_not_system(self, names):
        if not self.env.su and SYSTEM & set(names):
            raise UserError(self.env._("An invoice or bill is tied to its case by the case alone."))

    def _post(self, soft=True):
        self._ensure_accepted_price()
        return super()._post(soft)

    def _ensure_accepted_price(self):
        """Refuse invoices of repairs that say another price than the customer accepted (S8.4).

        :raises UserError: names the invoices and both amounts
        """
        # sudo: what was accepted, whoever invoices
        repairs = self.sudo().filtered(
            lambda m: m.move_type == "out_invoice" and m.dispatch_order_id
        )
        wrong = []
        for move in repairs:
            order = move.dispatch_order_id
            due = order._amount_due()
            if move.currency_id.compare_amounts(move.amount_total, due):
                wrong.append(
                    self.env._(
                        "%(order)s: the invoice says %(invoiced)s, the customer accepted "
                        "%(accepted)s (S8.4). What is remitted is a credit note with its reason.",
                        order=order.name,
                        invoiced=move.currency_id.format(move.amount_total),
                        accepted=order.currency_id.format(due),
                    )
                )
        if wrong:
            raise UserError("\n".join(wrong))

    def button_draft(self):
        self._tell_repairs(self.env._("The invoice %(name)s is taken back to draft."))
        return super().button_draft()

    @api.ondelete(at_uninstall=False)
    def _tell_repairs_of_deletion(self):
        self._tell_repairs(self.env._("The invoice %(name)s is deleted."))

    def _tell_repairs(self, words):
        """Note on the dispatch orders what finance does with their invoices (S8.4)."""
        # sudo: finance need not be allowed to write on the order
        for move in self.sudo().filtered("dispatch_order_id"):
            move.dispatch_order_id.with_user(self.env.user).sudo().message_post(
                body=words % {"name": move.name or move.display_name}
            )

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        # sudo: who pays an invoice need not know the order
        self.sudo().dispatch_order_id._on_invoice_paid()
        return result

    def _open_as_invoices(self):
        """Open these customer invoices."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("id", "in", self.ids)]
        if len(self) == 1:
            action.update(views=[(False, "form")], res_id=self.id)
        return action

    # -- sent by post (S8.4) ---------------------------------------------------------------------

    def action_post_out(self, carrier=None, tracking=None):
        """Record that the invoices were sent by post, with carrier and tracking number (S8.4).

        :raises UserError: an invoice is not confirmed, or carrier or number is missing
        """
        self.check_access("write")
        carrier, tracking = (carrier or "").strip(), (tracking or "").strip()
        if not carrier:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Sent by post"),
                "res_model": "jinxing.invoice.post",
                "view_mode": "form",
                "target": "new",
                "context": {"default_move_ids": self.ids},
            }
        if not tracking:
            raise UserError(self.env._("Note the tracking number of the letter."))
        drafts = self.filtered(lambda m: m.state != "posted")
        if drafts:
            raise UserError(
                self.env._(
                    "%(names)s: only a confirmed invoice is sent.",
                    names=", ".join(drafts.mapped("display_name")),
                )
            )
        self.write(
            {
                "post_carrier": carrier,
                "post_tracking": tracking,
                "post_sent_at": fields.Datetime.now(),
                "is_move_sent": True,
            }
        )
        for move in self:
            move.message_post(
                body=self.env._(
                    "Sent by post with %(carrier)s, tracking number %(number)s.",
                    carrier=carrier,
                    number=tracking,
                )
            )
        return True
