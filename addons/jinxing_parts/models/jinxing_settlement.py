from odoo import api, models

from odoo.addons.jinxing_repair.rules import settlement


class JinxingSettlement(models.Model):
    """Warranty parts a provider cannot account for, and old parts he owes (G1.3)."""

    _inherit = "jinxing.settlement"

    @api.model
    def _unaccounted_parts_lines(self, partners, company, until):
        """Add what audits found missing and what old parts did not come back in time (G1.3)."""
        entries = super()._unaccounted_parts_lines(partners, company, until)
        day = self.env["jinxing.policy.parameter"]._service_day(until, company)
        for line in self.env["jinxing.parts.audit.line"]._unsettled(partners, company, until):
            entries.append(
                self._unaccounted_entry(
                    line.partner_id.commercial_partner_id,
                    line.audit_id.name,
                    line.product_id,
                    line.missing,
                    line._price(),
                    line.date_to,
                    line._reference(),
                )
            )
        charges = self.env["jinxing.old.part"]._charges(partners, company, day)
        for debt, decision in charges.items():
            entries.append(
                self._unaccounted_entry(
                    debt.holder_company_id,
                    debt.name,
                    debt.product_id,
                    decision.facts["owed"],
                    decision.facts["price"],
                    debt.due_on,
                    debt._reference(),
                    order_id=debt.order_id.id,
                    lot_id=debt.machine_id.id,
                )
            )
        return entries

    @api.model
    def _unaccounted_entry(
        self, provider, number, part, quantity, price, day, reference, **values
    ):
        """Return an entry that takes parts off a provider's settlement."""
        name = f"{number} {part.display_name}"
        return {
            "partner": provider,
            "decision": settlement.decide_deduction(
                settlement.UNACCOUNTED, round(quantity * price, 2), name
            ),
            "vals": {
                "kind": settlement.UNACCOUNTED,
                "sequence": 95,
                "name": name,
                "date": day,
                "quantity": quantity,
                "unit_amount": price,
                "reference": reference,
                **values,
            },
        }
