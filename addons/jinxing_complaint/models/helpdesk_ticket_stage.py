from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from .jinxing_complaint_log import complaint_steps

#: What makes a stage a step of the nine.
_STEP_FIELDS = frozenset({"complaint_step", "closed", "active", "close_from_portal", "team_ids"})


class HelpdeskTicketStage(models.Model):
    """Stages that show the steps of a complaint belong to complaints alone (C19)."""

    _inherit = "helpdesk.ticket.stage"

    complaint_step = fields.Selection(
        complaint_steps(), "Step of a complaint", readonly=True, copy=False
    )

    _one_stage_per_step = models.UniqueIndex(
        "(complaint_step) WHERE complaint_step IS NOT NULL",
        "There is a stage for this step already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        if _STEP_FIELDS & set(vals) and not self.env.su:
            self._ensure_no_step()
        result = super().write(vals)
        if "complaint_step" in vals:
            self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_steps(self):
        self._ensure_no_step()

    def _ensure_no_step(self):
        """Refuse to change what the nine steps stand on."""
        steps = self.filtered("complaint_step")
        if steps:
            raise UserError(
                self.env._(
                    "%(names)s: the steps of a complaint are the handbook's (C19).",
                    names=", ".join(steps.mapped("name")),
                )
            )

    @api.model
    @tools.ormcache()
    def _step_ids(self):
        """Return ``{complaint step: stage id}``."""
        # sudo: the stages follow the steps, whoever takes them
        stages = self.sudo().with_context(active_test=False).search(
            [("complaint_step", "!=", False)]
        )
        return {stage.complaint_step: stage.id for stage in stages}


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    department_id = fields.Many2one("hr.department", index="btree_not_null")

    def _get_applicable_stages(self):
        """Leave out the steps of complaints: no other contact moves through them."""
        steps = set(self.env["helpdesk.ticket.stage"]._step_ids().values())
        return super()._get_applicable_stages().filtered(lambda stage: stage.id not in steps)
