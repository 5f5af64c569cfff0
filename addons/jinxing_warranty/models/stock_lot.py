import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..rules import phone
from ..rules.coverage import CoverFacts, CoverLine, decide_cover


class StockLot(models.Model):
    """A machine: its engine, its owner, its card, and what the card covers."""

    _inherit = "stock.lot"

    is_machine = fields.Boolean(
        related="product_id.is_machine", store=True, index=True, precompute=True
    )
    engine_number = fields.Char(index="btree_not_null", tracking=True)
    manufacture_date = fields.Date("Manufactured on")
    sold_date = fields.Date("Sold on", help="Day of the first sale to a user, if it is known.")
    dealer_id = fields.Many2one(
        "res.partner", "Dealer", index="btree_not_null", domain=[("is_dealer", "=", True)]
    )
    owner_id = fields.Many2one("res.partner", "Owner", index="btree_not_null")
    owner_phone = fields.Char("Owner's phone")
    card_ids = fields.One2many("jinxing.warranty.card", "lot_id", "Warranty cards")
    card_id = fields.Many2one(
        "jinxing.warranty.card",
        "Warranty card",
        compute="_compute_card_id",
        store=True,
        index="btree_not_null",
    )
    qr_token = fields.Char(readonly=True, copy=False, groups="base.group_user")
    search_text = fields.Char(compute="_compute_search_text", store=True, index="trigram")
    cover_line_ids = fields.One2many(related="card_id.line_ids", string="Cover")
    bulletin_ids = fields.Many2many(related="product_id.bulletin_ids", string="Bulletins")
    public_url = fields.Char(compute="_compute_public_url", groups="base.group_user")

    _qr_token_unique = models.UniqueIndex("(qr_token) WHERE qr_token IS NOT NULL")
    _engine_unique = models.UniqueIndex(
        "(engine_number) WHERE engine_number IS NOT NULL AND is_machine",
        "Another machine has this engine number.",
    )

    @api.depends("card_ids.state")
    def _compute_card_id(self):
        # sudo: the machine names its card to whoever may read the machine
        active = self.env["jinxing.warranty.card"].sudo().search(
            [("lot_id", "in", self.ids), ("state", "=", "active")]
        )
        by_lot = {card.lot_id.id: card.id for card in active}
        for lot in self:
            lot.card_id = by_lot.get(lot._origin.id, False)

    @api.depends(
        "name", "engine_number", "card_id.name", "owner_id.name", "owner_phone", "is_machine"
    )
    def _compute_search_text(self):
        for lot in self:
            # sudo: only words to search by
            words = (
                lot.name,
                lot.engine_number,
                lot.sudo().card_id.name,
                lot.sudo().owner_id.name,
                lot.owner_phone,
            )
            text = " ".join(word for word in words if word)
            lot.search_text = text if lot.is_machine else False

    def _compute_public_url(self):
        for lot in self:
            lot.public_url = (
                f"{lot.get_base_url()}/w/{lot.qr_token}" if lot.qr_token else False
            )

    @api.depends("name", "product_id", "owner_id")
    @api.depends_context("jinxing_machine")
    def _compute_display_name(self):
        if not self.env.context.get("jinxing_machine"):
            return super()._compute_display_name()
        for lot in self:
            # sudo: a machine is shown with its model and owner
            parts = (lot.name, lot.sudo().product_id.name, lot.sudo().owner_id.name)
            lot.display_name = " · ".join(part for part in parts if part)
        return None

    @api.constrains("owner_phone")
    def _check_owner_phone(self):
        for lot in self:
            if lot.owner_phone and not phone.is_valid(lot.owner_phone):
                raise ValidationError(
                    self.env._("“%(phone)s” is no telephone number.", phone=lot.owner_phone)
                )

    @api.constrains("manufacture_date", "sold_date")
    def _check_manufacture_date(self):
        for lot in self:
            if lot.manufacture_date and lot.manufacture_date > fields.Date.context_today(lot):
                raise ValidationError(self.env._("The day of manufacture lies in the future."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop("qr_token", None)
            if vals.get("owner_phone"):
                vals["owner_phone"] = phone.normalise(vals["owner_phone"])
        lots = super().create(vals_list)
        machines = lots.filtered("is_machine")
        for machine in machines:
            # sudo: the token is the system's, nobody chooses it
            machine.sudo().qr_token = secrets.token_urlsafe(18)
        return lots

    def write(self, vals):
        if "qr_token" in vals and not self.env.su:
            vals = {name: value for name, value in vals.items() if name != "qr_token"}
        if vals.get("owner_phone"):
            vals = {**vals, "owner_phone": phone.normalise(vals["owner_phone"])}
        return super().write(vals)

    @api.model
    def _fill_missing_tokens(self):
        """Give each machine without one an unguessable token."""
        # sudo: all machines of all companies need one
        lots = self.sudo().with_context(active_test=False)
        for machine in lots.search([("is_machine", "=", True), ("qr_token", "=", False)]):
            machine.qr_token = secrets.token_urlsafe(18)

    # -- finding -------------------------------------------------------------------------------

    @api.model
    def _machine_domain(self, text):
        """Return the domain of machines that ``text`` may mean (S8.1).

        Serial, engine number, card number, owner's name or phone; several words must all fit.
        """
        domain = Domain("is_machine", "=", True)
        for word in (text or "").split():
            number = phone.normalise(word)
            plain = word if len(number) < 7 or not is_number(word) else number
            domain &= Domain("search_text", "ilike", plain)
        return domain

    @api.model
    def _search_machines(self, text, limit=20):
        """Return the machines ``text`` may mean, the exact serial first."""
        if not (text or "").strip():
            return self.browse()
        found = self.search(self._machine_domain(text), limit=limit)
        exact = text.strip().lower()
        return found.sorted(lambda lot: (lot.name or "").lower() != exact)

    @api.model
    def _search_display_name(self, operator, value):
        if self.env.context.get("jinxing_machine") and operator in ("ilike", "=") and value:
            return self._machine_domain(value)
        return super()._search_display_name(operator, value)

    # -- cover ---------------------------------------------------------------------------------

    @api.model
    def _decide_cover(self, requests):
        """Decide for many faults at once whether each is free (G4, G5).

        The number of queries does not grow with the number of requests.

        :param requests: dicts with ``key``, ``lot``, ``component`` (may be empty),
            ``fault_date`` and ``exclusions`` (``{clause code: evidence}``)
        :return: ``{key: rules.decision.Decision}``
        """
        # sudo: cover is judged by the whole file of the machine, whoever asks
        lots = self.browse().concat(*[request["lot"] for request in requests]).sudo()
        lots.card_id.line_ids.fetch(["cover_class", "months", "clause_id"])
        statutes = self.env["jinxing.clause"]._enabled_statutes()
        by_id = {lot.id: lot for lot in lots}
        policies = {}
        decisions = {}
        for request in requests:
            lot = by_id[request["lot"].id]
            company = lot.company_id or lot.card_id.company_id or self.env.company
            if company not in policies:
                policies[company] = self.env["jinxing.warranty.policy"]._candidates(company)
            policy = policies[company]._pick(lot.product_id, request["fault_date"])
            facts = lot._cover_facts(request, policy, statutes)
            decisions[request["key"]] = decide_cover(facts)
        return decisions

    def _cover_facts(self, request, policy, statutes):
        """Return the facts of one request for rules/coverage.py."""
        self.ensure_one()
        card = self.card_id
        # sudo: as in _decide_cover
        component = request["component"].sudo()
        policy_lines = policy._cover_lines()
        return CoverFacts(
            fault_date=request["fault_date"],
            cover_class=component.cover_class or "machine",
            component=component.code or "",
            start_date=card.invoice_date or self.sold_date or None,
            has_card=bool(card),
            has_invoice=bool(card.invoice_number and card.invoice_date),
            provable_sale=bool(card.sale_line_id or self.sold_date),
            seller_error=card.seller_error,
            model_matches=not card or card.product_id == self.product_id,
            altered=card.altered,
            card_lines=tuple(
                CoverLine(line.cover_class, line.months, line.clause_id.code or "")
                for line in card.line_ids
            ),
            policy_lines=policy_lines,
            policy=policy.name or "",
            floors=policy._floors(request["fault_date"]),
            exclusions=request.get("exclusions") or {},
            downtime=card._downtime() if "L-down" in statutes else (),
            statutes=statutes,
            no_proof_reading=policy.no_proof_reading or "both",
        )

    def _repair_history(self):
        """Return the repairs the owner may look up (G1.5), newest first; none known here."""
        self.ensure_one()
        return []

    # -- buttons -------------------------------------------------------------------------------

    def action_open_public_page(self):
        """Open the page the QR label leads to."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.public_url, "target": "new"}


def is_number(word):
    """Tell whether a search word looks like a telephone number."""
    return all(char.isdigit() or char in "+-() " for char in word)
