from odoo import Command, fields, models
from odoo.exceptions import AccessError, UserError


class RepairOrder(models.Model):
    _inherit = "repair.order"

    # -- what is to be paid (S8.4) ---------------------------------------------------------------

    def _chargeable_lines(self):
        """Return the parts and the labour of chargeable faults."""
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
            if order._is_finished():
                raise UserError(
                    self.env._("%(order)s is signed already.", order=order.name)
                )
        # sudo: the technician quotes in the field without rights on sales
        orders = self.sudo()
        new = orders.filtered(lambda order: not order.sale_order_id)
        self.env["sale.order"].sudo().create(
            [order._prepare_dispatch_sale_order() for order in new]
        )
        orders._sync_sale_lines()
        orders.write({"quote_state": "quoted"})
        return True

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
        self._lock()
        if self.quote_state not in ("quoted", "refused"):
            raise UserError(self.env._("%(order)s is not quoted yet.", order=self.name))
        moment = self._moment(at)
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
        if self.quote_state != "quoted":
            raise UserError(self.env._("%(order)s is not quoted yet.", order=self.name))
        # sudo: the outcome of the quotation is nobody's to edit
        self.sudo().quote_state = "refused"
        self.message_post(
            body=self.env._("The price was refused: %(reason)s", reason=reason.strip())
        )
        return True

    # -- invoice ---------------------------------------------------------------------------------

    def _ensure_finance(self):
        if not (self.env.su or self.env.user.has_group("account.group_account_invoice")):
            raise AccessError(self.env._("Only finance may do this."))

    def action_invoice(self):
        """Invoice the chargeable faults of signed orders; finance only (S8.4).

        :raises UserError: an order is not signed, has nothing to pay or is invoiced already
        """
        self._ensure_finance()
        self.check_access("read")
        self._lock()
        for order in self:
            # sudo: finance need not hold rights on sales
            sale = order.sudo().sale_order_id
            if not order._is_finished() or not sale:
                raise UserError(
                    self.env._(
                        "%(order)s: it is not signed yet, or nothing is to be paid.",
                        order=order.name,
                    )
                )
            if sale.invoice_status != "to invoice":
                raise UserError(
                    self.env._("%(order)s is invoiced already.", order=order.name)
                )
        # sudo: as above; finance has checked what it invoices
        moves = self.sudo().sale_order_id._create_invoices()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("id", "in", moves.ids)]
        if len(moves) == 1:
            action.update(views=[(False, "form")], res_id=moves.id)
        return action

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
