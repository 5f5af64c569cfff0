from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from ..rules import refund


class Rma(models.Model):
    _inherit = "rma"

    def _return_facts(self, policy, today):
        """Return the facts for rules/refund.py (R9-R13)."""
        self.ensure_one()
        report = None
        if any((self.inspection_issuer, self.inspection_number, self.inspection_file)):
            report = refund.Inspection(
                issuer=self.inspection_issuer or "",
                number=self.inspection_number or "",
                report_date=self.inspection_date or None,
                has_file=bool(self.inspection_file),
            )
        return refund.RequestFacts(
            on=today,
            policy=policy._rules(),
            sold_date=self.sold_date or None,
            own_sale=self.own_sale,
            proof=self.proof,
            three_guarantees=self.three_guarantees,
            condition_ok={"good": True, "bad": False}.get(self.condition),
            misuse=self.misuse or "",
            company_fault=self.company_fault,
            inspection=report,
            entitlement=self.entitlement_id.code or "",
            # sudo: who sold it is named in the decision
            seller=self.lot_id.sudo().dealer_id.name or "",
            approval=self.exchange_reason or "" if self.return_kind == "replace" else "",
            approved_by=self.exchange_approved_by_id.name or "",
        )

    def _price_facts(self, policy, today):
        """Return the facts of the price (R12); prices per unit, in the currency of the sale."""
        self.ensure_one()
        currency = self._refund_currency()
        # sudo: prices are looked up on behalf of the rule
        product = self.product_id.sudo()
        if policy.pricelist_id:
            current = policy.pricelist_id._get_product_price(
                product, self.product_uom_qty or 1.0, currency=currency
            )
        else:
            current = product.currency_id._convert(
                product.list_price, currency, self.company_id, today, round=False
            )
        return refund.PriceFacts(
            on=today,
            policy=policy._rules(),
            paid=Decimal(str(self.paid_unit)),
            original=Decimal(str(self.original_unit)),
            current=Decimal(str(current)),
            quantity=Decimal(str(self.product_uom_qty)),
            company_fault=self.company_fault,
            season_end=product.product_tmpl_id._season_end(self.sold_date),
            digits=currency.decimal_places,
            currency=currency.name,
            entitlement=self.entitlement_id.code or "",
        )

    def action_decide(self):
        """Decide whether the goods may go back and at what price, and store why (R9-R13)."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        policies = self.env["jinxing.return.policy"]
        requests, prices = {}, {}
        for rma in self:
            if rma.state != "draft":
                raise UserError(
                    self.env._(
                        "%(name)s: decided already, the goods are on their way.", name=rma.name
                    )
                )
            if not rma.product_id or not rma.operation_id:
                raise UserError(
                    self.env._("%(name)s: what goes back, and for what?", name=rma.name)
                )
            policy = policies._for_day(today, rma.company_id or self.env.company)
            requests[rma.id] = refund.decide_return(rma._return_facts(policy, today))
            if rma.return_kind == "refund" and rma.product_uom_qty > 0:
                prices[rma.id] = refund.decide_price(rma._price_facts(policy, today))
        self._record_decisions("return", requests)
        self._decide_way(today)
        self._record_decisions("refund_price", prices)
        for rma in self:
            price = prices.get(rma.id)
            # sudo: what the rules decided is nobody's to edit
            rma.sudo().write(
                {
                    "eligibility": requests[rma.id].outcome,
                    "refund_unit": float(price.facts["unit"]) if price else 0.0,
                    "refund_amount": float(price.facts["amount"]) if price else 0.0,
                    "price_clause": price.outcome if price else False,
                }
            )
        return True

    def _ensure_eligible(self):
        """Refuse to take goods back that the rules do not let go back.

        :raises UserError: names each request, and why
        """
        messages = []
        words = dict(self._fields["eligibility"]._description_selection(self.env))
        for rma in self.filtered(lambda r: r.eligibility != "eligible"):
            answer = words.get(rma.eligibility) or self.env._("not decided yet")
            messages.append(
                self.env._("%(name)s may not go back: %(answer)s", name=rma.name, answer=answer)
            )
        if messages:
            raise UserError("\n".join(messages))

    def _prepare_refund_line_vals(self):
        """Refund at the decided price, not at the list price (R12).

        What was paid goes back as it was invoiced, with its discount, so that no cent is left.
        """
        vals = super()._prepare_refund_line_vals()
        line = self._sale_line()
        as_paid = vals.get("price_unit", 0.0) * (1 - (vals.get("discount") or 0.0) / 100)
        if not (line and self.price_clause == "R12.1" and abs(as_paid - self.paid_unit) < 1e-6):
            vals.update(price_unit=self.refund_unit, discount=0.0)
        return vals

    def _prepare_refund_vals(self, origin=False):
        """Refund in the currency of the sale, in which the prices are."""
        vals = super()._prepare_refund_vals(origin=origin)
        vals["currency_id"] = self._refund_currency().id
        return vals

    def _refund_currency(self):
        """Return the currency in which the goods were paid."""
        self.ensure_one()
        return self._sale_line().currency_id or self.company_id.currency_id
