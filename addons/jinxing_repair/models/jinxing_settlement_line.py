from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..rules import settlement

#: What a supervisor says of a claim entered by hand.
_BY_HAND = frozenset(
    {"settlement_id", "kind", "name", "date", "quantity", "unit_amount", "note", "evidence_ids",
     "order_id", "lot_id", "sequence"}
)


class JinxingSettlementLine(models.Model):
    """One thing a provider is paid for or answers for, approved or refused by itself (G1.3)."""

    _name = "jinxing.settlement.line"
    _description = "Settlement Line"
    _inherit = ["jinxing.decision.mixin"]
    _order = "settlement_id, sequence, date, id"

    settlement_id = fields.Many2one(
        "jinxing.settlement", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Provider", related="settlement_id.partner_id", store=True, index=True
    )
    company_id = fields.Many2one(related="settlement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    settlement_state = fields.Selection(
        string="State of the settlement", related="settlement_id.state"
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("labour", "Labour"),
            ("travel", "Travel"),
            ("handling", "Parts handling"),
            ("installation", "Installation"),
            ("exchange", "Exchange of a machine"),
            ("other", "Other claim"),
            ("liability", "Liability"),
            ("unaccounted", "Parts unaccounted for"),
        ],
        required=True,
        default="other",
    )
    name = fields.Char("Description", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    order_id = fields.Many2one(
        "repair.order", "Dispatch order", index="btree_not_null", ondelete="restrict"
    )
    lot_id = fields.Many2one(
        "stock.lot", "Machine", index="btree_not_null", domain=[("is_machine", "=", True)]
    )
    service_id = fields.Many2one(
        "repair.service", "Labour", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    move_id = fields.Many2one(
        "stock.move", "Part", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    liability_id = fields.Many2one(
        "jinxing.liability", readonly=True, index="btree_not_null",
        ondelete="restrict",
    )
    exchange_right_id = fields.Many2one(
        "jinxing.exchange.right", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    reference = fields.Char(readonly=True, help="What else the line stands for, once only.")
    technician_id = fields.Many2one("res.partner", readonly=True)
    grade = fields.Selection(
        [("0", "No grade"), ("1", "One star"), ("2", "Two star"), ("3", "Three star"),
         ("4", "Four star"), ("5", "Five star")],
        readonly=True,
        help="Of the technician, on the day of the repair.",
    )
    quantity = fields.Float(digits=(16, 2), required=True, default=1.0)
    unit_amount = fields.Float("Rate", digits=(16, 2), required=True)
    rate_missing = fields.Boolean("No rate", readonly=True)
    amount = fields.Monetary(compute="_compute_amount", store=True)
    note = fields.Text()
    evidence_ids = fields.Many2many(
        "ir.attachment",
        "jinxing_settlement_line_attachment_rel",
        "line_id",
        "attachment_id",
    )
    state = fields.Selection(
        [
            ("to_review", "To review"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("disputed", "Disputed"),
        ],
        default="to_review",
        required=True,
        readonly=True,
        copy=False,
    )
    cancelled = fields.Boolean(readonly=True)
    reason_id = fields.Many2one("jinxing.refusal.reason", "Why refused", readonly=True)
    reason_note = fields.Char("Explanation", readonly=True)
    reviewed_by_id = fields.Many2one("res.users", "Reviewed by", readonly=True)
    reviewed_at = fields.Datetime("Reviewed on", readonly=True)
    dispute_text = fields.Text("What the provider says", readonly=True)
    disputed_at = fields.Datetime("Disputed on", readonly=True)
    disputed_by_id = fields.Many2one("res.users", "Disputed by", readonly=True)

    _labour_once = models.UniqueIndex(
        "(service_id) WHERE service_id IS NOT NULL AND cancelled IS NOT TRUE",
        "This labour is settled already.",
    )
    _part_once = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL AND cancelled IS NOT TRUE",
        "This part is settled already.",
    )
    _travel_once = models.UniqueIndex(
        "(order_id, kind) WHERE kind IN ('travel', 'installation') AND service_id IS NULL"
        " AND cancelled IS NOT TRUE",
        "The travel or installation of this order is settled already.",
    )
    _liability_once = models.UniqueIndex(
        "(liability_id) WHERE liability_id IS NOT NULL AND cancelled IS NOT TRUE",
        "This liability is deducted already.",
    )
    _reference_once = models.UniqueIndex(
        "(company_id, kind, reference) WHERE reference IS NOT NULL AND cancelled IS NOT TRUE",
        "This is settled already.",
    )
    _exchange_once = models.UniqueIndex(
        "(lot_id) WHERE kind = 'exchange' AND cancelled IS NOT TRUE AND state != 'refused'",
        "The exchange of this machine is claimed already.",
    )
    _quantity_sane = models.Constraint(
        "CHECK(quantity >= 0 AND unit_amount >= 0)", "Quantity and rate are not negative."
    )
    _right_once = models.UniqueIndex(
        "(exchange_right_id) WHERE exchange_right_id IS NOT NULL AND cancelled IS NOT TRUE",
        "The exchange of this right is claimed already.",
    )
    _exchange_has_right = models.Constraint(
        "CHECK(kind != 'exchange' OR exchange_right_id IS NOT NULL)",
        "An exchange is claimed from the right it rests on (G2.1).",
    )
    _exchange_has_machine = models.Constraint(
        "CHECK(kind != 'exchange' OR lot_id IS NOT NULL)",
        "The claim for an exchange names the machine.",
    )
    _refused_with_reason = models.Constraint(
        "CHECK(state != 'refused' OR reason_id IS NOT NULL)", "A refused line has its reason."
    )

    @api.depends("quantity", "unit_amount", "kind")
    def _compute_amount(self):
        for line in self:
            digits = line.currency_id.decimal_places if line.currency_id else 2
            amount = settlement.line_amount(line.quantity, line.unit_amount, digits)
            line.amount = -amount if line.kind in settlement.DEDUCTED else amount

    # -- create, write -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        for vals in vals_list:
            if set(vals) - _BY_HAND or vals.get("kind", "other") != settlement.OTHER:
                raise UserError(
                    self.env._("Only claims with evidence are entered by hand.")
                )
        lines = super().create(vals_list)
        lines._ensure_by_hand()
        if lines.filtered(lambda line: line.state != "to_review" or line.cancelled):
            raise UserError(self.env._("A line is approved or refused by its buttons."))
        lines._decide_claims()
        return lines

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        if set(vals) - _BY_HAND:
            raise UserError(self.env._("A line is approved or refused by its buttons."))
        self._ensure_by_hand()
        result = super().write(vals)
        self._ensure_by_hand()
        self._decide_claims()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_by_hand(self):
        self._ensure_by_hand()

    def _ensure_by_hand(self):
        """Refuse to touch lines that come from the orders, and those decided already."""
        fixed = self.filtered(
            lambda line: line.kind != settlement.OTHER
            or line.service_id
            or line.state != "to_review"
            or line.settlement_id.state != "draft"
        )
        if fixed:
            raise UserError(
                self.env._(
                    "%(names)s: what was done is settled as it stands; only an open claim of "
                    "one's own is changed.",
                    names=", ".join(fixed.mapped("name")),
                )
            )

    def _decide_claims(self):
        """Store what claims entered by hand stand on."""
        claims = self.filtered(lambda line: line.amount > 0)
        claims._record_decisions(
            "settlement",
            {
                line.id: settlement.decide_claim(line.kind, line.amount, line.name)
                for line in claims
            },
        )

    # -- review --------------------------------------------------------------------------------

    def _review(self, vals):
        """Lock, check and write a review of the lines."""
        self.settlement_id._ensure_supervisor()
        self.check_access("read")
        self.settlement_id._lock()
        self.settlement_id._ensure_state("draft", "sent")
        # sudo: a review is this step's to note
        self.sudo().write(
            {
                **vals,
                "reviewed_by_id": self.env.uid,
                "reviewed_at": fields.Datetime.now(),
            }
        )
        for record in self.settlement_id:
            if not record.dispute_count:
                record.activity_unlink(["jinxing_repair.activity_dispute"])
        return True

    def action_approve(self):
        """Approve lines.

        :raises UserError: a claim has no rate, no amount or no evidence
        """
        wrong = self.filtered(
            lambda line: line.rate_missing
            or (line.kind in settlement.CLAIMED and not (line.amount and line._has_evidence()))
        )
        if wrong:
            raise UserError(
                self.env._(
                    "%(names)s: without a rate, an amount and evidence it is not approved.",
                    names=", ".join(wrong.mapped("name")),
                )
            )
        return self._review({"state": "approved", "reason_id": False, "reason_note": False})

    def _has_evidence(self):
        """Tell whether a claim has something to show: a file, or the order it comes from."""
        self.ensure_one()
        return bool(self.evidence_ids or self.service_id)

    def action_refuse(self, reason_id=None, note=None):
        """Refuse lines with a coded reason.

        :raises UserError: the reason is missing, or it needs a note
        """
        if not reason_id:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Refuse"),
                "res_model": "jinxing.settlement.refuse",
                "view_mode": "form",
                "target": "new",
                "context": {"default_line_ids": self.ids},
            }
        reason = self.env["jinxing.refusal.reason"].browse(reason_id).exists()
        note = (note or "").strip()
        if not reason or (reason.needs_note and not note):
            raise UserError(self.env._("A refusal needs its reason, and this one a note."))
        return self._review(
            {"state": "refused", "reason_id": reason.id, "reason_note": note or False}
        )

    def action_dispute(self, text=None):
        """Note that the provider disputes lines, and why; a supervisor answers.

        :raises UserError: without saying why, or not while the settlement is with him
        :raises AccessError: not the provider's
        """
        settlements = self.settlement_id
        settlements._ensure_provider()
        if not self:
            raise AccessError(self.env._("There is no such line."))
        text = (text or "").strip()
        if not text:
            raise UserError(self.env._("Say why the line is disputed."))
        settlements._lock()
        settlements._ensure_state("sent")
        if settlements.filtered("confirmed_at"):
            raise UserError(self.env._("What is confirmed is not disputed any more."))
        # sudo: a dispute is this step's to note; the provider was checked
        self.sudo().write(
            {
                "state": "disputed",
                "dispute_text": text,
                "disputed_at": fields.Datetime.now(),
                "disputed_by_id": self.env.uid,
            }
        )
        # sudo: as above; the task goes to who answers for the settlement
        for record in settlements.sudo():
            record._plan_answer()
        return True
