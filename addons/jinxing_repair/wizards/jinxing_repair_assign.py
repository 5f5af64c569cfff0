from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jinxing_base.rules.decision import plain

#: How many technicians are shown; the best come first.
SHOWN = 80


class JinxingRepairAssign(models.TransientModel):
    """Choose who goes: the technicians, and why each may or may not be sent (T1-T5, S7)."""

    _name = "jinxing.repair.assign"
    _description = "Assign Dispatch Orders"

    order_ids = fields.Many2many("repair.order", required=True, readonly=True)
    order_count = fields.Integer(compute="_compute_default_provider_id")
    reason = fields.Text(
        help="Needed for another provider than the rule's (G3.1), for somebody off duty or with "
        "a full day, and for an override of the grade (supervisors only)."
    )
    default_provider_id = fields.Many2one(
        "res.partner", "Provider by the rule", compute="_compute_default_provider_id"
    )
    provider_id = fields.Many2one(
        "res.partner",
        domain=["|", ("is_dealer", "=", True), ("is_service_station", "=", True)],
        help="When the provider chooses the technician.",
    )
    line_ids = fields.One2many("jinxing.repair.assign.line", "wizard_id", "Technicians")

    @api.depends("order_ids")
    def _compute_default_provider_id(self):
        for wizard in self:
            providers = wizard.order_ids.default_provider_id
            wizard.order_count = len(wizard.order_ids)
            wizard.default_provider_id = providers if len(providers) == 1 else False

    @api.model
    def _open_for(self, orders):
        """Rank the technicians for these orders and open the choice."""
        wizard = self.create({"order_ids": [(6, 0, orders.ids)]})
        # sudo: whether the rule's provider is the factory itself
        by_rule = orders.sudo().default_provider_id
        if len(by_rule) == 1 and by_rule not in orders.sudo().company_id.partner_id:
            wizard.provider_id = by_rule
        wizard._make_lines()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _make_lines(self):
        """Write down the ranking as the reader reads it."""
        self.ensure_one()
        proposals = self.order_ids._rank_technicians()[:SHOWN]
        decisions = self.env["jinxing.decision"]
        texts = decisions._texts()
        said = {}

        def sentence(step):
            if step not in said:
                said[step] = str(
                    decisions._render_step(texts.get(step.key), step.key, plain(dict(step.params)))
                )
            return said[step]

        # sudo: the technician's contact is shown with what the dispatch needs of it
        partners = self.env["res.partner"].sudo()
        orders = self.env["repair.order"]
        own = self.order_ids.sudo().company_id[:1].partner_id
        vals_list = []
        for rank, proposal in enumerate(proposals, 1):
            person = partners.browse(proposal.key)
            refused = proposal.refusals
            shown = refused or [step for step in proposal.reasons if not _is_shown_otherwise(step)]
            vals_list.append(
                {
                    "wizard_id": self.id,
                    "rank": rank,
                    "technician_id": person.id,
                    "provider_id": orders._provider_of(person, own).id,
                    "allowed": proposal.allowed,
                    "grade": str(proposal.score[5]),
                    "near": str(proposal.score[1]),
                    "load": proposal.score[2],
                    "distance_km": proposal.distance_km or 0.0,
                    "clauses": ", ".join(proposal.clauses),
                    "why": " ".join(sentence(step) for step in shown),
                }
            )
        self.env["jinxing.repair.assign.line"].create(vals_list)

    def action_give_to_provider(self):
        """Give the orders to the provider, who chooses the technician."""
        self.ensure_one()
        if not self.provider_id:
            raise UserError(self.env._("Choose a provider."))
        self.order_ids.action_assign(provider_id=self.provider_id.id, reason=self.reason)
        return {"type": "ir.actions.act_window_close"}


def _is_shown_otherwise(step):
    """Tell whether the columns show already what a step says: grade, place, orders at hand."""
    return step.key.startswith(
        ("grade_", "technician_same", "technician_else", "technician_dist", "technician_load")
    )


class JinxingRepairAssignLine(models.TransientModel):
    """One technician in the ranking: may he be sent, and why."""

    _name = "jinxing.repair.assign.line"
    _description = "Proposed Technician"
    _order = "rank, id"

    wizard_id = fields.Many2one("jinxing.repair.assign", required=True, ondelete="cascade")
    rank = fields.Integer()
    technician_id = fields.Many2one("res.partner", required=True)
    name = fields.Char(related="technician_id.name", related_sudo=True)
    phone = fields.Char(related="technician_id.phone", related_sudo=True)
    provider_id = fields.Many2one("res.partner", "Works for")
    allowed = fields.Boolean("May be sent")
    grade = fields.Selection(
        [("0", "No grade"), ("1", "One star"), ("2", "Two star"), ("3", "Three star"),
         ("4", "Four star"), ("5", "Five star")]
    )
    near = fields.Selection(
        [("0", "Same city"), ("1", "Same region"), ("2", "Elsewhere")], "Place"
    )
    load = fields.Integer("Orders at hand")
    distance_km = fields.Float("Distance (km)", digits=(8, 1))
    clauses = fields.Char()
    why = fields.Text("Why?")

    def action_choose(self):
        """Send this technician (T1-T5, S7); the reason typed above goes with it."""
        self.ensure_one()
        wizard = self.wizard_id
        wizard.order_ids.action_assign(technician_id=self.technician_id.id, reason=wizard.reason)
        return {"type": "ir.actions.act_window_close"}
