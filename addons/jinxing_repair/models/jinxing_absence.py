from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jinxing_base.models.locking import take


class JinxingAbsence(models.Model):
    """An absence mark (旷工): an own employee did not arrive and had not said so before (S8.11).

    Made by the rule alone and never edited; the manager can withdraw it with a reason.
    """

    _name = "jinxing.absence"
    _description = "Absence Mark"
    _inherit = ["mail.thread", "jinxing.decision.mixin"]
    _order = "date desc, id desc"
    _rec_name = "employee_id"

    employee_id = fields.Many2one(
        "hr.employee", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date = fields.Date("Day", required=True, readonly=True, index=True)
    order_id = fields.Many2one(
        "repair.order", "Dispatch order", required=True, readonly=True, index=True,
        ondelete="restrict",
    )
    order_name = fields.Char("Order number", related="order_id.name", store=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    deadline = fields.Datetime("Should have arrived", required=True, readonly=True)
    reason = fields.Char(compute="_compute_reason")
    state = fields.Selection(
        [("marked", "Absence"), ("withdrawn", "Withdrawn")],
        default="marked",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    withdrawn_at = fields.Datetime("Withdrawn on", readonly=True)
    withdrawn_by_id = fields.Many2one("res.users", "Withdrawn by", readonly=True)
    withdraw_reason = fields.Text("Why withdrawn", readonly=True, tracking=True)

    claimed_at = fields.Datetime(
        "Says he arrived",
        readonly=True,
        help="In time by his own word, told to us only after the deadline.",
    )
    told_at = fields.Datetime("Told to us", readonly=True)
    upheld_at = fields.Datetime("Upheld on", readonly=True)
    upheld_by_id = fields.Many2one("res.users", "Upheld by", readonly=True)
    uphold_reason = fields.Text("Why upheld", readonly=True, tracking=True)
    claim_open = fields.Boolean(
        "To be confirmed",
        compute="_compute_claim_open",
        store=True,
        help="He says he was there in time; a manager withdraws the mark or upholds it.",
    )

    _claim_open_index = models.Index("(company_id) WHERE claim_open")
    _one_per_order = models.UniqueIndex(
        "(order_id, employee_id)", "This absence is marked already."
    )
    _withdrawn_complete = models.Constraint(
        "CHECK(state = 'marked' OR withdraw_reason IS NOT NULL)",
        "An absence mark is withdrawn with a reason.",
    )

    @api.depends("employee_id", "date")
    def _compute_display_name(self):
        for mark in self:
            mark.display_name = f"{mark.employee_id.name or ''} {mark.date or ''}".strip()

    @api.depends("claimed_at", "upheld_at", "state")
    def _compute_claim_open(self):
        for mark in self:
            mark.claim_open = bool(
                mark.claimed_at and not mark.upheld_at and mark.state == "marked"
            )

    @api.depends("order_name")
    @api.depends_context("lang")
    def _compute_reason(self):
        for mark in self:
            mark.reason = self.env._(
                "%(order)s: not there in time, and nobody was told beforehand (S8.11).",
                order=mark.order_name,
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Absence marks are made by the rule, not by hand."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(
                self.env._("An absence mark is never edited; a manager can withdraw it.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An absence mark is never deleted."))

    def action_withdraw(self, reason=None):
        """Withdraw a mark that does not stand, with a reason; managers only.

        :raises UserError: the reason is missing, or it is withdrawn already
        """
        self._ensure_manager()
        if not (reason or "").strip():
            return self.env["jinxing.record.reason"]._open(
                "jinxing.absence:action_withdraw", self
            )
        take(self)
        if self.filtered(lambda mark: mark.state != "marked"):
            raise UserError(self.env._("This absence mark is withdrawn already."))
        self._withdraw(reason.strip())
        return True

    def action_uphold(self, reason=None):
        """Uphold a mark though he says he was there in time, with a reason; managers only.

        :raises UserError: the reason is missing, or there is nothing to confirm
        """
        self._ensure_manager()
        if not (reason or "").strip():
            return self.env["jinxing.record.reason"]._open("jinxing.absence:action_uphold", self)
        take(self)
        if self.filtered(lambda mark: not mark.claim_open):
            raise UserError(self.env._("Nothing is to be confirmed on this absence mark."))
        # sudo: nobody edits a mark, this is how a claim is answered
        self.sudo().write(
            {
                "uphold_reason": reason.strip(),
                "upheld_at": fields.Datetime.now(),
                "upheld_by_id": self.env.uid,
            }
        )
        return True

    def _ensure_manager(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_manager")):
            raise AccessError(self.env._("Only a manager may do this."))

    def _withdraw(self, reason):
        # sudo: nobody edits a mark, this is the one way out
        self.sudo().write(
            {
                "state": "withdrawn",
                "withdraw_reason": reason,
                "withdrawn_at": fields.Datetime.now(),
                "withdrawn_by_id": self.env.uid,
            }
        )
