from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.jinxing_base.models.locking import take

from ..rules.coverage import CardFacts, CoverLine, decide_card
from .service_day import service_day


class JinxingWarrantyCard(models.Model):
    _inherit = "jinxing.warranty.card"

    def _activation_problems(self):
        """Return why this card cannot be activated, as sentences; empty when it can."""
        self.ensure_one()
        machine = self.lot_id
        problems = []
        if self.state != "draft":
            problems.append(self.env._("It is not a draft."))
        if not (self.invoice_number or "").strip():
            problems.append(self.env._("The invoice number is missing."))
        if not self.invoice_date:
            problems.append(self.env._("The invoice day is missing."))
        if not self.owner_phone:
            problems.append(self.env._("The owner's phone is missing."))
        if self.product_id != machine.product_id:
            problems.append(
                self.env._(
                    "The card says model %(card)s, the machine is a %(machine)s (G5.4).",
                    card=self.product_id.display_name,
                    machine=machine.product_id.display_name,
                )
            )
        if self.serial != machine.name:
            problems.append(
                self.env._("The serial number on the card is not the machine's (G5.4).")
            )
        if machine.engine_number and self.engine_number != machine.engine_number:
            problems.append(
                self.env._("The engine number on the card is not the machine's (G5.4).")
            )
        return problems

    def _ensure_can_activate(self):
        messages = []
        # sudo: a machine has one card, also when the other one is another company's
        twins = self.sudo().search([("lot_id", "in", self.lot_id.ids), ("state", "=", "active")])
        taken = {twin.lot_id.id: twin.name for twin in twins}
        for card in self:
            problems = card._activation_problems()
            if card.lot_id.id in taken:
                problems.append(
                    self.env._(
                        "Its machine has an active card already: %(card)s.",
                        card=taken[card.lot_id.id],
                    )
                )
            if problems:
                messages.append(f"{card.display_name}: {' '.join(problems)}")
            taken[card.lot_id.id] = card.display_name
        if messages:
            raise UserError("\n".join(messages))

    def action_activate(self):
        """Activate drafts: number them, state their cover, register the owner (G4).

        The number of queries does not grow with the number of cards.

        :raises UserError: with all that is missing, card by card
        """
        self.check_access("write")
        # sudo: two clerks at one machine wait for each other, though they may not edit stock
        take(self.lot_id.sudo())
        self._ensure_can_activate()
        cards = self.with_context(tracking_disable=True)
        today = service_day(self.env)
        for company, of_company in cards.grouped("company_id").items():
            unnumbered = of_company.filtered(lambda c: c.name == "/")
            numbers = unnumbered._next_numbers(company, len(unnumbered))
            for card, number in zip(unnumbered, numbers, strict=True):
                card._store({"name": number})
        cards._state_cover()
        # sudo: the history of owners is the card's, nobody edits it by hand
        self.env["jinxing.warranty.card.owner"].sudo().create(
            [
                {
                    "card_id": card.id,
                    "partner_id": card.owner_id.id,
                    "phone": card.owner_phone,
                    "date_from": card.cover_start,
                }
                for card in self
            ]
        )
        cards._store({"state": "active", "activated_on": today})
        cards._push_to_machines()
        cards._record_cover()
        self._message_log_batch(bodies=dict.fromkeys(self.ids, self.env._("Activated.")))
        return True

    def _next_numbers(self, company, count):
        """Return ``count`` card numbers of a company that no card has yet."""
        if not count:
            return []
        # sudo: a clerk numbers cards, the sequence is not his
        sequences = self.env["ir.sequence"].sudo().with_company(company)
        sequence = sequences.search(
            [
                ("code", "=", "jinxing.warranty.card"),
                ("company_id", "in", [company.id, False]),
            ],
            order="company_id",
            limit=1,
        )
        if not sequence:
            raise UserError(self.env._("The sequence of card numbers is missing."))
        # sudo: a number is taken, whoever may see its card
        cards = self.sudo()
        numbers = []
        while len(numbers) < count:
            wanted = self._draw_numbers(sequence, count - len(numbers))
            taken = cards.search_fetch(
                [("company_id", "=", company.id), ("name", "in", wanted)], ["name"]
            )
            names = set(taken.mapped("name"))
            numbers += [number for number in wanted if number not in names]
        return numbers

    def _draw_numbers(self, sequence, count):
        """Return the next ``count`` numbers of a sequence, in one query where it can be."""
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence._next() for _i in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        return [sequence.get_next_char(number) for (number,) in rows]

    # -- cover ---------------------------------------------------------------------------------

    def _state_cover(self):
        """Write the cover lines anew: those of the replaced card, else of the policy (G4)."""
        policy_model = self.env["jinxing.warranty.policy"]
        policies = {
            company: policy_model._candidates(company) for company in self.company_id
        }
        vals_list = []
        for card in self:
            if card.replaces_id and not card.renewed_on:
                # sudo: the old card's promise goes on, whoever exchanges the machine
                lines = card.replaces_id.sudo().line_ids
            else:
                policy = policies[card.company_id]._pick(card.product_id, card.cover_start)
                lines = policy.line_ids
            if not lines:
                raise UserError(
                    self.env._(
                        "No warranty policy holds for %(model)s on %(day)s.",
                        model=card.product_id.display_name,
                        day=card.cover_start,
                    )
                )
            vals_list += [
                {
                    "card_id": card.id,
                    "cover_class": line.cover_class,
                    "months": line.months,
                    "clause_id": line.clause_id.id,
                    "date_start": card.cover_start,
                }
                for line in lines
            ]
        # sudo: cover lines are the card's, nobody edits them by hand
        lines = self.env["jinxing.warranty.card.line"].sudo()
        lines.search([("card_id", "in", self.ids)]).unlink()
        lines.create(vals_list)

    def _record_cover(self):
        """Store why the cover of active cards ends when it does."""
        cards = self.filtered(lambda c: c.state == "active")
        statutes = self.env["jinxing.clause"]._enabled_statutes()
        counts = "L-down" in statutes
        holidays = cards.company_id._public_holidays() if counts else {}
        decisions = {}
        for card in cards:
            lines = tuple(
                CoverLine(line.cover_class, line.months, line.clause_id.code or "")
                for line in card.line_ids
            )
            facts = CardFacts(
                start_date=card.cover_start,
                lines=lines,
                downtime=card._downtime() if counts else (),
                holidays=holidays.get(card.company_id, frozenset()),
                statutes=statutes,
                # sudo: the number of the card this one goes on for
                replaces=card.sudo().replaces_id.name or "",
                anew=bool(card.renewed_on),
            )
            decisions[card.id] = decide_card(facts)
        cards._record_decisions("card", decisions)

    # -- the machine ---------------------------------------------------------------------------

    def _push_to_machines(self):
        """Write owner, dealer, engine and day of sale of active cards on their machines."""
        for card in self:
            values = {
                "owner_id": card.owner_id.id,
                "owner_phone": card.owner_phone,
                "sold_date": card.cover_start,
            }
            if card.dealer_id:
                values["dealer_id"] = card.dealer_id.id
            if card.engine_number and not card.lot_id.engine_number:
                values["engine_number"] = card.engine_number
            # sudo: a card registers owner and sale, whoever may edit stock records
            card.lot_id.sudo().write(values)
