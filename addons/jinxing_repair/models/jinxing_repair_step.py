from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import order_flow


def service_states():
    """Return the steps of a dispatch order as a selection."""
    return [
        ("registered", "Registered"),
        ("returned", "Returned"),
        ("approved", "Approved"),
        ("assigned", "Assigned"),
        ("accepted", "Accepted"),
        ("contacted", "Contacted"),
        ("on_site", "On site"),
        ("taken_back", "Taken back"),
        ("repaired", "Repaired"),
        ("signed", "Signed"),
        ("handed_in", "Handed in"),
        ("closed", "Closed"),
        ("cancelled", "Cancelled"),
    ]


class JinxingRepairStep(models.Model):
    """One step of a dispatch order: what, from where to where, who, when, why (S8.1-S8.9).

    Written by the order's actions alone, never edited.
    """

    _name = "jinxing.repair.step"
    _description = "Step of a Dispatch Order"
    _order = "id"
    _rec_name = "action"
    _log_access = False

    order_id = fields.Many2one("repair.order", required=True, index=True, ondelete="cascade")
    action = fields.Selection(
        [
            ("register", "Register"),
            ("submit", "Submit again"),
            ("approve", "Approve"),
            ("return", "Return"),
            ("assign", "Assign"),
            ("accept", "Accept"),
            ("decline", "Decline"),
            ("expire", "Time to accept has passed"),
            ("contact", "Contact"),
            ("arrive", "Arrive"),
            ("take_back", "Take back"),
            ("finish", "Finish"),
            ("resume", "Go on"),
            ("sign", "Sign"),
            ("hand_in", "Hand in"),
            ("close", "Assess and close"),
            ("cancel", "Cancel"),
        ],
        required=True,
    )
    state_from = fields.Selection(service_states())
    state_to = fields.Selection(service_states(), required=True)
    user_id = fields.Many2one("res.users", "Who", required=True)
    date = fields.Datetime("When", required=True, default=fields.Datetime.now)
    recorded_at = fields.Datetime(
        "Recorded",
        required=True,
        default=fields.Datetime.now,
        help="When it reached us; a phone without network tells later than it was.",
    )
    reason = fields.Text()
    note = fields.Char()
    clause = fields.Char(compute="_compute_clause")

    @api.depends("action")
    def _compute_clause(self):
        for step in self:
            action = order_flow.ACTIONS.get(step.action)
            step.clause = action.clause if action else False

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Steps are written by the order's buttons."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A step that was taken stays as it is."))
