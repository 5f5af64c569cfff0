from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

DEPARTMENTS = [
    ("warehouse", "Warehouse"),
    ("transport", "Transport"),
    ("finance", "Finance"),
    ("production", "Production"),
]


class JinxingReturnTaskTemplate(models.Model):
    """What each department does for a return, and within how many days (R14)."""

    _name = "jinxing.return.task.template"
    _description = "Task of a Return"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    department = fields.Selection(DEPARTMENTS, required=True)
    days = fields.Integer("Due after (days)", required=True, default=1)
    for_kind = fields.Selection(
        [("refund", "Refund"), ("replace", "Exchange")], "Only for", help="Empty: for both."
    )
    user_id = fields.Many2one("res.users", "Responsible")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _days_not_negative = models.Constraint("CHECK(days >= 0)", "Days are not negative.")


class JinxingReturnTask(models.Model):
    """A department's task for one return; late when the due day is over (R14)."""

    _name = "jinxing.return.task"
    _description = "Department's Task"
    _order = "date_due, id"

    rma_id = fields.Many2one("rma", "Return", required=True, index=True, ondelete="cascade")
    name = fields.Char(required=True)
    department = fields.Selection(DEPARTMENTS, required=True)
    user_id = fields.Many2one("res.users", "Responsible", index="btree_not_null")
    date_due = fields.Date("Due on", required=True)
    done_at = fields.Datetime("Done", readonly=True, copy=False)
    done_by = fields.Many2one("res.users", "Done by", readonly=True, copy=False)
    note = fields.Char()
    company_id = fields.Many2one(related="rma_id.company_id", store=True)
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")

    _open_index = models.Index("(date_due) WHERE done_at IS NULL")

    @api.depends("date_due", "done_at")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for task in self:
            last = task.done_at.date() if task.done_at else today
            task.is_late = bool(task.date_due and last > task.date_due)

    @api.model
    def _search_is_late(self, operator, value):
        """Find what is open past its due day; what was done too late is history."""
        if operator != "in":
            return NotImplemented
        domain = fields.Domain(
            [("done_at", "=", False), ("date_due", "<", fields.Date.context_today(self))]
        )
        return domain if True in value else ~domain

    def write(self, vals):
        if not self.env.su and {"done_at", "done_by", "rma_id", "department"} & set(vals):
            raise UserError(self.env._("A task is done with its button."))
        return super().write(vals)

    def action_done(self):
        """Mark tasks as done by the reader (R14)."""
        self.check_access("write")
        # sudo: who and when are nobody's to edit
        self.filtered(lambda task: not task.done_at).sudo().write(
            {"done_at": fields.Datetime.now(), "done_by": self.env.uid}
        )
        return True

    @api.model
    def _create_for(self, rmas):
        """Give each return its tasks, due from today (R14)."""
        today = fields.Date.context_today(self)
        templates = self.env["jinxing.return.task.template"].search(
            [("active", "=", True)]
        )
        return self.create(
            [
                {
                    "rma_id": rma.id,
                    "name": template.name,
                    "department": template.department,
                    "user_id": template.user_id.id,
                    "date_due": today + timedelta(days=template.days),
                }
                for rma in rmas
                for template in templates
                if not template.for_kind or template.for_kind == rma.return_kind
            ]
        )
