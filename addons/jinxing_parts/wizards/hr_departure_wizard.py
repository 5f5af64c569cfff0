from odoo import api, fields, models


class HrDepartureWizard(models.TransientModel):
    """The tools to be handed over, shown before somebody is archived (B24)."""

    _inherit = "hr.departure.wizard"

    held_tools = fields.Text("Tools still held", compute="_compute_held_tools")

    @api.depends("employee_ids")
    def _compute_held_tools(self):
        for wizard in self:
            custodies = wizard.employee_ids._held_tools()
            wizard.held_tools = "\n".join(
                f"{custody.employee_id.name}: {custody.equipment_id.display_name}"
                for custody in custodies
            )

    def action_register_departure(self):
        """Free the equipment as core does, but what is in custody stays with who holds it (B24)."""
        held = self.employee_ids._held_tools().equipment_id
        if not held or not self.unassign_equipment:
            return super().action_register_departure()
        # sudo: HR frees what is not in custody, as core does
        others = self.employee_ids.sudo().equipment_ids - held
        self.unassign_equipment = False
        action = super().action_register_departure()
        others.write({"employee_id": False})
        return action
