from odoo import fields, models
from odoo.exceptions import UserError

from ..rules import order_flow


class RepairOrder(models.Model):
    _inherit = "repair.order"

    # -- on site (N5, N9, G1.2) ------------------------------------------------------------------

    def action_leave(
        self, outcome, explanation=None, next_step=None, promise_at=None, distance_km=None, at=None
    ):
        """End the visit under way (N5).

        A visit that ends without a fix demands explanation, next step and a promised time; the
        promise is a deadline of the order.
        """
        self._begin("worker")
        for order in self:
            visit = order._visit_to_end(outcome)
            moment = order._moment(at, after=visit.arrived_at or visit.departed_at)
            promise = fields.Datetime.to_datetime(promise_at) if promise_at else False
            if promise and promise <= moment:
                raise UserError(self.env._("The promised time lies in the past."))
            visit.write(
                {
                    "left_at": moment,
                    "outcome": outcome,
                    "explanation": explanation,
                    "next_step": next_step,
                    "promise_at": promise,
                    **({"distance_km": distance_km} if distance_km is not None else {}),
                }
            )
        return True

    def _visit_to_end(self, outcome):
        """Return the visit under way, for an order that is not signed (N5).

        :raises UserError: nobody has set out, or it is not how the visit can end
        """
        self.ensure_one()
        if self.service_state not in order_flow.OPEN:
            raise UserError(
                self.env._("%(order)s: there is nothing left to do.", order=self.name)
            )
        # sudo: visits are written by the steps of the technician
        visit = self.sudo().visit_ids.filtered(
            lambda v: (v.departed_at or v.arrived_at) and not v.left_at
        )[-1:]
        if not visit:
            raise UserError(self.env._("%(order)s: no visit is under way.", order=self.name))
        if not visit.arrived_at and outcome != "no_access":
            raise UserError(self.env._("%(order)s: note the arrival first.", order=self.name))
        if outcome == "taken_back":
            raise UserError(
                self.env._("%(order)s: a machine is taken against a receipt (S8.6).",
                           order=self.name)
            )
        if outcome == "fixed" and not self.repaired_at:
            raise UserError(
                self.env._(
                    "%(order)s is not repaired yet: note what was explained, the next step and "
                    "the promised time (N5).",
                    order=self.name,
                )
            )
        return visit

    def action_finish(self, at=None):
        """Record that the repair is finished, every fault with cause and quality (G1.2)."""
        self._begin("worker")
        moment = self._common_moment(at, "arrived_at")
        self._ensure_can("finish")
        self._ensure_there()
        self._take_step("finish", {"repaired_at": moment}, at=moment, checked=True)
        return True

    def _ensure_there(self):
        """Refuse work at a machine that the technician has left and not come back to (N5)."""
        for order in self:
            # sudo: visits are written by the steps of the technician
            visits = order.sudo().visit_ids
            if order.service_state == order_flow.ON_SITE and not visits.filtered(
                lambda v: v.arrived_at and not v.left_at
            ):
                raise UserError(
                    self.env._("%(order)s: note the arrival first.", order=order.name)
                )

    def action_resume(self, reason=None):
        """Go on after a trial run that did not satisfy the customer (N9)."""
        if not self._reason(reason):
            self._ensure_role("worker")
            return self._open_reason("resume", self.env._("Go on"))
        self._begin("worker")
        self._ensure_can("resume", {order.id: {"reason"} for order in self})
        with_us = self.filtered("open_receipt_id")
        for orders, target in ((self - with_us, None), (with_us, order_flow.TAKEN_BACK)):
            orders._take_step(
                "resume",
                {"repaired_at": False, "trial_run_ok": False},
                reason=self._reason(reason),
                checked=True,
                target=target,
            )
        return True

    def action_sign(self, signature=None, signed_by=None, at=None):
        """Record the customer's signature; parts used leave the stock here (N9).

        :param signature: picture of the signature, base64
        :param signed_by: the name of who signed
        """
        if not signature or not self._reason(signed_by):
            self._ensure_role("worker")
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Customer's signature"),
                "res_model": "jinxing.repair.sign",
                "view_mode": "form",
                "target": "new",
                "context": {"default_order_id": self[:1].id},
            }
        if len(self.partner_id) > 1:
            raise UserError(self.env._("One signature is one customer's: sign order by order."))
        signature = self._checked_signature(signature)
        self._begin("worker")
        moment = self._common_moment(at, "repaired_at")
        # sudo: stock and the visit follow the signed order
        worked = self._quietly()
        worked._settle_consumption()
        worked.move_ids._ensure_serials_free()
        # More may have been used than the customer accepted (S8.4).
        self._ensure_can("sign", {order.id: {"signature"} for order in self})
        worked.action_repair_end()
        self._take_step(
            "sign",
            {"signature": signature, "signed_by": signed_by.strip(), "signed_at": moment},
            at=moment,
            checked=True,
        )
        worked._end_visits(moment)
        worked._start_guarantee(moment)
        return True

    def _settle_consumption(self):
        """Set what was planned to what was used, so that price and stock say the same (G1.3).

        A part nobody said anything of was used as planned. Core would drop what was not
        consumed and still charge it.
        """
        self.mapped("fault_ids")  # those of all parts at once
        moves = self.move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        silent = moves.filtered(lambda m: not m.picked)
        for move in silent:
            if move.quantity != move.product_uom_qty:
                move.quantity = move.product_uom_qty
        silent.picked = True
        for move in moves:
            if move.quantity != move.product_uom_qty:
                move.product_uom_qty = move.quantity

    def _end_visits(self, moment):
        """End the visit under way: technicians return at once after finishing (S-inst)."""
        open_visits = self.visit_ids.filtered(lambda v: not v.left_at)
        open_visits.write({"left_at": moment, "outcome": "fixed"})

    # -- hand-in and assessment (S8.9) -----------------------------------------------------------

    def action_hand_in(self):
        """Hand the order in to the department (S8.9)."""
        self._begin("worker")
        self._ensure_can("hand_in")
        self._take_step("hand_in", {"handed_in_at": fields.Datetime.now()}, checked=True)
        return True

    def action_close(self, quality_score=None, note=None):
        """Assess time and quality and close the orders (S8.9).

        :param quality_score: between the lowest (poor) and the highest score of the policy
        """
        if not quality_score:
            self._ensure_role("supervisor")
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Assess and close"),
                "res_model": "jinxing.repair.assess",
                "view_mode": "form",
                "target": "new",
                "context": {"default_order_ids": self.ids},
            }
        self._begin("supervisor")
        self._ensure_quality(quality_score)
        self._ensure_can("close", {order.id: {"quality_score"} for order in self})
        self._assess(quality_score)
        self._take_step(
            "close",
            {"quality_score": quality_score, "closed_at": fields.Datetime.now()},
            reason=self._reason(note),
            checked=True,
        )
        return True

    def _is_finished(self):
        """Tell whether the customer has signed."""
        self.ensure_one()
        return self.service_state in order_flow.FINISHED
