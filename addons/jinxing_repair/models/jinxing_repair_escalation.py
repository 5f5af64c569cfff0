from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..rules import service_clock


class JinxingRepairEscalation(models.Model):
    """What a technician laid before the supervisor, and until when he is to answer (N6, S8.5).

    Written by the order's actions alone.
    """

    _name = "jinxing.repair.escalation"
    _description = "Escalation"
    _inherit = ["jinxing.decision.mixin"]
    _order = "escalated_at desc, id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one("repair.order", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    kind = fields.Selection(
        [("authority", "Beyond his authority"), ("help", "Help is needed")], required=True
    )
    reason = fields.Text(required=True)
    user_id = fields.Many2one("res.users", "Asked by", required=True)
    supervisor_id = fields.Many2one("res.users")
    escalated_at = fields.Datetime("Asked on", required=True)
    deadline = fields.Datetime("Answer until", required=True)
    answered_at = fields.Datetime("Answered on")
    answered_by_id = fields.Many2one("res.users", "Answered by")
    answer = fields.Text()
    notified_at = fields.Datetime("Told on")
    late = fields.Boolean("Answered too late", compute="_compute_late", store=True)
    overdue = fields.Boolean(compute="_compute_overdue")

    _due_index = models.Index("(deadline) WHERE answered_at IS NULL AND notified_at IS NULL")
    _open_index = models.Index("(order_id) WHERE answered_at IS NULL")
    _answer_complete = models.Constraint(
        "CHECK(answered_at IS NULL OR answer IS NOT NULL)", "An answer says something."
    )

    @api.depends("answered_at", "deadline")
    def _compute_late(self):
        for one in self:
            one.late = bool(one.answered_at and one.answered_at > one.deadline)

    @api.depends("answered_at", "deadline")
    def _compute_overdue(self):
        now = fields.Datetime.now()
        for one in self:
            one.overdue = not one.answered_at and one.deadline < now

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Escalate with the order's button."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("Answer an escalation with its button."))
        return super().write(vals)

    def action_answer(self, answer=None):
        """Answer what was laid before the supervisor (N6, S8.5).

        :raises UserError: the answer is empty, or it was answered already
        """
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor may do this."))
        if not (answer or "").strip():
            return self.order_id._open_reason("answer", self.env._("Answer"))
        self.order_id._lock()
        self.invalidate_recordset(["answered_at"])
        if self.filtered("answered_at"):
            raise UserError(self.env._("This was answered already."))
        now = fields.Datetime.now()
        # sudo: only this button writes the answer
        answered = self.sudo()
        answered.write(
            {"answered_at": now, "answered_by_id": self.env.uid, "answer": answer.strip()}
        )
        answered._judge(now)
        orders = answered.order_id
        orders._close_activities(["jinxing_repair.activity_escalation"], answer.strip())
        states = {order.id: order.service_state for order in orders}
        orders.with_user(self.env.uid)._log_steps("answer", states, reason=answer.strip())
        return True

    def _judge(self, now=None):
        """Store whether each escalation was answered in time (N6)."""
        now = now or fields.Datetime.now()
        self._record_decisions(
            "escalation",
            {
                one.id: service_clock.judge_escalation(
                    service_clock.ClockFacts(
                        deadline=one.deadline,
                        now=now,
                        started_at=one.escalated_at,
                        done_at=one.answered_at or None,
                    )
                )
                for one in self
            },
        )
