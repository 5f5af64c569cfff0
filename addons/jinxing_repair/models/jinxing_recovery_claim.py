from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.jinxing_base.models.locking import take

#: What only the steps of a claim set.
SYSTEM = frozenset(
    {"name", "state", "refund_id", "sent_at", "answered_at", "answered_by_id", "accepted_amount",
     "answer"}
)


class JinxingRecoveryClaim(models.Model):
    """What we recover from a supplier or producer for failed parts and exchanges (G2, G4).

    Drafted from the faults, with evidence, sent, answered, and then one vendor credit note.
    """

    _name = "jinxing.recovery.claim"
    _description = "Recovery Claim"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    partner_id = fields.Many2one(
        "res.partner", "Supplier or producer", required=True, index=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    ground = fields.Selection(
        [("part", "Failed parts"), ("exchange", "Exchange of a machine")],
        required=True,
        default="part",
    )
    user_id = fields.Many2one("res.users", "Responsible", default=lambda self: self.env.user)
    line_ids = fields.One2many("jinxing.recovery.claim.line", "claim_id", "Lines")
    evidence_ids = fields.Many2many(
        "ir.attachment",
        "jinxing_recovery_claim_attachment_rel",
        "claim_id",
        "attachment_id",
    )
    note = fields.Text()
    amount_total = fields.Monetary("Claimed", compute="_compute_amount_total", store=True)
    accepted_amount = fields.Monetary("Accepted", readonly=True, copy=False)
    answer = fields.Text(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("refunded", "Credited"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    sent_at = fields.Datetime("Sent on", readonly=True, copy=False)
    answered_at = fields.Datetime("Answered on", readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.users", "Noted by", readonly=True, copy=False)
    refund_id = fields.Many2one(
        "account.move", "Vendor credit note", readonly=True, copy=False, index="btree_not_null"
    )

    _accepted_sane = models.Constraint(
        "CHECK(accepted_amount IS NULL OR accepted_amount >= 0)",
        "An accepted amount is not negative.",
    )

    @api.depends("line_ids.amount")
    def _compute_amount_total(self):
        for claim in self:
            claim.amount_total = sum(claim.line_ids.mapped("amount"))

    # -- create, write -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            if not self.env.su and any(vals.get(name) for name in SYSTEM - {"name", "state"}):
                raise UserError(self._system_message())
            company = vals.get("company_id") or self.env.company.id
            vals["name"] = sequence.with_company(company).next_by_code("jinxing.recovery.claim")
        claims = super().create(vals_list)
        if not self.env.su and claims.filtered(lambda c: c.state != "draft" or c.refund_id):
            raise UserError(self._system_message())
        return claims

    def write(self, vals):
        if not self.env.su:
            if SYSTEM & set(vals):
                raise UserError(self._system_message())
            fixed = self.filtered(lambda claim: claim.state != "draft")
            if fixed and {"partner_id", "company_id", "ground", "line_ids"} & set(vals):
                raise UserError(
                    self.env._(
                        "%(names)s: what was sent stays as it is.",
                        names=", ".join(fixed.mapped("name")),
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if self.filtered(lambda claim: claim.state != "draft"):
            raise UserError(self.env._("What was sent is cancelled, not deleted."))

    def _system_message(self):
        return self.env._("A recovery claim changes by its buttons, not by editing.")

    def _lock(self):
        """Take the claims for this transaction, so that one of two at once wins.

        :raises UserError: another has them at this moment
        """
        take(self, "state", "refund_id")

    def _step(self, sources, vals):
        """Lock, check the state and write a step.

        :raises AccessError: neither supervisor nor finance
        :raises UserError: it is not the turn of this step
        """
        user = self.env.user
        if not self.env.su and not (
            user.has_group("jinxing_base.group_supervisor")
            or user.has_group("account.group_account_invoice")
        ):
            raise AccessError(self.env._("Only a supervisor or finance may do this."))
        self.check_access("write")
        self._lock()
        self._ensure_state(*sources)
        # sudo: the steps of a claim are nobody's to edit; it was checked who may
        self.sudo().write(vals)
        return True

    def _ensure_state(self, *states):
        words = dict(self._fields["state"]._description_selection(self.env))
        wrong = self.filtered(lambda claim: claim.state not in states)
        if wrong:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(name)s is “%(state)s”: this is not possible.",
                        name=claim.name,
                        state=words[claim.state],
                    )
                    for claim in wrong
                )
            )

    # -- steps ---------------------------------------------------------------------------------

    def action_send(self):
        """Note that the claims went to the supplier.

        :raises UserError: nothing is claimed, or there is no evidence
        """
        for claim in self:
            if not claim.amount_total or not claim._evidence():
                raise UserError(
                    self.env._(
                        "%(name)s: a claim has lines with amounts, and evidence: photos or the "
                        "repair record.",
                        name=claim.name,
                    )
                )
        return self._step(("draft",), {"state": "sent", "sent_at": fields.Datetime.now()})

    def _evidence(self):
        """Return what the claim can show: its own files and the photos of its faults."""
        self.ensure_one()
        return self.evidence_ids | self.line_ids.fault_id.evidence_ids

    def action_accept(self, amount=None, answer=None):
        """Note that the supplier accepts, the whole claim or a part of it.

        :param amount: what he accepts; without it all that is claimed
        :raises UserError: more than is claimed, or nothing; a part needs his answer
        """
        self.ensure_one()
        accepted = self.amount_total if amount is None else amount
        answer = (answer or "").strip()
        if accepted <= 0 or self.currency_id.compare_amounts(accepted, self.amount_total) > 0:
            raise UserError(
                self.env._(
                    "%(name)s: accepted is more than nothing and at most %(amount)s.",
                    name=self.name,
                    amount=self.currency_id.format(self.amount_total),
                )
            )
        if self.currency_id.compare_amounts(accepted, self.amount_total) and not answer:
            raise UserError(self.env._("Note what the supplier answered to the rest."))
        return self._step(
            ("sent",),
            {
                "state": "accepted",
                "accepted_amount": accepted,
                "answer": answer or False,
                "answered_at": fields.Datetime.now(),
                "answered_by_id": self.env.uid,
            },
        )

    def action_refuse(self, answer=None):
        """Note that the supplier refuses, with his answer."""
        answer = (answer or "").strip()
        if not answer:
            return self.env["jinxing.money.reason"]._open("claim_refuse", self)
        return self._step(
            ("sent",),
            {
                "state": "refused",
                "answer": answer,
                "answered_at": fields.Datetime.now(),
                "answered_by_id": self.env.uid,
            },
        )

    def action_cancel(self):
        """Drop claims that are not credited; their faults can be claimed anew."""
        self._step(("draft", "sent", "refused", "accepted"), {"state": "cancelled"})
        # sudo: the lines follow the claim
        self.sudo().line_ids.write({"cancelled": True})
        return True

    def action_open_accept(self):
        """Ask for the amount the supplier accepts."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accepted"),
            "res_model": "jinxing.recovery.accept",
            "view_mode": "form",
            "target": "new",
            "context": {"default_claim_id": self.id},
        }

    # -- the credit note (finance) -------------------------------------------------------------

    def action_refund(self):
        """Make the vendor credit note of accepted claims, one each and never a second.

        :raises UserError: not accepted, or credited already
        """
        self.env["repair.order"]._ensure_finance()
        self.check_access("read")
        self._lock()
        for claim in self:
            if claim.refund_id and claim.refund_id.state != "cancel":
                raise UserError(
                    self.env._(
                        "%(name)s is credited already: %(note)s.",
                        name=claim.name,
                        note=claim.refund_id.display_name,
                    )
                )
        self._ensure_state("accepted", "refunded")
        # sudo: the note is tied to the claim by this step alone; finance was checked
        claims = self.sudo()
        notes = self.env["account.move"].sudo().create(
            [claim._prepare_refund() for claim in claims]
        )
        for claim, note in zip(claims, notes, strict=True):
            claim.write({"state": "refunded", "refund_id": note.id})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_in_refund_type"
        )
        action["domain"] = [("id", "in", notes.ids)]
        if len(notes) == 1:
            action.update(views=[(False, "form")], res_id=notes.id)
        return action

    def _prepare_refund(self):
        """Return the values of the vendor credit note: each line, scaled to what is accepted."""
        self.ensure_one()
        shares = self._shares()
        return {
            "move_type": "in_refund",
            "recovery_claim_id": self.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "invoice_origin": self.name,
            "invoice_date": fields.Date.context_today(self),
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "name": f"{self.name} {line.name}",
                        "quantity": 1,
                        "price_unit": share,
                    }
                )
                for line, share in shares
                if share
            ],
        }

    def _shares(self):
        """Return ``[(line, amount)]`` that add up to what is accepted, to the cent."""
        currency, left, claimed = self.currency_id, self.accepted_amount, self.amount_total
        shares = []
        for line in self.line_ids:
            share = currency.round(left * line.amount / claimed) if claimed else 0.0
            shares.append((line, share))
            left, claimed = currency.round(left - share), currency.round(claimed - line.amount)
        return shares

    def action_open_refund(self):
        """Open the vendor credit note."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.refund_id.id,
            "views": [(False, "form")],
        }


class JinxingRecoveryClaimLine(models.Model):
    """One failed part, the labour it cost, or a machine exchanged."""

    _name = "jinxing.recovery.claim.line"
    _description = "Recovery Claim Line"
    _order = "claim_id, sequence, id"

    claim_id = fields.Many2one(
        "jinxing.recovery.claim", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="claim_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("part", "Part"), ("work", "Labour and travel"), ("machine", "Machine"),
            ("other", "Other"),
        ],
        required=True,
        default="part",
    )
    name = fields.Char("Description", required=True)
    fault_id = fields.Many2one(
        "jinxing.repair.fault", index="btree_not_null", ondelete="restrict"
    )
    order_id = fields.Many2one(related="fault_id.order_id", string="Dispatch order")
    lot_id = fields.Many2one(
        "stock.lot", "Machine", index="btree_not_null", domain=[("is_machine", "=", True)]
    )
    product_id = fields.Many2one("product.product", "Part or service")
    amount = fields.Monetary(required=True, help="Before tax.")
    cancelled = fields.Boolean(readonly=True)

    _fault_once = models.UniqueIndex(
        "(fault_id, kind, product_id) WHERE fault_id IS NOT NULL AND cancelled IS NOT TRUE",
        "This fault is claimed already.",
    )
    _machine_once = models.UniqueIndex(
        "(lot_id) WHERE kind = 'machine' AND cancelled IS NOT TRUE",
        "This machine is claimed already.",
    )
    _amount_positive = models.Constraint("CHECK(amount > 0)", "A line claims something.")
    _machine_named = models.Constraint(
        "CHECK(kind != 'machine' OR lot_id IS NOT NULL)", "A machine claimed is named."
    )

    @api.constrains("fault_id", "claim_id")
    def _check_fault(self):
        for line in self:
            fault = line.fault_id
            if fault and (
                fault.company_id != line.company_id
                or fault.cover != "free"
                or not fault.repaired_on
            ):
                raise ValidationError(
                    self.env._(
                        "%(fault)s: only what we repaired free of charge is recovered.",
                        fault=fault.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._ensure_draft()
        return lines

    def write(self, vals):
        if not self.env.su:
            if "cancelled" in vals:
                raise UserError(self.claim_id._system_message())
            self._ensure_draft()
        result = super().write(vals)
        self._ensure_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        self._ensure_draft()

    def _ensure_draft(self):
        if not self.env.su and self.claim_id.filtered(lambda claim: claim.state != "draft"):
            raise UserError(self.env._("What was sent stays as it is."))
