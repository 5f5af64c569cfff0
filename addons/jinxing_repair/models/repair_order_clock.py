from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..rules import order_flow, service_clock
from ..rules.dispatch import judge_acceptance
from ..rules.service_clock import ClockFacts

#: What the clock's own steps set on an order.
CLOCK_SYSTEM = frozenset(
    {
        "handed_over_at", "supervisor_id", "promise_at", "promise_ids", "escalation_ids",
        "notice_at", "notice_reason", "notice_by_id", "contact_notified_at",
        "arrival_notified_at",
    }
)
#: The whole day; the clock of the contact then runs day and night.
_DAY_AND_NIGHT = 1


class RepairOrder(models.Model):
    """The service clock: what is due, who was told, what was promised (S8.2-S8.11, N5, N6)."""

    _inherit = "repair.order"

    handed_over_at = fields.Datetime(
        "Handed in for repair",
        readonly=True,
        copy=False,
        help="送修: the receipt when the machine was taken back, else the call (G2.1, G2.2).",
    )
    supervisor_id = fields.Many2one(
        "res.users", readonly=True, copy=False, help="Who approved the order."
    )
    notice_at = fields.Datetime("Notice given", readonly=True, copy=False)
    notice_reason = fields.Text("Reason of the notice", readonly=True, copy=False)
    notice_by_id = fields.Many2one("res.users", "Notice given by", readonly=True, copy=False)
    contact_notified_at = fields.Datetime("Missed contact told", readonly=True, copy=False)
    arrival_notified_at = fields.Datetime("Missed arrival told", readonly=True, copy=False)
    promise_ids = fields.One2many("jinxing.repair.promise", "order_id", "Promises", readonly=True)
    promise_breach = fields.Boolean(
        "Promise broken", compute="_compute_promise_breach", search="_search_promise_breach"
    )
    escalation_ids = fields.One2many(
        "jinxing.repair.escalation", "order_id", "Escalations", readonly=True
    )
    escalation_deadline = fields.Datetime(
        "Answer until",
        compute="_compute_escalation_deadline",
        help="Until when the supervisor answers what was laid before him (N6).",
    )
    is_escalated = fields.Boolean(
        "Escalated", compute="_compute_escalation_deadline", search="_search_is_escalated"
    )
    absence_ids = fields.One2many("jinxing.absence", "order_id", "Absence marks", readonly=True)
    can_give_notice = fields.Boolean("Notice can be given", compute="_compute_can_give_notice")

    _due_contact_index = models.Index(
        "(contact_deadline) WHERE contacted_at IS NULL AND contact_notified_at IS NULL"
        " AND state IN ('confirmed', 'under_repair')"
    )
    _due_arrival_index = models.Index(
        "(arrival_deadline) WHERE arrived_at IS NULL AND arrival_notified_at IS NULL"
        " AND state IN ('draft', 'confirmed')"
    )

    # -- computes ------------------------------------------------------------------------------

    @api.depends("promise_ids.breached")
    def _compute_promise_breach(self):
        for order in self:
            order.promise_breach = any(order.promise_ids.mapped("breached"))

    @api.model
    def _search_promise_breach(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("promise_ids", "any", [("breached", "=", True)])
        return domain if True in value else ~domain

    @api.depends("escalation_ids.answered_at", "escalation_ids.deadline")
    def _compute_escalation_deadline(self):
        for order in self:
            waiting = order.escalation_ids.filtered(lambda e: not e.answered_at)
            order.escalation_deadline = min(waiting.mapped("deadline"), default=False)
            order.is_escalated = bool(waiting)

    @api.model
    def _search_is_escalated(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("escalation_ids", "any", [("answered_at", "=", False)])
        return domain if True in value else ~domain

    @api.depends("arrival_deadline", "arrived_at", "notice_at", "service_state")
    def _compute_can_give_notice(self):
        now = fields.Datetime.now()
        for order in self:
            order.can_give_notice = (
                order.service_state in (order_flow.REGISTERED, *order_flow.BEFORE_ARRIVAL)
                and not order.arrived_at
                and not order.notice_at
                and bool(order.arrival_deadline and now < order.arrival_deadline)
            )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | CLOCK_SYSTEM

    @api.model
    def _prepare_dispatch_vals(self, vals_list):
        result = super()._prepare_dispatch_vals(vals_list)
        for vals in vals_list:
            vals["handed_over_at"] = vals["called_at"]
        return result

    # -- deadlines -----------------------------------------------------------------------------

    @api.model
    def _service_tz(self, company):
        return self.env["jinxing.policy.parameter"]._service_tz(company)

    @api.model
    def _service_day(self, moment, company):
        return self.env["jinxing.policy.parameter"]._service_day(moment, company)

    @api.model
    def _arrival_deadline(self, called, company):
        """Return until when a technician must have arrived (S8.11)."""
        hours = self._policy("arrival_hours", self._service_day(called, company), company)
        return service_clock.arrival_deadline(called, hours)

    @api.model
    def _contact_deadline(self, approved, company):
        """Return until when the customer must have been called (S8.2)."""
        return self._minutes_from(approved, "contact_minutes", company)

    @api.model
    def _minutes_from(self, approved, key, company):
        """Return the end of the minutes of a policy from the approval on (S8.2).

        The minutes run in the windows of the policy ``contact_windows``.
        """
        day = self._service_day(approved, company)
        windows = self._policy("contact_windows", day, company)
        if len(windows) == _DAY_AND_NIGHT and windows[0][0] == windows[0][1]:
            windows = ()
        return service_clock.contact_deadline(
            approved,
            self._policy(key, day, company),
            windows,
            self._service_tz(company),
        )

    # -- what happened, judged and stored --------------------------------------------------------

    def _judge_clock(self, kind, now=None):
        """Store whether contact, assessment or arrival of each order was in time (S8.2, S8.11)."""
        # A customer is reached once; what was missed was judged when it was.
        first = kind == "contact" and self._in_time("contact_deadline")
        self._record_decisions(kind, self._clock_decisions(kind, now), first=first)

    def _in_time(self, deadline):
        """Tell whether no order has passed this deadline yet: nothing was missed by it so far."""
        now = fields.Datetime.now()
        return all(order[deadline] and now <= order[deadline] for order in self)

    def _clock_decisions(self, kind, now=None):
        """Return ``{order id: whether contact, assessment or arrival was in time}``."""
        now = now or fields.Datetime.now()
        judge = {
            "contact": service_clock.judge_contact,
            "preliminary": service_clock.judge_preliminary,
            "arrival": service_clock.judge_arrival,
        }
        names = {
            "contact": ("approved_at", "contact_deadline", "contacted_at"),
            "preliminary": ("approved_at", "preliminary_deadline", "preliminary_at"),
            "arrival": ("called_at", "arrival_deadline", "arrived_at"),
        }
        started, deadline, done = names[kind]
        return {
            order.id: judge[kind](
                ClockFacts(
                    deadline=order[deadline],
                    now=order[done] or now,
                    started_at=order[started] or None,
                    done_at=order[done] or None,
                )
            )
            for order in self
            if order[deadline]
        }

    def action_contact(self, note=None, at=None):
        result = super().action_contact(note=note, at=at)
        self._judge_clock("contact")
        return result

    def action_arrive(self, latitude=None, longitude=None, at=None):
        result = super().action_arrive(latitude=latitude, longitude=longitude, at=at)
        # sudo: visits are the steps'; with a second one the arrival was judged already
        first = all(len(order.visit_ids) == 1 for order in self.sudo())
        self._judge_absence(more={"arrival": self._clock_decisions("arrival")}, first=first)
        return result

    def _judge_offer(self, offers, declined=False, reason=None):
        """Store how a provider answered and whether in time (G1.1, G3.1).

        :param offers: ``{order: until when he had to}``
        """
        now = fields.Datetime.now()
        # sudo: a provider who declined does not see the order any more
        self.sudo()._record_decisions(
            "acceptance",
            {
                order.id: judge_acceptance(
                    deadline,
                    now,
                    assigned_at=order.assigned_at or None,
                    accepted_at=None if declined else order.accepted_at or now,
                    declined_at=now if declined else None,
                    reason=reason or "",
                )
                for order, deadline in offers.items()
            },
        )

    def action_cancel_order(self, reason=None):
        result = super().action_cancel_order(reason=reason)
        cancelled = self.filtered(lambda order: order.service_state == order_flow.CANCELLED)
        # sudo: what was promised on a cancelled order binds nobody any more
        promises = cancelled.sudo().promise_ids.filtered(lambda p: not p.done_at)
        promises.filtered(lambda p: not p.breached).write({"replaced": True})
        return result

    # -- promises (N5) ---------------------------------------------------------------------------

    def action_promise(self, promise_at=None, note=None):
        """Promise the customer a time for the repair; the system watches it (N5).

        :raises UserError: the time is missing or lies in the past, or the machine is repaired
        """
        self._ensure_role("worker")
        if not promise_at:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Promise a time"),
                "res_model": "jinxing.repair.promise.ask",
                "view_mode": "form",
                "target": "new",
                "context": {"default_order_ids": self.ids},
            }
        self._lock()
        self.invalidate_recordset(["repaired_at"])
        moment = fields.Datetime.to_datetime(promise_at)
        now = fields.Datetime.now()
        if moment <= now:
            raise UserError(self.env._("The promised time lies in the past."))
        for order in self:
            if order.service_state not in order_flow.OPEN or order.repaired_at:
                raise UserError(
                    self.env._("%(order)s: there is nothing left to promise.", order=order.name)
                )
        self._make_promise(moment, now, note=self._reason(note))
        self._log_steps(
            "promise",
            {o.id: o.service_state for o in self},
            reason=self._reason(note),
            note=fields.Datetime.to_string(moment),
        )
        return True

    def _make_promise(self, moment, made_at, note=None, visits=None):
        """Watch a new promise; one not due yet gives way to it, a missed one stays missed."""
        # sudo: promises are written by the order's steps alone
        orders = self.sudo()
        pending = orders.promise_ids.filtered(lambda p: not p.done_at and not p.replaced)
        pending.filtered(lambda p: p.promise_at >= made_at).write({"replaced": True})
        orders.env["jinxing.repair.promise"].create(
            [
                {
                    "order_id": order.id,
                    "visit_id": visits[order].id if visits else False,
                    "made_at": made_at,
                    "made_by_id": self.env.uid,
                    "promise_at": moment,
                    "note": note,
                }
                for order in orders
            ]
        )
        orders.write({"promise_at": moment})

    def action_leave(
        self, outcome, explanation=None, next_step=None, promise_at=None, distance_km=None, at=None
    ):
        visits = {order: order._visit_to_end(outcome) for order in self} if promise_at else {}
        result = super().action_leave(
            outcome, explanation, next_step, promise_at, distance_km, at=at
        )
        for order, visit in visits.items():
            order._make_promise(visit.promise_at, visit.left_at, note=next_step, visits=visits)
        return result

    def action_finish(self, at=None):
        result = super().action_finish(at=at)
        # sudo: promises are written by the order's steps alone
        for moment, orders in self.sudo().grouped("repaired_at").items():
            promises = orders.promise_ids.filtered(lambda p: not p.done_at and not p.replaced)
            promises.write({"done_at": moment})
            promises._judge(moment)
        return result

    def action_resume(self, reason=None):
        before = {order.id: order.repaired_at for order in self}
        result = super().action_resume(reason=reason)
        if self._reason(reason):
            # sudo: as above; what was kept by a repair that did not do is not kept
            promises = self.sudo().promise_ids.filtered(
                lambda p: p.done_at and p.done_at == before[p.order_id.id]
            )
            promises.write({"done_at": False})
        return result

    # -- the supervisor's help (N6, S8.5) --------------------------------------------------------

    def action_escalate(self, reason=None):
        """Lay before the supervisor what goes beyond one's authority (N6)."""
        return self._escalate("authority", "escalate", reason, self.env._("Escalate"))

    def action_request_help(self, reason=None):
        """Ask the supervisor for help before a promise is missed (S8.5)."""
        return self._escalate("help", "request_help", reason, self.env._("Ask for help"))

    def _escalate(self, kind, action, reason, title):
        self._ensure_role("worker")
        reason = self._reason(reason)
        if not reason:
            return self._open_reason(action, title)
        self._lock()
        self.invalidate_recordset(["escalation_ids"])
        now = fields.Datetime.now()
        for order in self:
            if order.service_state not in order_flow.OPEN:
                raise UserError(
                    self.env._("%(order)s: there is nothing left to do.", order=order.name)
                )
            if order.escalation_ids.filtered(lambda e: e.kind == kind and not e.answered_at):
                raise UserError(
                    self.env._(
                        "%(order)s: the supervisor has not answered the last time yet.",
                        order=order.name,
                    )
                )
        # sudo: escalations are written by this step alone
        self.env["jinxing.repair.escalation"].sudo().create(
            [order._prepare_escalation(kind, reason, now) for order in self]
        )
        self._log_steps(
            "escalate" if kind == "authority" else "help",
            {o.id: o.service_state for o in self},
            reason=reason,
            at=now,
        )
        for order in self:
            order._tell_supervisor(
                self.env._("%(order)s: the supervisor is needed", order=order.name),
                reason,
                "jinxing_repair.activity_escalation",
            )
        return True

    def _prepare_escalation(self, kind, reason, now):
        self.ensure_one()
        minutes = self._policy(
            "escalation_minutes", self._service_day(now, self.company_id), self.company_id
        )
        return {
            "order_id": self.id,
            "kind": kind,
            "reason": reason,
            "user_id": self.env.uid,
            "supervisor_id": self._responsible_supervisor().id,
            "escalated_at": now,
            "deadline": fields.Datetime.add(now, minutes=minutes),
        }

    def action_answer_escalation(self, reason=None):
        """Answer everything laid before the supervisor on these orders (N6, S8.5)."""
        self.check_access("read")
        return self.escalation_ids.filtered(lambda e: not e.answered_at).action_answer(reason)
