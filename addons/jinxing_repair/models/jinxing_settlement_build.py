from calendar import monthrange
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jinxing_base.models.locking import take

from ..rules import settlement
from ..rules.service_clock import day_end


class JinxingSettlement(models.Model):
    """How a month's settlements are made from the closed orders of each provider (G1.3, G1.4)."""

    _inherit = "jinxing.settlement"

    @api.model
    def _month(self, day):
        """Return the first and the last day of the month of ``day``."""
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])

    @api.model
    def _build(self, day, company=None, partners=None):
        """Make or complete the settlements of a month; only a draft is added to.

        What was closed up to the month's end and is not settled yet goes in, so that nothing is
        lost when an order is closed late. Making them twice adds nothing. The number of queries
        does not grow with the number of orders.

        :param day: any day of the month
        :param partners: these providers only, and a settlement for each even without work
        :return: the settlements made or completed
        :raises UserError: the month has not begun, or somebody else is making them
        """
        self._ensure_supervisor()
        company = company or self.env.company
        policy = self.env["jinxing.policy.parameter"]
        first, last = self._month(day)
        if first > policy._service_day(company=company):
            raise UserError(self.env._("This month has not begun yet."))
        until = day_end(last, policy._service_tz(company))
        # sudo: what was done counts, whatever the reader may see of it
        model = self.sudo().with_company(company)
        orders = model._orders_to_settle(company, until, partners)
        orders._lock()
        entries = model._order_entries(orders, company)
        entries += model._liability_entries(company, until, partners)
        entries += model._exchange_entries(company, until, partners)
        entries += model._unaccounted_parts_lines(partners, company, until)
        drafts = model._drafts(first, last, company, partners, entries)
        lines = model._add_lines(drafts, entries)
        # what is held back for a diagnosis waits for the next settlement
        done = orders.filtered(lambda o: o.provider_id in drafts)
        done.filtered(lambda o: not o._held_faults()).write({"to_settle": False})
        made = self.browse([draft.id for draft in drafts.values()])
        return made if partners else made.filtered("line_ids") | lines.settlement_id

    @api.model
    def _orders_to_settle(self, company, until, partners):
        domain = [
            ("to_settle", "=", True),
            ("company_id", "=", company.id),
            ("closed_at", "<=", until),
        ]
        if partners:
            domain.append(("provider_id", "in", partners.ids))
        return self.env["repair.order"].search(domain)

    @api.model
    def _drafts(self, first, last, company, partners, entries):
        """Return ``{provider: draft settlement}``; a month sent already takes nothing more."""
        wanted = self.env["res.partner"].browse(
            dict.fromkeys(entry["partner"].id for entry in entries)
        ) | (partners or self.env["res.partner"])
        existing = self.search(
            [
                ("company_id", "=", company.id),
                ("date_from", "=", first),
                ("partner_id", "in", wanted.ids),
                ("state", "!=", "cancelled"),
            ]
        )
        new = self.create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "date_from": first,
                    "date_to": last,
                    "user_id": self.env.uid,
                }
                for partner in wanted - existing.partner_id
            ]
        )
        drafts = existing.filtered(lambda record: record.state == "draft") | new
        return {draft.partner_id: draft for draft in drafts}

    @api.model
    def _add_lines(self, drafts, entries):
        """Create the lines and store how each amount came about."""
        fitting = [entry for entry in entries if entry["partner"] in drafts]
        lines = self.env["jinxing.settlement.line"].create(
            [
                {**entry["vals"], "settlement_id": drafts[entry["partner"]].id}
                for entry in fitting
            ]
        )
        lines._record_decisions(
            "settlement",
            {
                line.id: entry["decision"]
                for line, entry in zip(lines, fitting, strict=True)
                if entry.get("decision")
            },
        )
        return lines

    # -- from the orders -----------------------------------------------------------------------

    @api.model
    def _order_entries(self, orders, company):
        """Return labour, travel, parts and installations of orders that are not settled yet.

        Each entry is ``{"partner": provider, "vals": line values, "decision": why}``.
        """
        settled = self.env["jinxing.settlement.line"].search_fetch(
            [("order_id", "in", orders.ids), ("cancelled", "=", False)],
            ["service_id", "move_id", "order_id", "kind"],
        )
        context = {
            "rates": self.env["jinxing.settlement.rate"]._as_rules(company),
            "grades": self._grades(orders.technician_id, company),
            "policy": self.env["jinxing.policy.parameter"],
            "company": company,
            "digits": company.currency_id.decimal_places,
            "done": {(line.order_id.id, line.kind) for line in settled},
        }
        held = {order: order._held_faults() for order in orders}
        unpaid = {order: order._own_rework_faults() for order in orders}
        entries = []
        services = orders.repair_service_ids - settled.service_id
        moves = orders.move_ids.filtered(
            lambda m: m.repair_line_type == "add" and m.state == "done" and m.quantity
        ) - settled.move_id
        # A subset fetches for itself alone: read all of them first.
        services.fetch(
            ["repair_id", "fault_id", "fee_item_id", "product_uom_qty", "price_unit",
             "display_name"]
        )
        moves.fetch(["repair_id", "fault_id", "product_id", "quantity"])
        by_order, parts_by_order = services.grouped("repair_id"), moves.grouped("repair_id")
        for order in orders:
            out = held[order] | unpaid[order]
            payable = order.fault_ids.filtered(lambda f: f.cover == "free") - out
            mine = by_order.get(order, services.browse())
            free = mine.filtered(lambda s, faults=payable: s.fault_id in faults)
            entries += self._labour_entries(order, free, context)
            parts = parts_by_order.get(order, moves.browse())
            parts = parts.filtered(lambda m, faults=payable: m.fault_id in faults)
            entries += self._handling_entries(order, parts, context)
            if payable and not held[order]:
                entries += self._travel_entries(order, free, context)
            if order.service_kind == "installation":
                entries += self._rated(order, settlement.INSTALLATION, 1.0, context)
        return entries

    @api.model
    def _grades(self, technicians, company):
        """Return ``{technician: [(from, until, grade)]}``; one query."""
        awards = self.env["jinxing.certification"].search_fetch(
            [
                ("partner_id", "in", technicians.ids),
                ("state", "!=", "draft"),
                ("company_id", "=", company.id),
            ],
            ["partner_id", "grade", "date_award", "valid_to"],
        )
        result = defaultdict(list)
        for award in awards:
            result[award.partner_id].append((award.date_award, award.valid_to, award.grade))
        return result

    @api.model
    def _rated(self, order, kind, quantity, context, price=0.0, source="", **vals):
        """Return the entry of work paid by a rate, as a list of one; nothing for nothing."""
        if not quantity or ("service_id" not in vals and "move_id" not in vals
                            and (order.id, kind) in context["done"]):
            return []
        day = context["policy"]._service_day(order.signed_at, context["company"])
        grade = max(
            (
                grade
                for start, end, grade in context["grades"].get(order.technician_id, ())
                if start <= day <= end
            ),
            default=0,
        )
        work = settlement.Work(
            kind=kind,
            quantity=quantity,
            on=day,
            provider=order.provider_id.id,
            grade=grade,
            unit_price=price,
            source=source,
        )
        rate = settlement.pick_rate(context["rates"], work)
        words = dict(
            self.env["jinxing.settlement.line"]._fields["kind"]._description_selection(self.env)
        )
        return [
            {
                "partner": order.provider_id,
                "decision": settlement.decide_work(work, rate, context["digits"]),
                "vals": {
                    "kind": kind,
                    "name": words[kind],
                    "date": day,
                    "order_id": order.id,
                    "lot_id": order.lot_id.id,
                    "technician_id": order.technician_id.id,
                    "grade": str(grade),
                    "quantity": quantity,
                    "unit_amount": settlement.unit_amount(work, rate, context["digits"]),
                    "rate_missing": rate is None,
                    **vals,
                },
            }
        ]

    @api.model
    def _labour_entries(self, order, services, context):
        """Return the hours of labour, and what else stands on the fee card, at its price."""
        entries = []
        for service in services:
            kind = service.fee_item_id.kind
            if kind == "labour":
                entries += self._rated(
                    order,
                    settlement.LABOUR,
                    service.product_uom_qty,
                    context,
                    name=service.display_name,
                    service_id=service.id,
                )
            elif kind == "other" and service.amount > 0:
                entry = {
                    "kind": settlement.OTHER,
                    "name": service.display_name,
                    "date": context["policy"]._service_day(order.signed_at, context["company"]),
                    "order_id": order.id,
                    "lot_id": order.lot_id.id,
                    "technician_id": order.technician_id.id,
                    "quantity": service.product_uom_qty,
                    "unit_amount": service.price_unit,
                    "service_id": service.id,
                }
                decision = settlement.decide_claim(
                    settlement.OTHER, service.amount, service.display_name
                )
                entries.append(
                    {"partner": order.provider_id, "vals": entry, "decision": decision}
                )
        return entries

    @api.model
    def _handling_entries(self, order, moves, context):
        entries = []
        for move in moves:
            entries += self._rated(
                order,
                settlement.HANDLING,
                move.quantity,
                context,
                price=move.product_id.lst_price,
                name=move.product_id.display_name,
                move_id=move.id,
            )
        return entries

    @api.model
    def _travel_entries(self, order, free, context):
        """Return the kilometres of an order, once, and none when the customer pays them."""
        charged = order.repair_service_ids.filtered(
            lambda s: s.fee_item_id.kind == "travel" and s.is_chargeable
        )
        kilometres, source = settlement.travel_km(
            order.visit_ids.mapped("distance_km"),
            free.filtered(lambda s: s.fee_item_id.kind == "travel").mapped("product_uom_qty"),
            bool(charged),
        )
        return self._rated(order, settlement.TRAVEL, kilometres, context, source=source)

    # -- what is taken off ---------------------------------------------------------------------

    @api.model
    def _open_liabilities(self, company, until, partners):
        """Return decided liabilities of providers that no settlement has taken yet (G1.4)."""
        domain = [
            ("state", "=", "decided"),
            ("company_id", "=", company.id),
            ("decided_at", "<=", until),
            ("amount", ">", 0),
            ("partner_id", "!=", False),
            ("bearer", "in", (False, "provider")),
            ("settlement_line_ids", "=", False),
        ]
        if partners:
            domain.append(("partner_id.commercial_partner_id", "in", partners.ids))
        liabilities = self.env["jinxing.liability"].search(domain)
        return liabilities.filtered(
            lambda one: one.partner_id.commercial_partner_id.is_dealer
            or one.partner_id.commercial_partner_id.is_service_station
        )

    @api.model
    def _liability_entries(self, company, until, partners):
        entries = []
        for liability in self._open_liabilities(company, until, partners):
            order = liability.order_id
            entries.append(
                {
                    "partner": liability.partner_id.commercial_partner_id,
                    "decision": settlement.decide_deduction(
                        settlement.LIABILITY, liability.amount, liability.name
                    ),
                    "vals": {
                        "kind": settlement.LIABILITY,
                        "sequence": 90,
                        "name": " ".join(filter(None, (liability.name, order.name))),
                        "date": fields.Date.to_date(liability.decided_at),
                        "order_id": order.id,
                        "lot_id": order.lot_id.id,
                        "liability_id": liability.id,
                        "unit_amount": liability.amount,
                        "state": "approved",
                    },
                }
            )
        return entries

    @api.model
    def _exchange_entries(self, company, until, partners):
        """Return what sellers claim for machines they exchanged and no settlement has (G2.1)."""
        domain = [
            ("state", "=", "executed"),
            ("company_id", "=", company.id),
            ("claim_amount", ">", 0),
            ("executed_at", "<=", until),
            ("settlement_line_ids", "=", False),
        ]
        if partners:
            domain.append(("bearer_id", "in", partners.ids))
        rights = self.env["jinxing.exchange.right"].search(domain)
        take(rights)
        return [
            {
                "partner": right.bearer_id,
                "decision": settlement.decide_claim(
                    settlement.EXCHANGE,
                    right.claim_amount,
                    f"{right.clause_code} {right.name} {right.order_id.name}",
                ),
                "vals": {
                    "kind": settlement.EXCHANGE,
                    "sequence": 50,
                    "name": f"{right.clause_code} {right.lot_id.name} → {right.new_lot_id.name}",
                    "date": right.exchanged_on,
                    "order_id": right.order_id.id,
                    "lot_id": right.lot_id.id,
                    "exchange_right_id": right.id,
                    "unit_amount": right.claim_amount,
                    "evidence_ids": [(6, 0, right.claim_evidence_ids.ids)],
                },
            }
            for right in rights
        ]

    @api.model
    def _unaccounted_parts_lines(self, partners, company, until):
        """Return entries for warranty parts a provider cannot account for (G1.3).

        For the addon that issues the parts: the same entries as :meth:`_order_entries`, of the
        kind ``unaccounted``, with a ``reference`` in the values that stands for the parts, so
        that none is taken off twice, and :func:`rules.settlement.decide_deduction`.

        :param partners: these providers only; ``None`` for all
        :param until: the last moment of the period
        """
        return []
