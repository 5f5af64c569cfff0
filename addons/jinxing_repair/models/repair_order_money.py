import logging

from psycopg2 import Error as DatabaseError
from psycopg2 import OperationalError

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import split_every

from ..rules import order_flow

_logger = logging.getLogger(__name__)
#: So many invoices are made in one go; if one of them fails, each is made for itself.
_CHUNK = 50


class RepairOrder(models.Model):
    _inherit = "repair.order"

    dispatch_invoice_id = fields.Many2one(
        "account.move", "Invoice made", readonly=True, copy=False, index="btree_not_null"
    )
    dispatch_invoice_name = fields.Char(
        "Invoice number", related="dispatch_invoice_id.name", related_sudo=True
    )
    dispatch_fapiao = fields.Char(
        "Fapiao number", related="dispatch_invoice_id.fapiao_number", related_sudo=True
    )
    money_state = fields.Selection(
        [
            ("none", "Nothing to pay"),
            ("open", "To be collected"),
            ("held", "Taken on the spot"),
            ("voucher", "Voucher with finance"),
            ("drafted", "Invoice in draft"),
            ("invoiced", "Invoiced"),
            ("paid", "Paid"),
            ("credited", "Credited"),
        ],
        "Money",
        compute="_compute_money_state",
        compute_sudo=True,
        store=True,
        help="Where the money of a signed order is (S8.4).",
    )

    _money_index = models.Index("(money_state, signed_at) WHERE money_state != 'none'")

    @api.depends(
        "quote_state",
        "service_state",
        "sale_order_id.amount_total",
        "dispatch_invoice_id.state",
        "dispatch_invoice_id.payment_state",
        "voucher_ids.cancelled",
        "custody_ids.state",
    )
    def _compute_money_state(self):
        for order in self:
            order.money_state = order._where_the_money_is()

    def _where_the_money_is(self):
        """Return the state of the money, from the surest fact to the least."""
        self.ensure_one()
        if self.quote_state != "accepted" or self.service_state not in order_flow.FINISHED:
            return "none"
        invoice = self.dispatch_invoice_id
        if invoice.state == "draft":
            return "drafted"
        if invoice.state == "posted":
            words = {"paid": "paid", "in_payment": "paid", "reversed": "credited"}
            return words.get(invoice.payment_state, "invoiced")
        if any(custody.state != "cancelled" for custody in self.custody_ids):
            return "held"
        if any(not voucher.cancelled for voucher in self.voucher_ids):
            return "voucher"
        return "open" if self._amount_due() else "none"

    def _amount_due(self):
        """Return what the customer has to pay, tax included, in the sale order's currency."""
        self.ensure_one()
        # sudo: the amount of the quotation, whoever works on the order
        sale = self.sudo().sale_order_id
        return sale.amount_total if sale and self.quote_state == "accepted" else 0.0

    # -- what is to be paid (S8.4) ---------------------------------------------------------------

    def _chargeable_lines(self):
        """Return the parts and the labour of chargeable faults."""
        if self.service_kind and "chargeable" not in self.fault_ids.mapped("cover"):
            return self.env["stock.move"], self.env["repair.service"]
        moves = self.move_ids.filtered(
            lambda m: m.repair_line_type == "add"
            and m.state != "cancel"
            and m.fault_id.cover == "chargeable"
        )
        services = self.repair_service_ids.filtered(lambda s: s.is_chargeable)
        return moves, services

    def _price_accepted(self):
        """Tell whether nothing is to be paid, or the customer has accepted what is (S8.4)."""
        self.ensure_one()
        moves, services = self._chargeable_lines()
        if not moves and not services:
            return True
        # sudo: the amount of the quotation, whoever works on the order
        amount = self.sudo().sale_order_id.amount_total
        return self.quote_state == "accepted" and (
            self.currency_id.compare_amounts(amount, self.accepted_amount) <= 0
        )

    def _refresh_quote_state(self):
        """Follow the lines: nothing to pay, to be quoted, or quoted anew after a change."""
        for order in self.filtered("service_kind"):
            moves, services = order._chargeable_lines()
            state = order.quote_state
            if not moves and not services:
                state = "none"
            elif state == "none":
                state = "to_quote"
            elif state == "accepted" and not order._price_accepted():
                state = "quoted"
            if state != order.quote_state:
                # sudo: follows the lines, nobody edits it
                order.sudo().quote_state = state

    def _prepare_dispatch_sale_order(self):
        """Return the values of the sale order that carries what is to be paid."""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(
                self.env._("%(order)s: who pays? Set the customer first.", order=self.name)
            )
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "warehouse_id": self.picking_type_id.warehouse_id.id,
            "repair_order_ids": [Command.link(self.id)],
            "origin": self.name,
        }

    def action_create_sale_order(self):
        """Quote plain orders as core does, dispatch orders each for its own customer."""
        dispatch = self.filtered("service_kind")
        plain = self - dispatch
        if dispatch:
            dispatch.action_quote()
        return super(RepairOrder, plain).action_create_sale_order() if plain else True

    def action_quote(self):
        """Quote the chargeable faults of each order (S8.4); covered ones have no line.

        :raises UserError: nothing is to be paid on an order, or it is signed already
        """
        self._ensure_role("worker")
        self._lock()
        for order in self:
            moves, services = order._chargeable_lines()
            if not moves and not services:
                raise UserError(
                    self.env._("%(order)s: nothing is to be paid.", order=order.name)
                )
            order._ensure_unsigned()
        # sudo: the technician quotes in the field without rights on sales
        orders = self.sudo()
        new = orders.filtered(lambda order: not order.sale_order_id)
        self.env["sale.order"].sudo().create(
            [order._prepare_dispatch_sale_order() for order in new]
        )
        orders._sync_sale_lines()
        orders.write({"quote_state": "quoted"})
        return True

    def _ensure_unsigned(self):
        """Refuse to talk of the price of an order that is signed or cancelled (S8.4)."""
        self.ensure_one()
        if self._is_finished():
            raise UserError(self.env._("%(order)s is signed already.", order=self.name))
        if self.service_state == order_flow.CANCELLED:
            raise UserError(self.env._("%(order)s is cancelled.", order=self.name))

    def _sync_sale_lines(self):
        """Make the sale lines those of the chargeable parts and labour, no more, no less."""
        orders = self.filtered("sale_order_id")
        for order in orders:
            moves, services = order._chargeable_lines()
            gone = order.move_ids.filtered("sale_line_id") - moves
            lines = gone.sale_line_id | (
                (order.repair_service_ids - services).sale_line_id
            )
            gone.sale_line_id = False
            (order.repair_service_ids - services).sale_line_id = False
            if lines:
                if order.sale_order_id.state in ("draft", "sent"):
                    lines.unlink()
                else:
                    lines.product_uom_qty = 0.0
        orders.move_ids._create_repair_sale_order_line()
        orders.repair_service_ids._create_repair_sale_order_line()

    def action_accept_quotation(self, signature=None, name=None, at=None):
        """Record that the customer accepts the price, before the work starts (S8.4).

        :param signature: picture of his signature, base64
        :param name: who accepts
        """
        self._ensure_role("worker")
        self.ensure_one()
        if not signature or not self._reason(name):
            raise UserError(
                self.env._("The customer accepts with his name and signature (S8.4).")
            )
        signature = self._checked_signature(signature)
        self._lock()
        self._ensure_unsigned()
        if self.quote_state not in ("quoted", "refused"):
            raise UserError(self.env._("%(order)s is not quoted yet.", order=self.name))
        moment = self._moment(at, after=self.accepted_at or self.called_at)
        # sudo: the acceptance confirms the sale order on behalf of the customer
        order = self.sudo()
        order._sync_sale_lines()
        sale = order.sale_order_id
        if sale.state in ("draft", "sent"):
            sale.action_confirm()
        order.write(
            {
                "quote_state": "accepted",
                "accepted_amount": sale.amount_total,
                "acceptance_name": name.strip(),
                "acceptance_signature": signature,
                "acceptance_at": moment,
            }
        )
        self.message_post(
            body=self.env._(
                "%(name)s accepts %(amount)s (S8.4).",
                name=name.strip(),
                amount=order.currency_id.format(sale.amount_total),
            )
        )
        return True

    def action_refuse_quotation(self, reason=None):
        """Record that the customer does not accept the price; the fault is not repaired."""
        self._ensure_role("worker")
        self.ensure_one()
        if not self._reason(reason):
            return self._open_reason("refuse_quotation", self.env._("Price refused"))
        self._lock()
        self._ensure_unsigned()
        if self.quote_state != "quoted":
            raise UserError(self.env._("%(order)s is not quoted yet.", order=self.name))
        # sudo: the outcome of the quotation is nobody's to edit
        self.sudo().quote_state = "refused"
        self.message_post(
            body=self.env._("The price was refused: %(reason)s", reason=reason.strip())
        )
        return True

    def _cancel_quotations(self):
        """Withdraw the quotations of cancelled orders: what was not done is not sold (S8.4)."""
        sales = self.sale_order_id.filtered(lambda sale: sale.state != "cancel")
        sales._action_cancel()
        for order in self.filtered("sale_order_id"):
            order.message_post(
                body=self.env._("The quotation is withdrawn with the order (S8.4).")
            )

    # -- invoice ---------------------------------------------------------------------------------

    def _ensure_finance(self):
        if not (self.env.su or self.env.user.has_group("account.group_account_invoice")):
            raise AccessError(self.env._("Only finance may do this."))

    def _why_not_invoiced(self):
        """Return why the order cannot be invoiced, ``None`` when it can."""
        self.ensure_one()
        # sudo: finance need not hold rights on sales
        order = self.sudo()
        sale, invoice = order.sale_order_id, order.dispatch_invoice_id
        if not order._is_finished() or not sale:
            return self.env._(
                "%(order)s: it is not signed yet, or nothing is to be paid.", order=order.name
            )
        if order.quote_state != "accepted":
            return self.env._(
                "%(order)s: the customer has not accepted the price (S8.4).", order=order.name
            )
        if invoice.state in ("draft", "posted") and invoice.payment_state != "reversed":
            return self.env._(
                "%(order)s is invoiced already: %(invoice)s.",
                order=order.name,
                invoice=invoice.display_name,
            )
        if sale.invoice_status != "to invoice":
            return self.env._("%(order)s: nothing is to be invoiced.", order=order.name)
        return None

    def action_invoice(self):
        """Invoice the chargeable faults of signed orders and confirm the invoices (S8.4).

        For finance only; all orders or none. The fapiao's number is noted on the invoice when
        the tax bureau's system has issued it.

        :raises UserError: an order is not signed, has nothing to pay or is invoiced already
        """
        self._ensure_finance()
        self.check_access("read")
        self._lock()
        reasons = [reason for order in self if (reason := order._why_not_invoiced())]
        if reasons:
            raise UserError("\n".join(reasons))
        return self._make_invoices()._open_as_invoices()

    def _make_invoices(self):
        """Make and confirm one invoice for each order; the caller has locked and checked."""
        # sudo: finance need not hold rights on sales or stock; what is invoiced was checked
        sales = self.sudo().sale_order_id
        moves = sales._create_invoices(grouped=True)
        moves._post(soft=False)
        return moves.with_env(self.env)

    def _invoice_each(self):
        """Invoice each order for itself: a bad one does not keep the others back (S8.4).

        :return: ids of the orders invoiced, and ``{order id: reason}`` of those that are not
        """
        self._ensure_finance()
        self.check_access("read")
        reasons, invoiced = {}, []
        free = self.try_lock_for_update(allow_referencing=True)
        for order in self - free:
            reasons[order.id] = self.env._(
                "%(order)s: somebody else is working on it at this moment.", order=order.name
            )
        for order in free:
            if reason := order._why_not_invoiced():
                reasons[order.id] = reason
        ready = free.filtered(lambda order: order.id not in reasons)
        for ids in split_every(_CHUNK, ready.ids):
            chunk = self.browse(ids)
            if not chunk._try_invoice():
                invoiced += ids
                continue
            for order in chunk:
                if reason := order._try_invoice():
                    reasons[order.id] = reason
                else:
                    invoiced.append(order.id)
        return invoiced, reasons

    def _try_invoice(self):
        """Invoice the orders in a savepoint; return why it failed, ``None`` when it did not."""
        try:
            with self.env.cr.savepoint():
                self._make_invoices()
                self.env.flush_all()
            return None
        except OperationalError:
            # Another transaction was first, or the database is gone: start all over.
            raise
        except UserError as error:
            return str(error)
        except DatabaseError as error:
            return self.env["account.move"]._sql_error_to_message(error)
        except Exception as error:
            _logger.warning("%s cannot be invoiced", self, exc_info=True)
            return self.env._("Unexpected: %(error)s", error=error)

    def action_open_invoice(self):
        """Open the invoice of the order."""
        self.ensure_one()
        return self.dispatch_invoice_id._open_as_invoices()

    def action_open_sale_order(self):
        """Open the sale order that carries what is to be paid."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.sale_order_id.id,
            "views": [(False, "form")],
        }

    def action_open_decisions(self):
        """Open every decision on the order and its faults: who is sent, what is free and why."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_base.jinxing_decision_action"
        )
        action["name"] = self.env._("Why?")
        action["domain"] = [
            "|",
            "&", ("res_model", "=", "repair.order"), ("res_id", "=", self.id),
            "&", ("res_model", "=", "jinxing.repair.fault"), ("res_id", "in", self.fault_ids.ids),
        ]
        action["context"] = {}
        return action

    def _today_of(self, moment):
        """Return the calendar day of a moment for the reader."""
        return fields.Datetime.context_timestamp(self, moment).date()
