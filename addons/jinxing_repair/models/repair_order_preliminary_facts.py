from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..rules import preliminary
from ..rules.preliminary import Case, Kind, PartUse, Past, PreliminaryFacts


class RepairOrder(models.Model):
    """What the system proposes as the preliminary assessment, and what it goes by (S8.2).

    Proposed when somebody looks at an approved order, so that an approval costs nothing more.
    """

    _inherit = "repair.order"

    def _preliminary_proposals(self):
        """Return ``{order: rules.preliminary.Proposal}``.

        The number of queries does not grow with the number of orders.
        """
        # sudo: what is known of machine and model counts, whoever asks
        orders = self.sudo()
        if not orders:
            return {}
        facts = orders._preliminary_facts()
        likely = {order: preliminary.find_likely(facts[order]) for order in orders}
        components = orders._components_by_code(
            {one.component for one in likely.values() if one.component}
        )
        covers = orders._preliminary_covers(
            {order: components.get(one.component) for order, one in likely.items()}
        )
        return {
            order.with_env(self.env): preliminary.propose(
                facts[order], likely[order], covers.get(order)
            )
            for order in orders
        }

    @api.model
    def _components_by_code(self, codes):
        """Return ``{code: component}``."""
        if not codes:
            return {}
        # sudo: as above
        found = self.env["jinxing.component"].sudo().search_fetch(
            [("code", "in", list(codes))], ["code", "name"]
        )
        return {component.code: component for component in found}

    def _preliminary_facts(self):
        """Return ``{order: rules.preliminary.PreliminaryFacts}``."""
        clues = self.env["jinxing.fault.clue"]._clues()
        seasons = self.env["jinxing.farm.season"].search([])
        past = self._guaranteed_repairs()
        result = {}
        for company, orders in self.grouped("company_id").items():
            kinds = orders._preliminary_kinds()
            history, parts = orders._model_history(
                self._policy("preliminary_history_orders", company=company)
            )
            least = self._policy("preliminary_least_cases", company=company)
            share = self._policy("preliminary_part_share", company=company)
            for order in orders:
                day = self._service_day(order.called_at or None, company)
                result[order] = PreliminaryFacts(
                    text=order.fault_description or "",
                    fault_date=day,
                    kinds=kinds,
                    clues=clues,
                    registered=tuple(order._registered_kinds().mapped("code")),
                    past=past.get(order.lot_id, ()),
                    history=tuple(history[order.product_id]),
                    parts=tuple(parts[order.product_id]),
                    emergency=order.emergency,
                    in_season=bool(seasons._ranges(order.region_id, order.crop, day, day)),
                    least_cases=least,
                    part_share=share,
                )
        return result

    def _registered_kinds(self):
        """Return the kinds of fault the registration names."""
        self.ensure_one()
        if self.category_ids or self.service_kind != "installation":
            return self.category_ids
        return self.env.ref("jinxing_technician.category_installation")

    def _preliminary_kinds(self):
        """Return how each kind of fault is usually served, by guide and fee card."""
        guides = self.env["jinxing.fault.guide"]._by_category()
        fees = self.env["jinxing.fee.item"].search_fetch(
            [
                *self._onsite_fee_domain(self.company_id),
                ("kind", "=", "labour"),
                ("category_id", "!=", False),
                ("hours", ">", 0),
            ],
            ["category_id", "hours"],
        )
        hours = {
            category: min(items.mapped("hours"))
            for category, items in fees.grouped("category_id").items()
        }
        categories = self.env["jinxing.fault.category"].union(*guides, *hours)
        return tuple(
            Kind(
                code=category.code,
                way=guides[category].way if category in guides else preliminary.VISIT,
                hours=hours.get(category, 0.0),
            )
            for category in categories
        )

    def _guaranteed_repairs(self):
        """Return ``{machine: repairs of it still guaranteed}`` (G1.2); one query."""
        lots = self.lot_id
        if not lots:
            return {}
        since = min(
            self._service_day(order.called_at or None, order.company_id) for order in self
        )
        faults = self.env["jinxing.repair.fault"].search_fetch(
            [("lot_id", "in", lots.ids), ("guarantee_until", ">=", since)],
            ["lot_id", "component_id", "category_id", "repaired_on", "guarantee_until", "order_id"],
        )
        result = defaultdict(tuple)
        for fault in faults:
            category = fault.category_id or fault.order_id.category_ids[:1]
            result[fault.lot_id] += (
                Past(
                    component=fault.component_id.code,
                    category=category.code or "",
                    repaired_date=fault.repaired_on,
                    end_date=fault.guarantee_until,
                    order=fault.order_id.name,
                ),
            )
        return result

    def _model_history(self, most):
        """Return what the latest closed orders of each model had, and the parts they took.

        Two queries; each model's latest ``most`` closed orders are looked at, however many there
        are. A fault without a kind of its own counts for the first one of its order.

        :return: ``{model: [Case]}``, ``{model: [PartUse]}``
        """
        history, parts = defaultdict(list), defaultdict(list)
        if not self.product_id:
            return history, parts
        for name in ("repair.order", "jinxing.repair.fault", "repair.service", "stock.move"):
            self.env[name].flush_model()
        faults = SQL(
            """
            SELECT model.id AS model, fault.id, fault.component_id, fault.cause,
                   COALESCE(fault.category_id, (
                       SELECT min(rel.category_id) FROM jinxing_repair_order_category_rel rel
                        WHERE rel.order_id = fault.order_id)) AS category_id
              FROM unnest(%(models)s) AS model (id)
             CROSS JOIN LATERAL (
                   SELECT o.id FROM repair_order o
                    WHERE o.product_id = model.id AND o.company_id = %(company)s
                      AND o.service_state = 'closed'
                    ORDER BY o.closed_at DESC LIMIT %(most)s) AS closed
              JOIN jinxing_repair_fault fault ON fault.order_id = closed.id
            """,
            models=self.product_id.ids,
            company=self.company_id.id,
            most=most,
        )
        products = self.env["product.product"]
        for model, kind, component, cause, cases, hours in self.env.execute_query(
            SQL(
                """
                SELECT f.model, kind.code, component.code, max(f.cause), count(*),
                       sum(COALESCE(labour.hours, 0))
                  FROM (%(faults)s) f
                  JOIN jinxing_fault_category kind ON kind.id = f.category_id
                  JOIN jinxing_component component ON component.id = f.component_id
                  LEFT JOIN LATERAL (
                       SELECT sum(service.product_uom_qty) AS hours
                         FROM repair_service service
                         JOIN jinxing_fee_item fee ON fee.id = service.fee_item_id
                        WHERE service.fault_id = f.id AND fee.kind = 'labour') labour ON TRUE
                 GROUP BY f.model, kind.code, component.code, lower(btrim(f.cause))
                 ORDER BY f.model, kind.code, component.code, count(*) DESC
                """,
                faults=faults,
            )
        ):
            history[products.browse(model)].append(
                Case(kind, component, cases, float(hours), cause or "")
            )
        for model, kind, component, part, cases, quantity in self.env.execute_query(
            SQL(
                """
                SELECT f.model, kind.code, component.code, move.product_id,
                       count(DISTINCT f.id), sum(move.quantity)
                  FROM (%(faults)s) f
                  JOIN jinxing_fault_category kind ON kind.id = f.category_id
                  JOIN jinxing_component component ON component.id = f.component_id
                  JOIN stock_move move ON move.fault_id = f.id AND move.state = 'done'
                   AND move.repair_line_type = 'add'
                 GROUP BY f.model, kind.code, component.code, move.product_id
                """,
                faults=faults,
            )
        ):
            parts[products.browse(model)].append(
                (products.browse(part), kind, component, cases, float(quantity))
            )
        return history, self._still_approved(parts)

    @api.model
    def _still_approved(self, parts):
        """Return the parts that may still be fitted on their models (G1.2)."""
        found = self.env["product.product"].union(
            *(use[0] for uses in parts.values() for use in uses)
        )
        found.fetch(["name", "active", "product_tmpl_id"])
        result = defaultdict(list)
        for model, uses in parts.items():
            template = model.product_tmpl_id
            result[model] = [
                PartUse(part.id, part.name or "", kind, component, cases, quantity)
                for part, kind, component, cases, quantity in uses
                if part.active and template in part.approved_model_ids
            ]
        return result

    def _preliminary_covers(self, components):
        """Return ``{order: the cover rule's decision for its likely component}`` (G4, G5).

        :param components: ``{order: component or None}``
        """
        nothing = self.env["jinxing.component"]
        requests = [
            {
                "key": order,
                "lot": order.lot_id,
                "component": components.get(order) or nothing,
                "fault_date": self._service_day(order.called_at or None, order.company_id),
                "exclusions": {},
            }
            for order in self
            if order.lot_id and components.get(order)
        ]
        return self.env["stock.lot"]._decide_cover(requests) if requests else {}

    def _expected_covers(self, components):
        """Return ``{order: free, chargeable or ""}`` for the components a person named."""
        orders = self.sudo()  # sudo: as above
        covers = orders._preliminary_covers(components)
        past = orders._guaranteed_repairs()
        result = {}
        for order in orders:
            component = components.get(order)
            day = self._service_day(order.called_at or None, order.company_id)
            rework = component and any(
                one.component == component.code and one.repaired_date <= day <= one.end_date
                for one in past.get(order.lot_id, ())
            )
            decision = covers.get(order)
            result[order] = preliminary.FREE if rework else (decision.outcome if decision else "")
        return result

    # -- kept with the order -------------------------------------------------------------------

    def _store_proposals(self, proposals):
        """Keep what the system proposed, and why, where it is not kept yet.

        :param proposals: as :meth:`_preliminary_proposals` gives them
        :return: ``{order: jinxing.decision}``
        """
        decisions = self._record_decisions(
            "preliminary_proposal",
            {order.id: proposals[order].decision for order in self},
        )
        # sudo: the system's proposals are nobody's to write
        records = self.env["jinxing.repair.preliminary"].sudo()
        known = records.search(
            [
                ("order_id", "in", self.ids),
                ("state", "=", "proposed"),
                ("decision_id", "in", [decision.id for decision in decisions.values()]),
            ]
        ).order_id
        new = self.filtered(lambda order: order not in known)
        named = self._proposed_records(proposals)
        now = fields.Datetime.now()
        records.create(
            [
                {
                    **named[order],
                    "part_ids": [
                        fields.Command.create({"product_id": part, "quantity": quantity})
                        for part, quantity in named[order]["part_ids"]
                    ],
                    "order_id": order.id,
                    "state": "proposed",
                    "date": now,
                    "decision_id": decisions[order.id].id,
                }
                for order in new
            ]
        )
        return {order: decisions[order.id] for order in self}

    def _proposed_records(self, proposals):
        """Return ``{order: values of a proposal as the records name them}``."""
        # sudo: lists everybody of the service chooses from
        categories = self.env["jinxing.fault.category"].sudo().search(
            [("code", "in", [one.category for one in proposals.values() if one.category])]
        )
        kinds = {category.code: category.id for category in categories}
        components = self._components_by_code(
            {one.component for one in proposals.values() if one.component}
        )
        return {
            order: {
                "category_id": kinds.get(one.category, False),
                "component_id": one.component and components[one.component].id,
                "severity": one.severity,
                "way": one.way,
                "hours": one.hours,
                "cover": one.cover or False,
                "part_ids": list(one.parts),
            }
            for order, one in proposals.items()
        }
