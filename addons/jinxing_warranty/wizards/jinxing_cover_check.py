from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.service_day import service_day
from ..rules.coverage import SHOWN_GROUNDS


class JinxingCoverCheck(models.TransientModel):
    """Asks what a cover decision needs to know, and shows the answer with its reasons (G4, G5).

    For the clerk on the telephone, before there is an order. The answer is kept on the
    machine as a decision.
    """

    _name = "jinxing.cover.check"
    _description = "Is It Free?"

    lot_id = fields.Many2one(
        "stock.lot", "Machine", required=True, domain=[("is_machine", "=", True)]
    )
    component_id = fields.Many2one("jinxing.component")
    fault_date = fields.Date(
        "Day of the fault", required=True, default=lambda self: service_day(self.env)
    )
    misuse = fields.Char(
        "Improper use (G5.1)", help="What shows it: photo, note. Without it the ground is none."
    )
    dismantled = fields.Char("Dismantled by others (G5.2)", help="What shows it: photo, note.")
    force_majeure = fields.Char("Force majeure (G5.5)", help="What shows it: photo, note.")
    decision_id = fields.Many2one("jinxing.decision", readonly=True)
    outcome = fields.Char(related="decision_id.outcome")
    outcome_label = fields.Char("Answer", compute="_compute_answer")
    until = fields.Date(related="decision_id.until", string="Covered until")
    explanation = fields.Html(compute="_compute_answer")

    @api.depends("decision_id")
    @api.depends_context("lang")
    def _compute_answer(self):
        for check in self:
            check.outcome_label = check.decision_id.outcome_label
            check.explanation = check.decision_id.explanation

    @api.onchange("lot_id", "component_id", "fault_date", "misuse", "dismantled", "force_majeure")
    def _onchange_question(self):
        """Another question has no answer yet."""
        self.decision_id = False

    def action_decide(self):
        """Decide, keep the decision on the machine, show it."""
        self.ensure_one()
        self.lot_id.check_access("read")
        if self.fault_date > service_day(self.env):
            raise UserError(self.env._("The day of the fault lies in the future."))
        grounds = zip(
            SHOWN_GROUNDS, (self.misuse, self.dismantled, self.force_majeure), strict=True
        )
        decisions = self.lot_id._decide_cover(
            [
                {
                    "key": self.lot_id.id,
                    "lot": self.lot_id,
                    "component": self.component_id,
                    "fault_date": self.fault_date,
                    "exclusions": {code: text for code, text in grounds if text},
                }
            ]
        )
        self.decision_id = self.lot_id._record_decisions("cover", decisions)[self.lot_id.id]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Is it free?"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
        }
