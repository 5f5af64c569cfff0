from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.jinxing_base.models.locking import take

_SYSTEM = frozenset({"state", "decided_at", "decided_by_id", "outcome"})


class JinxingConduct(models.Model):
    """A conduct incident or a praise of a technician, with evidence and outcome (N2-N4, N8).

    What a supervisor has confirmed counts in the appraisal.
    """

    _name = "jinxing.conduct"
    _description = "Conduct of a Technician"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "description"

    kind = fields.Selection(
        [("incident", "Incident"), ("praise", "Praise")], required=True, default="incident",
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Technician",
        required=True,
        index=True,
        domain=[("is_technician", "=", True)],
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    clause_id = fields.Many2one(
        "jinxing.clause", index="btree_not_null", help="N2-N4, N8, N10, S8.7: what was broken."
    )
    description = fields.Text("What happened", required=True)
    source = fields.Char("From whom")
    file = fields.Binary("Evidence", attachment=True)
    file_name = fields.Char()
    ticket_id = fields.Many2one("helpdesk.ticket", "Contact", index="btree_not_null")
    order_id = fields.Many2one("repair.order", "Dispatch order", index="btree_not_null")
    penalty_id = fields.Many2one("jinxing.penalty", index="btree_not_null")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [("reported", "Reported"), ("confirmed", "Confirmed"), ("dismissed", "Dismissed")],
        required=True,
        default="reported",
        readonly=True,
        copy=False,
        tracking=True,
    )
    outcome = fields.Text("What came of it", readonly=True, copy=False)
    decided_at = fields.Datetime("Decided on", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)

    _decided_complete = models.Constraint(
        "CHECK((state = 'reported') = (decided_at IS NULL))", "Who has decided it, and when?"
    )
    _appraisal_index = models.Index("(partner_id, kind, date) WHERE state = 'confirmed'")

    @api.constrains("kind", "clause_id")
    def _check_clause(self):
        if self.filtered(lambda c: c.kind == "incident" and not c.clause_id):
            raise ValidationError(self.env._("Which norm of conduct was broken?"))

    @api.constrains("partner_id")
    def _check_technician(self):
        if self.filtered(lambda c: not c.partner_id.is_technician):
            raise ValidationError(self.env._("Conduct is recorded of technicians."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            given = {name for name in _SYSTEM & set(vals) if vals[name]} - {"state"}
            if not self.env.su and (given or vals.get("state", "reported") != "reported"):
                raise UserError(self._message())
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and _SYSTEM & set(vals):
            raise UserError(self._message())
        if not self.env.su and set(vals) - {"penalty_id"} and self.filtered("decided_at"):
            raise UserError(self.env._("What was decided stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_reported(self):
        if self.filtered("decided_at"):
            raise UserError(self.env._("What was decided stays as it is."))

    def _message(self):
        return self.env._("A supervisor decides by the buttons.")

    def action_decide(self, confirmed, outcome=None):
        """Confirm an incident or a praise, or dismiss it; either with what came of it (N8)."""
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor may do this."))
        if not (outcome or "").strip():
            raise UserError(self.env._("What came of it?"))
        take(self)
        if self.filtered("decided_at"):
            raise UserError(self.env._("What was decided stays as it is."))
        if self.filtered(lambda c: c.partner_id == self.env.user.partner_id):
            raise AccessError(self.env._("Nobody decides on his own conduct."))
        # sudo: the decision is nobody's to edit
        self.sudo().write(
            {
                "state": "confirmed" if confirmed else "dismissed",
                "outcome": outcome.strip(),
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
            }
        )
        return True

    def action_open_decide(self):
        """Open the form that asks what came of it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide"),
            "res_model": "jinxing.conduct.decide",
            "view_mode": "form",
            "target": "new",
            "context": {"default_conduct_id": self.id},
        }
