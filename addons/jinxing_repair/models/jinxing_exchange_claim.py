from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..rules import exchange_facts

#: Rights that a whole machine answers.
_MACHINE = (exchange_facts.EXCHANGE, exchange_facts.USER_CHOICE)
#: Those, and the machine taken back for good (L-rep2).
_CARRIED_OUT = (*_MACHINE, exchange_facts.RETURN)


class JinxingExchangeRight(models.Model):
    """A dealer or station exchanged the machine; the seller claims it from us (G2.1, G2.2)."""

    _inherit = "jinxing.exchange.right"

    borne_by_us = fields.Boolean("Borne by ourselves", compute="_compute_borne_by_us")
    new_lot_id = fields.Many2one("stock.lot", "Machine given", readonly=True, copy=False)
    new_card_id = fields.Many2one(
        "jinxing.warranty.card", "New warranty card", readonly=True, copy=False
    )
    exchanged_on = fields.Date(readonly=True, copy=False)
    currency_id = fields.Many2one(related="company_id.currency_id")
    claim_amount = fields.Monetary(
        "Claimed from us",
        readonly=True,
        copy=False,
        help="What the seller asks for the machine he gave; before tax (G2.1).",
    )
    claim_evidence_ids = fields.Many2many(
        "ir.attachment",
        "jinxing_exchange_right_attachment_rel",
        "right_id",
        "attachment_id",
        "Evidence of the claim",
        readonly=True,
    )
    settlement_line_ids = fields.One2many(
        "jinxing.settlement.line",
        "exchange_right_id",
        "Settled in",
        domain=[("cancelled", "=", False)],
        readonly=True,
    )

    _claim_sane = models.Constraint(
        "CHECK(claim_amount IS NULL OR claim_amount >= 0)", "A claim is not negative."
    )
    _claim_sellers = models.Constraint(
        "CHECK(COALESCE(claim_amount, 0) = 0 OR bearer = 'seller')",
        "Only the seller claims an exchange from us; a repairer bears his own (G2.2).",
    )

    @api.depends("bearer_id", "company_id")
    def _compute_borne_by_us(self):
        for right in self:
            right.borne_by_us = right.bearer_id == right.company_id.partner_id

    def action_exchanged_by_other(self):
        """Ask which machine the dealer or station gave, and what he claims for it."""
        self.ensure_one()
        self._ensure_group("supervisor")
        self._ensure_exchanged_by_other()
        back = self.outcome == exchange_facts.RETURN
        return {
            "type": "ir.actions.act_window",
            "name": (
                self.env._("Taken back by %(bearer)s", bearer=self.bearer_id.name)
                if back
                else self.env._("Exchanged by %(bearer)s", bearer=self.bearer_id.name)
            ),
            "res_model": "jinxing.exchange.made",
            "view_mode": "form",
            "target": "new",
            "context": {"default_right_id": self.id},
        }

    def _ensure_exchanged_by_other(self):
        """Refuse rights that we carry out ourselves, or that give no machine.

        :raises UserError: names the right
        """
        self._ensure_state("open", "claimed")
        wrong = self.filtered(lambda r: r.outcome not in _CARRIED_OUT or r.borne_by_us)
        if wrong:
            raise UserError(
                self.env._(
                    "%(names)s: ours to carry out, or no machine.",
                    names=", ".join(wrong.mapped("name")),
                )
            )

    def _record_exchange(self, machine, day, amount=0.0, evidence=(), note=""):
        """Note the machine that the bearer gave, renew the card, and keep his claim (G2.1).

        :param machine: of the same model and specification
        :param amount: what the seller claims from us, before tax; a repairer claims nothing
        :param evidence: files that show it
        :raises UserError: another model, a day that cannot be, a claim without evidence or of
            somebody who bears the exchange himself (G2.2)
        """
        self.ensure_one()
        self._ensure_group("supervisor")
        self._ensure_exchanged_by_other()
        if self.outcome not in _MACHINE:
            raise UserError(
                self.env._("%(right)s: the machine is returned, not exchanged.", right=self.name)
            )
        self._ensure_machine_fits(machine, day)
        self._keep_claim(amount, evidence)
        reason = f"{self.clause_code} {self.name} {self.order_id.name}"
        # sudo: card and right follow the exchange that was noted
        right = self.sudo()
        old = right.lot_id.card_id
        card = old.browse()
        if old.state == "active":
            # sudo: as above
            card = old._replace_machine(machine.sudo(), day, reason)
        right.write(
            {"new_lot_id": machine.id, "new_card_id": card.id, "exchanged_on": day}
        )
        said = self.env._(
            "%(bearer)s gave %(new)s for %(old)s on %(day)s.",
            bearer=self.bearer_id.name,
            new=machine.name,
            old=self.lot_id.name,
            day=day,
        )
        return self._execute(" ".join(filter(None, (said, note))))

    def _record_return(self, day, refunded, amount=0.0, evidence=(), note=""):
        """Note that the bearer took the machine back and refunded it; its card ends (L-rep2).

        :param refunded: what the user got back
        :param amount: what the seller claims from us, before tax
        :param evidence: files that show the refund
        :raises UserError: a day that cannot be, nothing refunded, no evidence
        """
        self.ensure_one()
        self._ensure_group("supervisor")
        self._ensure_exchanged_by_other()
        if self.outcome != exchange_facts.RETURN:
            raise UserError(
                self.env._("%(right)s: the machine is exchanged, not returned.", right=self.name)
            )
        self._ensure_day(day)
        if refunded <= 0 or not evidence:
            raise UserError(
                self.env._("A return has the amount refunded and its evidence (L-rep2).")
            )
        self._keep_claim(amount, evidence)
        said = self.env._(
            "%(bearer)s took %(old)s back on %(day)s and refunded %(amount)s.",
            bearer=self.bearer_id.name,
            old=self.lot_id.name,
            day=day,
            amount=self.currency_id.format(refunded),
        )
        # sudo: the card follows the return that was noted
        card = self.sudo().lot_id.card_id
        if card.state == "active":
            card.action_void(f"{self.clause_code} {self.name}: {said}")
        # sudo: the right follows, too
        self.sudo().exchanged_on = day
        return self._execute(" ".join(filter(None, (said, note))))

    def _keep_claim(self, amount, evidence):
        """Keep what the bearer claims from us, with what shows it (G2.1).

        :raises UserError: a claim without evidence, or of who bears it himself (G2.2)
        """
        if amount and self.bearer != exchange_facts.SELLER:
            raise UserError(
                self.env._(
                    "%(right)s: the repairer bears the exchange himself (G2.2).", right=self.name
                )
            )
        if amount < 0 or (amount and not evidence):
            raise UserError(self.env._("A claim has an amount and evidence (G2.1)."))
        files = self.env["ir.attachment"].browse([attachment.id for attachment in evidence])
        files.check_access("read")
        # sudo: whoever reads the right reads what it rests on
        files.sudo().write({"res_model": self._name, "res_id": self.id})
        # sudo: as above
        self.sudo().write(
            {"claim_amount": amount, "claim_evidence_ids": [Command.set(files.ids)]}
        )

    def _ensure_machine_fits(self, machine, day):
        if machine == self.lot_id or machine.product_id != self.lot_id.product_id:
            raise UserError(
                self.env._(
                    "%(right)s: another machine of the same model and specification is given: "
                    "%(model)s (G2.1).",
                    right=self.name,
                    model=self.lot_id.product_id.display_name,
                )
            )
        # sudo: whether it has an owner already, whoever asks
        if machine.sudo().card_id.state == "active":
            raise UserError(
                self.env._("%(machine)s has an owner already.", machine=machine.name)
            )
        self._ensure_day(day)

    def _ensure_day(self, day):
        today = self.env["jinxing.policy.parameter"]._service_day(company=self.company_id)
        if not self.arisen_on <= day <= today:
            raise UserError(
                self.env._(
                    "The exchange was between %(first)s, when the right arose, and today.",
                    first=self.arisen_on,
                )
            )

    def action_claim_recovery(self):
        """Open a claim on the supplier or producer for the machine exchanged (G2.1).

        :raises UserError: it was not exchanged, or is claimed already
        """
        self.ensure_one()
        self.check_access("read")
        claims = self.env["jinxing.recovery.claim"]
        claims.check_access("create")
        claimed = self.env["jinxing.recovery.claim.line"].search(
            [("lot_id", "=", self.lot_id.id), ("kind", "=", "machine"), ("cancelled", "=", False)],
            limit=1,
        )
        if self.state != "executed" or self.outcome not in _CARRIED_OUT or claimed:
            raise UserError(
                self.env._(
                    "%(right)s: no machine was exchanged, or %(machine)s is claimed already.",
                    right=self.name,
                    machine=self.lot_id.name,
                )
            )
        # sudo: what the machine cost, whoever claims it
        product = self.sudo().lot_id.product_id.with_company(self.company_id)
        line = {
            "kind": "machine",
            "name": f"{self.order_id.name} {self.clause_code} {self.lot_id.name}",
            "lot_id": self.lot_id.id,
            "amount": self.claim_amount or product.standard_price or product.lst_price,
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recovery Claim"),
            "res_model": claims._name,
            "views": [(False, "form")],
            "context": {
                "default_ground": "exchange",
                "default_company_id": self.company_id.id,
                "default_line_ids": [Command.create(line)],
                "default_evidence_ids": [Command.set(self.claim_evidence_ids.ids)],
            },
        }
