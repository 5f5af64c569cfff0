from odoo import api, fields, models

from ..rules.coverage import CoverFacts, CoverLine, decide_cover
from .service_day import service_day


class StockLot(models.Model):
    """Is a fault of this machine free or chargeable (G4, G5)?"""

    _inherit = "stock.lot"

    @api.model
    def _decide_cover(self, requests):
        """Decide for many faults at once whether each is free (G4, G5).

        The number of queries does not grow with the number of requests.

        :param requests: dicts with ``key``, ``lot``, ``component`` (may be empty),
            ``fault_date`` and ``exclusions`` (``{clause code: evidence}``)
        :return: ``{key: rules.decision.Decision}``
        """
        # sudo: cover is judged by the whole file of the machine, whoever asks
        lots = self.browse({request["lot"].id for request in requests}).sudo()
        # sudo: as above
        components = self.env["jinxing.component"].browse(
            {request["component"].id for request in requests if request["component"]}
        ).sudo()
        components.fetch()
        statutes = self.env["jinxing.clause"]._enabled_statutes()
        claims = lots._cover_claims()
        companies = {
            lot.id: lot.company_id or claims[lot.id].company_id or self.env.company
            for lot in lots
        }
        policy_model = self.env["jinxing.warranty.policy"]
        shared = {
            company: {
                # sudo: public holidays are public
                "holidays": company.sudo()._public_holidays()[company]
                if "L-down" in statutes
                else frozenset(),
            }
            for company in set(companies.values())
        }
        by_id = {lot.id: lot for lot in lots}
        parts = {component.id: component for component in components}
        lines = {}
        decisions = {}
        for request in requests:
            lot = by_id[request["lot"].id]
            known = shared[companies[lot.id]]
            policy = policy_model._promise(
                companies[lot.id], lot.product_id, request["fault_date"]
            )
            card = claims[lot.id]
            if card not in lines:
                lines[card] = card._cover_lines()
            facts = lot._cover_facts(
                request,
                card=card,
                component=parts.get(request["component"].id, components.browse()),
                policy=policy,
                card_lines=lines[card],
                floors=policy_model._floors(request["fault_date"]),
                holidays=known["holidays"],
                statutes=statutes,
            )
            decisions[request["key"]] = decide_cover(facts)
        return decisions

    def _cover_claims(self):
        """Return ``{id: the card a claim stands on}``: the active one, else the last draft.

        A draft is no card yet, but its invoice is an invoice (G5.3).
        """
        claims = {lot.id: lot.card_id for lot in self}
        bare = self.filtered(lambda lot: not lot.card_id)
        if bare:
            drafts = self.env["jinxing.warranty.card"].search(
                [
                    ("lot_id", "in", bare.ids),
                    ("state", "=", "draft"),
                    ("invoice_number", "!=", False),
                    ("invoice_date", "!=", False),
                ],
                order="id",
            )
            claims.update({draft.lot_id.id: draft for draft in drafts})
        return claims

    def _cover_facts(
        self, request, *, card, component, policy, card_lines, floors, holidays, statutes
    ):
        """Return the facts of one request for rules/coverage.py."""
        self.ensure_one()
        start = card.cover_start or self.sold_date or None
        return CoverFacts(
            fault_date=request["fault_date"],
            cover_class=component.cover_class or "machine",
            component=component.code or "",
            start_date=start,
            start_from_sale=bool(start and not card.cover_start),
            has_card=card.state == "active",
            has_invoice=bool(card.invoice_number and card.invoice_date),
            provable_sale=bool(card.sale_line_id or self.sold_date),
            seller_error=card.seller_error,
            model_matches=not card or card.product_id == self.product_id,
            altered=card.altered,
            card_lines=card_lines,
            policy_lines=policy.lines,
            policy=policy.name,
            floors=floors,
            exclusions=request.get("exclusions") or {},
            downtime=card._downtime() if "L-down" in statutes else (),
            holidays=holidays,
            statutes=statutes,
            no_proof_reading=policy.no_proof_reading,
        )

    def action_check_cover(self):
        """Open the form that asks whether a fault is free."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Is it free?"),
            "res_model": "jinxing.cover.check",
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_lot_id": self.id,
                "default_fault_date": fields.Date.to_string(service_day(self.env)),
            },
        }


class JinxingWarrantyCard(models.Model):
    _inherit = "jinxing.warranty.card"

    def _cover_lines(self):
        """Return what the card promises, as facts for rules/coverage.py."""
        codes = self.env["jinxing.clause"]._codes_by_id()
        return tuple(
            CoverLine(line.cover_class, line.months, codes.get(line.clause_id.id, ""))
            for line in self.line_ids
        )
