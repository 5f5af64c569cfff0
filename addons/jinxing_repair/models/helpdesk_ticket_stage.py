from odoo import api, models

#: What decides which stages a team has, and which of them an order's registration is in.
_ASKED = frozenset({"active", "company_id", "team_ids", "closed", "unattended", "sequence"})


class HelpdeskTicketStage(models.Model):
    """Stages are remembered: which one follows an order is asked with each step."""

    _inherit = "helpdesk.ticket.stage"

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        result = super().write(vals)
        if _ASKED & set(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result
