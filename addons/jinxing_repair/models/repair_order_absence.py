from odoo import fields, models
from odoo.exceptions import UserError

from ..rules import service_clock
from ..rules.service_clock import AbsenceFacts
from .repair_order_steps import CLOCK_SKEW


class RepairOrder(models.Model):
    """Who was not there in time, and whether he had said so beforehand (S8.11)."""

    _inherit = "repair.order"

    # -- absence (S8.11) -------------------------------------------------------------------------

    def _settle_arrival(self):
        """Judge a missed arrival before the order passes to other hands or ends.

        Who held the order at its deadline answers for it, not who gets it afterwards; and he
        does so whether or not the notifier has run.
        """
        now = fields.Datetime.now()
        missed = self.filtered(
            lambda o: o.service_kind
            and not o.arrived_at
            and o.arrival_deadline
            and o.arrival_deadline < now
        )
        if missed:
            # sudo: the mark follows from the facts, whoever passes the order on
            missed.sudo()._judge_absence(now)

    def _judge_absence(self, now=None, more=None, first=False):
        """Decide for each order whether its technician was absent, and mark it (S8.11).

        Only who was given the order before its deadline can have missed it.

        :param more: decisions of other kinds to store with these, ``{kind: {order id: ...}}``
        :param first: the technicians have just arrived for the first time
        """
        now = now or fields.Datetime.now()
        # sudo: who is employed here is asked on behalf of the rule
        orders = self.sudo().filtered(
            lambda o: o.technician_id
            and o.arrival_deadline
            and o.assigned_at
            and o.assigned_at <= o.arrival_deadline
        )
        employees = {order: order._absent_employee() for order in orders}
        decisions = {}
        for order in orders:
            decisions[order.id] = service_clock.judge_absence(
                AbsenceFacts(
                    deadline=order.arrival_deadline,
                    now=order.arrived_at or now,
                    own_employee=bool(employees[order]),
                    arrived_at=order.arrived_at or None,
                    notice_at=order.notice_at or None,
                    notice_reason=order.notice_reason or "",
                    told_at=(
                        now
                        if order.arrived_at and now - order.arrived_at > CLOCK_SKEW
                        else None
                    ),
                )
            )
        orders._record_answers(
            {**(more or {}), "absence": decisions},
            first=first and self._in_time("arrival_deadline"),
        )
        # There are no marks before a deadline has passed.
        passed = orders.filtered(lambda o: o.arrival_deadline < now)
        passed._mark_absences(employees, decisions)

    def _absent_employee(self):
        """Return the technician as employee of the order's company, nobody for a station's man."""
        self.ensure_one()
        return self.technician_id.employee_ids.filtered(
            lambda employee: employee.company_id == self.company_id
        )[:1]

    def _mark_absences(self, employees, decisions):
        """Make the marks that were decided, and withdraw those that do not stand any more."""
        now = fields.Datetime.now()
        marks = self.env["jinxing.absence"]
        known = {
            (mark.order_id.id, mark.employee_id.id): mark
            for mark in marks.search([("order_id", "in", self.ids)])
        }
        vals_list = []
        for order in self:
            employee = employees[order]
            mark = known.get((order.id, employee.id))
            outcome = decisions[order.id].outcome
            claimed = outcome == service_clock.CLAIMED
            absent = claimed or outcome == service_clock.MARKED
            claim = {"claimed_at": order.arrived_at, "told_at": now} if claimed else {}
            if claimed and mark:
                mark.write(claim)
            if claimed:
                order._tell_supervisor(
                    self.env._("%(order)s: absence mark to be confirmed", order=order.name),
                    self.env._("He says he was there in time, and told us only afterwards."),
                )
            if absent and not mark:
                vals_list.append(
                    {
                        "employee_id": employee.id,
                        "order_id": order.id,
                        "company_id": order.company_id.id,
                        "deadline": order.arrival_deadline,
                        "date": self._service_day(order.arrival_deadline, order.company_id),
                        **claim,
                    }
                )
            elif not absent and mark and mark.state == "marked":
                mark._withdraw(
                    self.env._("He was there in time; it became known later.")
                )
        made = marks.create(vals_list)
        made._record_decisions(
            "absence", {mark.id: decisions[mark.order_id.id] for mark in made}
        )

    def _action_assign(self, technician_id, provider_id, reason):
        before = {order: order.technician_id for order in self}
        result = super()._action_assign(technician_id, provider_id, reason)
        changed = self.filtered(
            lambda order: order.notice_at and order.technician_id != before[order]
        )
        # sudo: a notice is its giver's (it stays in the steps); the next man gives his own
        changed.sudo().write({"notice_at": False, "notice_reason": False, "notice_by_id": False})
        return result

    def action_give_notice(self, reason=None):
        """Tell the supervisor beforehand that the arrival will be late, with the reason (S8.11).

        It spares the absence mark; towards the customer the breach stays one.

        :raises UserError: the deadline has passed, notice was given already, or the technician
            has arrived
        """
        self._ensure_role("worker")
        if not self._reason(reason):
            return self._open_reason("give_notice", self.env._("Give notice"))
        self._lock()
        self.invalidate_recordset(["notice_at", "arrived_at", "can_give_notice"])
        now = fields.Datetime.now()
        for order in self:
            if order.notice_at:
                raise UserError(
                    self.env._("%(order)s: notice was given already.", order=order.name)
                )
            if not order.can_give_notice:
                raise UserError(
                    self.env._(
                        "%(order)s: notice is given before the deadline of the arrival; it has "
                        "passed, or nothing is due (S8.11).",
                        order=order.name,
                    )
                )
        # sudo: the clock's facts are nobody's to edit
        self.sudo().write(
            {"notice_at": now, "notice_reason": reason.strip(), "notice_by_id": self.env.uid}
        )
        self._log_steps(
            "notice", {o.id: o.service_state for o in self}, reason=reason.strip(), at=now
        )
        for order in self:
            order._tell_supervisor(
                self.env._("%(order)s: the arrival will be late", order=order.name), reason
            )
        return True
