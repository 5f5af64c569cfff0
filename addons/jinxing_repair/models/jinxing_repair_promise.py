from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..rules import order_flow, service_clock


class JinxingRepairPromise(models.Model):
    """A time promised to a customer, and whether it was kept (N5, S8.5, S8.9).

    Written by the order's actions alone. One that was replaced before it fell due binds nobody
    any more; one that was missed stays missed, whatever is promised after it.
    """

    _name = "jinxing.repair.promise"
    _description = "Promise"
    _inherit = ["jinxing.decision.mixin"]
    _order = "promise_at, id"
    _rec_name = "order_id"

    order_id = fields.Many2one("repair.order", required=True, index=True, ondelete="cascade")
    visit_id = fields.Many2one("jinxing.repair.visit", index="btree_not_null")
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    made_at = fields.Datetime("Promised on", required=True)
    made_by_id = fields.Many2one("res.users", "Promised by", required=True)
    promise_at = fields.Datetime("Promised for", required=True)
    note = fields.Char()
    done_at = fields.Datetime("Kept on", help="When the machine was repaired.")
    replaced = fields.Boolean(
        help="Another time was agreed on before this one fell due, or the order was cancelled."
    )
    notified_at = fields.Datetime("Told on")
    late = fields.Boolean("Kept too late", compute="_compute_late", store=True)
    breached = fields.Boolean(compute="_compute_breached", search="_search_breached")

    _in_order = models.Constraint(
        "CHECK(promise_at > made_at)", "A promise lies after the moment it is made."
    )
    _due_index = models.Index(
        "(promise_at) WHERE done_at IS NULL AND notified_at IS NULL AND replaced IS NOT TRUE"
    )
    _open_index = models.Index("(promise_at) WHERE done_at IS NULL AND replaced IS NOT TRUE")
    _late_index = models.Index("(order_id) WHERE late IS TRUE")

    @api.depends("promise_at", "done_at")
    def _compute_late(self):
        for promise in self:
            promise.late = bool(promise.done_at and promise.done_at > promise.promise_at)

    @api.depends("promise_at", "done_at", "replaced", "order_id.service_state")
    def _compute_breached(self):
        now = fields.Datetime.now()
        for promise in self:
            done = promise.done_at or None
            outcome = service_clock.clock_outcome(promise.promise_at, done, now)
            promise.breached = not promise.replaced and (
                outcome == service_clock.LATE
                or (
                    outcome == service_clock.BREACHED
                    and promise.order_id.service_state in order_flow.OPEN
                )
            )

    @api.model
    def _search_breached(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = (
            Domain("done_at", "=", False)
            & Domain("promise_at", "<", fields.Datetime.now())
            & Domain("order_id.service_state", "in", order_flow.OPEN)
        )
        domain = Domain("replaced", "=", False) & (overdue | Domain("late", "=", True))
        return domain if True in value else ~domain

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("A promise is made by the order's button."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("A promise that was made stays as it is."))
        return super().write(vals)

    def _clock_facts(self, now):
        """Return the facts of :func:`service_clock.judge_promise`."""
        self.ensure_one()
        return service_clock.ClockFacts(
            deadline=self.promise_at, now=now, started_at=self.made_at, done_at=self.done_at or None
        )

    def _judge(self, now=None):
        """Store whether each promise was kept, and whether help was asked for in time."""
        now = now or fields.Datetime.now()
        self._record_decisions(
            "promise", {one.id: service_clock.judge_promise(one._clock_facts(now)) for one in self}
        )
        helps = {}
        for promise in self:
            asked = promise.order_id.escalation_ids.filtered(
                lambda e, one=promise: e.kind == "help" and e.escalated_at >= one.made_at
            )
            first = min(asked.mapped("escalated_at"), default=None)
            helps[promise.id] = service_clock.judge_help(promise._clock_facts(now), first)
        self._record_decisions("help", helps)
