from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import order_flow, service_clock


class JinxingRepairWait(models.Model):
    """Waiting as evidence: opened and closed by the order's steps, corrected with a trace."""

    _inherit = "jinxing.repair.wait"

    @api.constrains("reason", "product_id", "note")
    def _check_part(self):
        """Who says a part is missing says which (G2.1)."""
        for wait in self:
            if wait.reason == "producer_parts" and not (
                wait.product_id or (wait.note or "").strip()
            ):
                raise ValidationError(
                    self.env._("Note which part is waited for (G2.1).")
                )

    @api.model_create_multi
    def create(self, vals_list):
        waits = super().create(vals_list)
        waits._ensure_order_open()
        waits.order_id._decide_exchange()
        return waits

    def write(self, vals):
        self._ensure_order_open()
        if not self.env.su:
            for wait in self:
                wait._tell_correction()
        result = super().write(vals)
        self.order_id._decide_exchange()
        return result

    def unlink(self):
        self._ensure_order_open()
        orders = self.order_id
        for wait in self:
            wait._tell_correction()
        result = super().unlink()
        orders._decide_exchange()
        return result

    def _ensure_order_open(self):
        """Refuse to change the evidence of a repair that is done."""
        done = self.order_id.filtered(lambda o: o.service_state not in order_flow.OPEN)
        if done and not self.env.su:
            raise UserError(
                self.env._(
                    "%(names)s: what is signed or cancelled waits for nothing any more.",
                    names=", ".join(done.mapped("name")),
                )
            )

    def _tell_correction(self):
        """Leave in the order's messages what a wait said before it is changed."""
        self.ensure_one()
        words = dict(self._fields["reason"]._description_selection(self.env))
        self.order_id.message_post(
            body=self.env._(
                "A waiting interval is corrected; it said: %(reason)s, %(start)s to %(end)s.",
                reason=words[self.reason],
                start=fields.Datetime.to_string(self.date_start),
                end=fields.Datetime.to_string(self.date_end) if self.date_end else "…",
            )
        )

    def _close(self, moment):
        """End the waits at a moment; one noted to begin later ends as it begins."""
        # sudo: waits are ended by the steps, whoever takes them
        for wait in self.sudo():
            wait.date_end = max(moment, wait.date_start)


class RepairOrder(models.Model):
    _inherit = "repair.order"

    waiting_for = fields.Char("Waits for", compute="_compute_waiting_for")
    repair_days = fields.Integer(
        "Days of repair",
        compute="_compute_repair_days",
        help="Since it was handed in, less those the customer caused (G2.1, G2.2).",
    )

    @api.depends("wait_ids.date_end", "wait_ids.reason")
    @api.depends_context("lang")
    def _compute_waiting_for(self):
        words = dict(
            self.env["jinxing.repair.wait"]._fields["reason"]._description_selection(self.env)
        )
        for order in self:
            running = order.wait_ids.filtered(lambda w: not w.date_end)
            order.waiting_for = ", ".join(words[wait.reason] for wait in running) or False

    @api.depends("wait_ids.date_start", "wait_ids.date_end", "handed_over_at", "repaired_at")
    def _compute_repair_days(self):
        for order in self:
            if not order.handed_over_at:
                order.repair_days = 0
                continue
            company = order.company_id
            end = order.repaired_at or order.signed_at or None
            order.repair_days = service_clock.repair_days(
                self._service_day(order.handed_over_at, company),
                self._service_day(end, company),
                order._wait_facts(),
                self._service_tz(company),
            )

    def _wait_facts(self):
        """Return the waits for the rules, by their start."""
        self.ensure_one()
        return tuple(
            service_clock.Wait(wait.date_start, wait.date_end or None, wait.reason)
            for wait in self.wait_ids.sorted(lambda w: (w.date_start, w._origin.id))
        )

    def action_open_wait(self, reason=None, product_id=None, note=None, at=None):
        """Note that the repair stands still, and for whose cause (G2.1, G2.2).

        :param reason: of ``jinxing.repair.wait``
        :param product_id: the part waited for
        :param at: since when, if earlier than now
        """
        self._ensure_role("worker")
        if not reason:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("The repair waits"),
                "res_model": "jinxing.repair.wait.ask",
                "view_mode": "form",
                "target": "new",
                "context": {"default_order_ids": self.ids},
            }
        self._lock()
        vals_list = []
        for order in self:
            if order.service_state not in order_flow.OPEN or order.repaired_at:
                raise UserError(
                    self.env._("%(order)s: nothing is repaired there.", order=order.name)
                )
            vals_list.append(
                {
                    "order_id": order.id,
                    "reason": reason,
                    "product_id": product_id,
                    "note": note,
                    "date_start": order._moment(at, after=order.called_at),
                }
            )
        # sudo: waits are opened by this step
        waits = self.env["jinxing.repair.wait"].sudo().create(vals_list)
        words = dict(waits._fields["reason"]._description_selection(self.env))
        self._log_steps(
            "wait",
            {o.id: o.service_state for o in self},
            reason=": ".join(text for text in (words[reason], note) if text),
        )
        return True

    def action_close_wait(self, reason=None, at=None):
        """Note that the waiting is over: that of ``reason``, else all of it (G2.1, G2.2)."""
        self._ensure_role("worker")
        self._lock()
        for order in self:
            waits = order.wait_ids.filtered(
                lambda w: not w.date_end and (not reason or w.reason == reason)
            )
            if not waits:
                raise UserError(
                    self.env._("%(order)s: it does not wait.", order=order.name)
                )
            moment = order._moment(at, after=max(waits.mapped("date_start")))
            waits._close(moment)
            order._log_steps(
                "wait_end", {order.id: order.service_state}, reason=reason, at=moment
            )
        return True


class JinxingRepairReceipt(models.Model):
    _inherit = "jinxing.repair.receipt"

    @api.model_create_multi
    def create(self, vals_list):
        receipts = super().create(vals_list)
        for receipt in receipts:
            if receipt.order_id.receipt_ids == receipt:
                # sudo: with the first receipt the machine counts as handed in (送修, G2.1)
                receipt.order_id.sudo().write({"handed_over_at": receipt.taken_at})
        return receipts
