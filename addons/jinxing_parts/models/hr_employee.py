from odoo import api, fields, models

from ..rules import tools


class HrEmployee(models.Model):
    """Who leaves or is transferred hands his tools over first (B24)."""

    _name = "hr.employee"
    _inherit = ["hr.employee", "jinxing.decision.mixin"]

    decision_ids = fields.One2many(groups="hr.group_hr_user")
    custody_ids = fields.One2many(
        "jinxing.tool.custody",
        "employee_id",
        "Tools held",
        domain=[("state", "=", "held")],
        groups="hr.group_hr_user,jinxing_base.group_parts_keeper,jinxing_base.group_supervisor",
    )
    tool_count = fields.Integer(
        "Tools",
        compute="_compute_tool_count",
        groups="hr.group_hr_user,jinxing_base.group_parts_keeper,jinxing_base.group_supervisor",
    )

    @api.depends("custody_ids")
    def _compute_tool_count(self):
        counts = dict(
            # sudo: only how many
            self.env["jinxing.tool.custody"].sudo()._read_group(
                [("employee_id", "in", self.ids), ("state", "=", "held")],
                ["employee_id"],
                ["__count"],
            )
        )
        for employee in self:
            employee.tool_count = counts.get(employee._origin, 0)

    def _held_tools(self):
        """Return the custodies these people still have."""
        # sudo: HR need not be allowed to read the register
        return self.env["jinxing.tool.custody"].sudo().search(
            [("employee_id", "in", self.ids), ("state", "=", "held")]
        )

    def write(self, vals):
        """Warn of tools when somebody leaves or is transferred (B24)."""
        leaving = ("active" in vals and not vals["active"]) or bool(vals.get("departure_date"))
        moved = self.browse()
        if not leaving and {"department_id", "job_id"} & set(vals):
            moved = self.filtered(
                lambda employee: any(
                    name in vals and employee[name].id != (vals[name] or False)
                    for name in ("department_id", "job_id")
                )
            )
        result = super().write(vals)
        concerned = self if leaving else moved
        if concerned:
            concerned._warn_of_tools()
        return result

    def _warn_of_tools(self):
        """Store what is still held, say so on the employee, and give the keepers a task (B24)."""
        held = self._held_tools().grouped("employee_id")
        for employee, custodies in held.items():
            decision = tools.decide_departure(
                employee.name, custodies.equipment_id.mapped("display_name")
            )
            # sudo: the answer is the system's, whoever moved the employee
            person = employee.sudo()
            known = person.decision_ids
            stored = person._record_decisions("tool_departure", {employee.id: decision})
            told = " ".join(self.env["jinxing.decision"]._tell(decision))
            if stored[employee.id] not in known:
                person.message_post(body=told)
            custodies._warn(told)

    def action_open_tools(self):
        """Open the tools these people hold."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_parts.jinxing_tool_custody_action"
        )
        action["domain"] = [("employee_id", "in", self.ids)]
        return action
