from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    conduct_ids = fields.One2many(
        "jinxing.conduct", "partner_id", groups="jinxing_base.group_clerk"
    )

    def action_open_appraisal(self):
        """Open what feeds the appraisal of these technicians (N2-N4, N8, S8.9)."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_complaint.jinxing_appraisal_report_action"
        )
        return {**action, "domain": [("technician_id", "in", self.ids)]}


class HrEmployee(models.Model):
    """Penalties of R15, R16 and C19.7 are seen where HR looks."""

    _inherit = "hr.employee"

    penalty_ids = fields.One2many(
        "jinxing.penalty", "employee_id", "Penalties",
        groups="hr.group_hr_user,jinxing_base.group_supervisor",
    )
    penalty_count = fields.Integer(
        compute="_compute_penalty_count", groups="hr.group_hr_user,jinxing_base.group_supervisor"
    )

    is_technician = fields.Boolean(
        related="work_contact_id.is_technician",
        groups="hr.group_hr_user,jinxing_base.group_supervisor",
    )

    def _compute_penalty_count(self):
        groups = self.env["jinxing.penalty"]._read_group(
            [("employee_id", "in", self.ids), ("state", "=", "approved")],
            ["employee_id"],
            ["__count"],
        )
        counts = {employee.id: count for employee, count in groups}
        for employee in self:
            employee.penalty_count = counts.get(employee.id, 0)

    def action_open_penalties(self):
        """Open the penalties of this employee (R15, R16)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_complaint.jinxing_penalty_action"
        )
        return {**action, "domain": [("employee_id", "=", self.id)], "context": {}}

    def action_open_appraisal(self):
        """Open what feeds the appraisal of these employees as technicians (N2-N4, N8)."""
        return self.work_contact_id.action_open_appraisal()
