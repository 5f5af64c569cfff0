from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jinxing_technician.rules import grading

from ..rules import dispatch, order_flow


class RepairOrder(models.Model):
    """Whether the technician may still do the work when he does it (T1-T5, S7).

    Between the assignment and the repair a certificate may expire or be revoked, and the fault
    may turn out to be of another kind: it is asked again on acceptance, arrival and finish.
    """

    _inherit = "repair.order"

    overridden_technician_id = fields.Many2one(
        "res.partner",
        "Let work all the same",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="A supervisor let him work though his grade does not cover the faults (T1-T5, S7).",
    )
    overridden_grade = fields.Integer(
        "Grade overruled", readonly=True, copy=False, help="Up to what the faults then demanded."
    )
    grade_problem = fields.Text("Technician's grade", compute="_compute_grade_problem")

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"overridden_technician_id", "overridden_grade"}

    @api.depends(
        "technician_id", "category_ids", "fault_ids.category_id", "service_state",
        "overridden_technician_id", "overridden_grade", "schedule_date",
    )
    def _compute_grade_problem(self):
        waiting = self.filtered(
            lambda order: order.service_kind
            and order.technician_id
            and order.service_state in order_flow.OPEN
        )
        found = waiting._grade_refusals(waiting._work_day()) if waiting else {}
        for order in self:
            order.grade_problem = found[order][1] if order in found else False

    def _work_day(self):
        """Return the day the work is planned for: today, or what was arranged for later."""
        today = fields.Date.context_today(self)
        planned = [
            self._service_day(order.schedule_date, order.company_id)
            for order in self
            if order.schedule_date
        ]
        return max([today, *planned])

    def _day_of(self, at):
        """Return the calendar day of a step, now or as the phone says."""
        moment = fields.Datetime.to_datetime(at) if at else None
        return self._service_day(moment, self.company_id[:1])

    def _kinds_of_faults(self):
        """Return the fault categories of an order, reported and found."""
        self.ensure_one()
        return self.category_ids | self.fault_ids.category_id

    def _grade_refusals(self, on):
        """Return ``{order: (decision, why)}`` where the technician may not do the work.

        Two queries beside those that read the orders, however many there are.

        :param on: the day of the work
        """
        # sudo: what he may do is asked whoever takes the step
        orders = self.sudo().filtered("technician_id")
        standings = orders.technician_id._technician_standings(on) if orders else {}
        refused = {}
        for order, own in zip(orders, orders.with_env(self.env), strict=True):
            technician, categories = order.technician_id, order._kinds_of_faults()
            decision = technician._technician_decisions(categories, on, standings)[technician.id]
            if decision.outcome == grading.ALLOWED:
                continue
            overruled = order.overridden_technician_id == technician
            if overruled and categories._required_grade() <= order.overridden_grade:
                continue
            why = " ".join(self.env["jinxing.decision"]._sentences(decision))
            refused[own] = (decision, why)
        return refused

    def _ensure_grade_holds(self, on):
        """Refuse the work of somebody whose grade does not cover the faults on the day (T1-T5).

        :raises UserError: names the orders and why; a supervisor can overrule it with a reason
        """
        refused = self._grade_refusals(on)
        if not refused:
            return
        # sudo: the names of the orders and of their technicians
        raise UserError(
            "\n".join(
                self.env._(
                    "%(technician)s may not work on %(order)s (%(clauses)s): %(why)s A supervisor "
                    "can let him work all the same, with a reason, or send another.",
                    technician=order.sudo().technician_id.name,
                    order=order.sudo().name,
                    clauses=", ".join(decision.clauses),
                    why=why,
                )
                for order, (decision, why) in refused.items()
            )
        )

    def _overrule_grade(self, technician):
        """Note up to which grade the technician may work all the same."""
        for order in self.sudo():  # sudo: the supervisor's word was checked before
            order.write(
                {
                    "overridden_technician_id": technician.id,
                    "overridden_grade": order._kinds_of_faults()._required_grade(),
                }
            )

    def action_let_work(self, reason=None):
        """Let the technician work though his grade does not cover the faults (T1-T5, S7).

        :raises UserError: the reason is missing, or his grade covers them
        """
        self._ensure_role("supervisor")
        if not self._reason(reason):
            return self._open_reason("let_work", self.env._("Let him work all the same"))
        self._lock()
        refused = self._grade_refusals(self._work_day())
        for order in self:
            if order not in refused or order.service_state not in order_flow.OPEN:
                raise UserError(
                    self.env._("%(order)s: there is nothing to overrule.", order=order.name)
                )
        self._record_decisions(
            "override",
            {
                order.id: dispatch.decide_override(
                    reason, is_supervisor=True, clauses=decision.clauses, who=self.env.uid
                )
                for order, (decision, _why) in refused.items()
            },
        )
        for order in self:
            order._overrule_grade(order.technician_id)
            order.message_post(
                body=self.env._(
                    "%(technician)s may work all the same: %(reason)s",
                    technician=order.technician_id.name,
                    reason=reason.strip(),
                )
            )
        return True

    # -- asked again at each step ----------------------------------------------------------------

    def action_accept(self, technician_id=None, at=None):
        result = super().action_accept(technician_id=technician_id, at=at)
        if not technician_id:
            self._ensure_grade_holds(self._work_day())
        return result

    def action_arrive(self, latitude=None, longitude=None, at=None):
        result = super().action_arrive(latitude=latitude, longitude=longitude, at=at)
        self._ensure_grade_holds(self._day_of(at))
        return result

    def action_finish(self, at=None):
        result = super().action_finish(at=at)
        self._ensure_grade_holds(self._day_of(at))
        return result
