from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import complaint


def complaint_steps():
    """Return the nine steps of a complaint and its two ends as a selection (C19)."""
    return [
        ("record", "1 Record"),
        ("judge", "2 Judge"),
        ("promise", "3 Promise"),
        ("investigate", "4 Investigate"),
        ("propose", "5 Propose"),
        ("consent", "6 Consent"),
        ("liability", "7 Liability"),
        ("countermeasure", "8 Countermeasure"),
        ("archive", "9 Archive"),
        ("closed", "Archived"),
        ("not_established", "Not established"),
    ]


class JinxingComplaintLog(models.Model):
    """One move of a complaint: what, from where to where, who, when, why (C19).

    Written by the complaint's actions alone, never edited.
    """

    _name = "jinxing.complaint.log"
    _description = "Step of a Complaint"
    _order = "id"
    _rec_name = "action"
    _log_access = False

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, index=True, ondelete="cascade")
    action = fields.Selection(
        [
            ("open", "Opened"),
            ("record", "Record"),
            ("establish", "Established"),
            ("reject", "Not established"),
            ("promise", "Promise"),
            ("investigate", "Finish the investigation"),
            ("propose", "Propose"),
            ("escalate", "Ask a superior"),
            ("approve", "Approve the proposal"),
            ("send_back", "Send the proposal back"),
            ("consent", "Consent"),
            ("refuse", "Proposal refused"),
            ("assign_liability", "Name the liable"),
            ("set_countermeasure", "Set the countermeasure"),
            ("archive", "Archive"),
            ("reclassify", "No complaint"),
        ],
        required=True,
    )
    step_from = fields.Selection(complaint_steps())
    step_to = fields.Selection(complaint_steps())
    user_id = fields.Many2one("res.users", "Who", required=True)
    date = fields.Datetime("When", required=True, default=fields.Datetime.now)
    reason = fields.Text()
    hours = fields.Float("Hours in the step", help="How long the complaint stood in the step.")
    clause = fields.Char(compute="_compute_clause")

    _step_index = models.Index("(step_from, date)")

    @api.depends("action")
    def _compute_clause(self):
        for log in self:
            action = complaint.ACTIONS.get(log.action)
            log.clause = action.clause if action else "C19.1"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Steps are written by the complaint's buttons."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A step that was taken stays as it is."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A step that was taken stays as it is."))
