from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.jinxing_base.models.locking import take

from ..rules import plan as rules
from ..rules import suppliers
from .sql_arrays import sql_array

#: All that a plan looks at, one row for each part and warehouse.
_FACTS = """
WITH RECURSIVE warehouses AS (
    SELECT id, partner_id, parts_role = 'headquarters' AS buys
      FROM stock_warehouse
     WHERE company_id = %(company)s AND parts_role IS NOT NULL AND active
),
headquarters AS (SELECT MIN(id) AS id FROM warehouses WHERE buys),
centres AS (
    SELECT id AS region_id, id AS at, centre_id, parent_id FROM jinxing_region
 UNION ALL
    SELECT centres.region_id, region.id, region.centre_id, region.parent_id
      FROM centres
      JOIN jinxing_region region ON region.id = centres.parent_id
     WHERE centres.centre_id IS NULL
),
region_warehouse AS (
    SELECT centres.region_id, warehouses.id AS warehouse_id
      FROM centres JOIN warehouses ON warehouses.partner_id = centres.centre_id
),
machines AS (
    SELECT product.product_tmpl_id AS model_id,
           COALESCE(own.id, region_warehouse.warehouse_id, headquarters.id) AS warehouse_id,
           COUNT(*) AS count
      FROM stock_lot lot
      JOIN product_product product ON product.id = lot.product_id
CROSS JOIN headquarters
 LEFT JOIN res_partner dealer ON dealer.id = lot.dealer_id
 LEFT JOIN warehouses own ON own.partner_id = dealer.parent_centre_id
 LEFT JOIN region_warehouse ON region_warehouse.region_id = dealer.region_id
     WHERE lot.is_machine AND (lot.card_id IS NOT NULL OR lot.sold_date IS NOT NULL)
       AND (lot.company_id IS NULL OR lot.company_id = %(company)s)
  GROUP BY 1, 2
),
totals AS (SELECT model_id, SUM(count) AS count FROM machines GROUP BY model_id),
sold AS (
    SELECT told.product_tmpl_id AS model_id,
           COALESCE(region_warehouse.warehouse_id, headquarters.id) AS warehouse_id,
           SUM(told.qty) AS count
      FROM jinxing_sales_information told
CROSS JOIN headquarters
 LEFT JOIN region_warehouse ON region_warehouse.region_id = told.region_id
     WHERE told.company_id = %(company)s AND told.region_id IS NOT NULL
       AND told.month BETWEEN %(first_month)s AND %(last)s
  GROUP BY 1, 2
 UNION ALL
    SELECT told.product_tmpl_id, machines.warehouse_id,
           SUM(told.qty) * machines.count / totals.count
      FROM jinxing_sales_information told
      JOIN machines ON machines.model_id = told.product_tmpl_id
      JOIN totals ON totals.model_id = told.product_tmpl_id
     WHERE told.company_id = %(company)s AND told.region_id IS NULL
       AND told.month BETWEEN %(first_month)s AND %(last)s
  GROUP BY told.product_tmpl_id, machines.warehouse_id, machines.count, totals.count
),
growing AS (
    SELECT approved.part_id, machines.warehouse_id,
           SUM(machines.count) AS count, SUM(COALESCE(more.count, 0)) AS more
      FROM jinxing_product_approved_model_rel approved
      JOIN machines ON machines.model_id = approved.model_id
 LEFT JOIN (SELECT model_id, warehouse_id, SUM(count) AS count FROM sold GROUP BY 1, 2) more
        ON more.model_id = machines.model_id AND more.warehouse_id = machines.warehouse_id
     WHERE EXISTS (SELECT 1 FROM sold)
  GROUP BY approved.part_id, machines.warehouse_id
),
expected AS (
    SELECT warehouse_id, product_id, SUM(qty) AS qty
      FROM jinxing_parts_forecast
     WHERE company_id = %(company)s AND kind = 'forecast'
       AND month BETWEEN %(first_month)s AND %(last)s
  GROUP BY warehouse_id, product_id
),
asked AS (
    SELECT source.warehouse_id, line.product_id, SUM(line.quantity) AS qty
      FROM jinxing_parts_plan_line line
      JOIN jinxing_parts_plan source ON source.id = line.plan_id
     WHERE source.consolidated_in_id = %(plan)s
  GROUP BY source.warehouse_id, line.product_id
),
pairs AS (
    SELECT warehouse_id, product_id FROM jinxing_part_stock WHERE company_id = %(company)s
     UNION SELECT warehouse_id, product_id FROM expected
     UNION SELECT warehouse_id, product_id FROM asked
),
facts AS (
    SELECT pairs.warehouse_id, pairs.product_id, warehouses.buys, template.id AS template_id,
           template.superseded_by_id,
           COALESCE(expected.qty, 0) AS forecast, COALESCE(asked.qty, 0) AS requested,
           COALESCE(growing.more / NULLIF(growing.count, 0), 0) AS growth,
           COALESCE(part.on_hand, 0) AS on_hand, COALESCE(part.incoming, 0) AS incoming,
           COALESCE(part.outgoing, 0) AS committed, COALESCE(part.safety_qty, 0) AS safety,
           COALESCE(part.lead_days, 0) AS lead_days
      FROM pairs
      JOIN warehouses ON warehouses.id = pairs.warehouse_id
      JOIN product_product product ON product.id = pairs.product_id AND product.active
      JOIN product_template template
        ON template.id = product.product_tmpl_id AND template.is_spare_part
 LEFT JOIN expected USING (warehouse_id, product_id)
 LEFT JOIN asked USING (warehouse_id, product_id)
 LEFT JOIN jinxing_part_stock part USING (warehouse_id, product_id)
 LEFT JOIN growing
        ON growing.part_id = template.id AND growing.warehouse_id = pairs.warehouse_id
)
SELECT warehouse_id, product_id, buys, template_id, superseded_by_id, forecast::float,
       requested::float, growth::float, on_hand::float, incoming::float, committed::float,
       safety::float, lead_days
  FROM facts
"""

_INSERT = """
INSERT INTO jinxing_parts_plan_line (
    plan_id, company_id, warehouse_id, product_id, forecast, requested, growth, transfers,
    demand, on_hand, incoming, committed, available, safety, net, proposed, quantity, bought,
    supplier_id, supplier_approved, min_qty, pack_qty, price, amount, lead_days, order_by,
    budget_month, warning, warnings)
SELECT %(plan)s, %(company)s, told.*
  FROM unnest(
       %(warehouse)s::int[], %(product)s::int[], %(forecast)s::float[], %(requested)s::float[],
       %(growth)s::float[], %(transfers)s::float[], %(demand)s::float[], %(on_hand)s::float[],
       %(incoming)s::float[], %(committed)s::float[], %(available)s::float[],
       %(safety)s::float[], %(net)s::float[], %(quantity)s::float[], %(quantity)s::float[],
       %(bought)s::bool[], %(supplier)s::int[], %(approved)s::bool[], %(min_qty)s::float[],
       %(pack_qty)s::float[], %(price)s::float[], %(amount)s::float[], %(lead_days)s::int[],
       %(order_by)s::date[], %(budget_month)s::date[], %(warning)s::text[], %(warnings)s::text[]
       ) AS told
"""

COLUMNS = (
    "warehouse", "product", "forecast", "requested", "growth", "transfers", "demand", "on_hand",
    "incoming", "committed", "available", "safety", "net", "quantity", "bought", "supplier",
    "approved", "min_qty", "pack_qty", "price", "amount", "lead_days", "order_by",
    "budget_month", "warning", "warnings",
)


class JinxingPartsPlan(models.Model):
    _inherit = "jinxing.parts.plan"

    def action_consolidate(self):
        """Take in the plans submitted for the period and compute what is to be bought (A4)."""
        self._ensure_role("parts_keeper", "supervisor")
        take(self)
        self._ensure_state("draft", "computed", kinds=("headquarters",))
        for plan in self:
            # sudo: what was handed in is taken in, and the lines are computed
            plan.sudo()._take_in()
            plan.sudo()._compute_plan()  # sudo: as above
        return True

    def _take_in(self):
        self.ensure_one()
        submitted = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "!=", "headquarters"),
                ("state", "=", "submitted"),
                ("date_from", "<=", self.date_to),
                ("date_to", ">=", self.date_from),
            ]
        )
        submitted.write({"state": "consolidated", "consolidated_in_id": self.id})

    def _compute_plan(self):
        """Compute the lines: stock anew, then netting centre by centre, headquarters last.

        The number of queries does not depend on the number of lines.
        """
        self.ensure_one()
        company = self.company_id
        self.env["jinxing.part.stock"]._classify(company)
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM jinxing_parts_plan_line WHERE plan_id = %s", self.id)
        )
        rows = self.env.execute_query(
            SQL(
                _FACTS,
                company=company.id,
                plan=self.id,
                first_month=self.date_from.replace(day=1),
                last=self.date_to,
            )
        )
        table = self._net_all(rows)
        if table["product"]:
            columns = {name: sql_array(values) for name, values in table.items()}
            self.env.cr.execute(SQL(_INSERT, plan=self.id, company=company.id, **columns))
        self.env["jinxing.parts.plan.line"].invalidate_model()
        self.write({"state": "computed", "computed_at": fields.Datetime.now()})
        self.invalidate_recordset()

    def _net_all(self, rows):
        """Return the columns of all lines that say anything, for one insert."""
        policy = self.env["jinxing.policy.parameter"]
        today = policy._service_day(company=self.company_id)
        names = self._successor_names({row[4] for row in rows if row[4]})
        common = {
            "months": self.months,
            "overstock_months": policy._value("parts_overstock_months", company=self.company_id),
            "today": today,
            "need_by": self.date_from,
        }
        table = {name: [] for name in COLUMNS}
        transfers, last = defaultdict(float), []

        def facts_of(row):
            return rules.LineFacts(
                row[5], row[7], row[6], 0.0, row[8], row[9], row[10], row[11],
                lead_days=row[12], bought=row[2], superseded_by=names.get(row[4], ""),
                **common,
            )

        for row in rows:
            if row[2]:
                last.append(row)
                continue
            facts = facts_of(row)
            line = rules.net_line(facts)
            transfers[row[1]] += line.quantity
            self._add(table, row, facts, line, None, today)
        known = {row[1] for row in last}
        missing = [product for product, qty in transfers.items() if qty and product not in known]
        last += self._rows_without_stock(missing)
        sellers = self._sellers({row[3] for row in last}, today)
        for row in last:
            facts = facts_of(row)
            facts.transfers = transfers.get(row[1], 0.0)
            seller = sellers.get(row[3])
            if seller:
                facts.supplier, facts.approved = seller.name, seller.approved
                facts.lead_days, facts.pack_qty = seller.delay, seller.pack_qty
                facts.min_qty, facts.price = seller.least, seller.price_for(0)
            line = rules.net_line(facts)
            if seller and line.quantity:
                facts.price = seller.price_for(line.quantity)
                line.amount = line.quantity * facts.price
            self._add(table, row, facts, line, seller, today)
        return table

    def _add(self, table, row, facts, line, seller, today):
        """Add a line to the columns; a part nobody wants and nobody has is left out."""
        if not (
            line.demand or line.quantity or line.warnings or facts.on_hand or facts.incoming
        ):
            return
        order_by = line.order_by
        month = max(order_by, today).replace(day=1) if order_by and facts.bought else None
        values = (
            row[0], row[1], facts.forecast, facts.requested, facts.growth, facts.transfers,
            line.demand, facts.on_hand, facts.incoming, facts.committed, line.available,
            facts.safety, line.net, line.quantity, facts.bought,
            seller.partner_id if seller else None, bool(seller and seller.approved),
            facts.min_qty, facts.pack_qty, facts.price, line.amount, facts.lead_days, order_by,
            month, line.warnings[0] if line.warnings else None, ",".join(line.warnings) or None,
        )
        for name, value in zip(COLUMNS, values, strict=True):
            table[name].append(value)

    def _rows_without_stock(self, products):
        """Return rows of headquarters for parts only the centres need."""
        if not products:
            return []
        hq = self.company_id._parts_headquarters()
        records = self.env["product.product"].browse(products)
        records.fetch(["product_tmpl_id"])
        records.product_tmpl_id.fetch(["superseded_by_id"])
        return [
            (hq.id, record.id, True, record.product_tmpl_id.id,
             record.product_tmpl_id.superseded_by_id.id or None, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
             0.0, 0)
            for record in records
        ]

    def _successor_names(self, ids):
        successors = self.env["product.template"].browse(ids)
        return {successor.id: successor.display_name for successor in successors}

    def _sellers(self, templates, today):
        """Return ``{template id: Seller}``: the first approved supplier, else the first (A2)."""
        info = self.env["product.supplierinfo"].search_fetch(
            [
                ("product_tmpl_id", "in", list(templates)),
                ("company_id", "in", [False, self.company_id.id]),
                ("partner_id.active", "=", True),
                "|", ("date_start", "=", False), ("date_start", "<=", self.date_to),
                "|", ("date_end", "=", False), ("date_end", ">=", today),
            ],
            order="product_tmpl_id, sequence, min_qty, id",
        )
        by_template = defaultdict(dict)
        for record in info:
            offers = by_template[record.product_tmpl_id.id]
            offers.setdefault(record.partner_id, []).append(record)
        decisions = self.env["res.partner"]._supplier_decisions(
            [
                (partner, offers[0].product_tmpl_id)
                for found in by_template.values()
                for partner, offers in found.items()
            ],
            today,
            self.company_id,
        )
        rates = self._rates(info.currency_id, today)
        result = {}
        for template, found in by_template.items():
            sellers = [
                Seller(
                    partner, offers, rates,
                    decisions[partner.commercial_partner_id.id, template].outcome
                    == suppliers.APPROVED,
                )
                for partner, offers in found.items()
            ]
            result[template] = next(
                (seller for seller in sellers if seller.approved), sellers[0]
            )
        return result

    def _rates(self, currencies, today):
        own = self.company_id.currency_id
        return {
            currency.id: currency._get_conversion_rate(currency, own, self.company_id, today)
            for currency in currencies
        }

    # -- approval and purchase (A4) ----------------------------------------------------------------

    def action_request_approval(self):
        """Hand the purchase plan in for approval: a purchase request with its reviews (A4).

        Parts without an approved supplier are left out; their warnings stay on the plan.

        :raises UserError: nothing is to be bought
        """
        self._ensure_role("parts_keeper", "supervisor")
        take(self)
        self._ensure_state("computed", kinds=("headquarters",))
        for plan in self:
            # sudo: the request rests on the computed plan
            plan.sudo()._request_approval(self.env.user)
        return True

    def _buy_lines(self):
        self.ensure_one()
        lines = self.env["jinxing.parts.plan.line"].search(
            [
                ("plan_id", "=", self.id),
                ("bought", "=", True),
                ("quantity", ">", 0),
                ("supplier_id", "!=", False),
                ("supplier_approved", "=", True),
            ]
        )
        lines.fetch(
            ["product_id", "quantity", "amount", "order_by", "supplier_id", "lead_days"]
        )
        return lines

    def _request_approval(self, user):
        self.ensure_one()
        lines = self._buy_lines()
        if not lines:
            raise UserError(
                self.env._(
                    "%(name)s: nothing is to be bought from an approved supplier.", name=self.name
                )
            )
        requests = self.env["purchase.request"].with_company(self.company_id)
        request = requests.with_context(tracking_disable=True).create(
            {
                "requested_by": user.id,
                "origin": self.name,
                "description": self.note,
                "company_id": self.company_id.id,
                "picking_type_id": self.warehouse_id.in_type_id.id,
                "parts_plan_id": self.id,
            }
        )
        self.env["purchase.request.line"].with_context(tracking_disable=True).create(
            [
                {
                    "request_id": request.id,
                    "product_id": line.product_id.id,
                    "name": line.product_id.display_name,
                    "product_uom_id": line.product_id.uom_id.id,
                    "product_qty": line.quantity,
                    "date_required": self.date_from,
                    "estimated_cost": line.amount,
                    "parts_supplier_id": line.supplier_id.id,
                }
                for line in lines
            ]
        )
        left_out = self.buy_count - len(lines)
        self.write({"state": "to_approve", "purchase_request_id": request.id})
        request.with_user(user).sudo().request_validation()  # sudo: reviews are the system's
        if left_out:
            self.message_post(
                body=self.env._(
                    "%(count)s parts have no approved supplier (A2) and are not bought.",
                    count=left_out,
                )
            )

    def action_approve(self):
        """Approve the purchase plan and its budget: the manager's review (A4)."""
        self._ensure_role("manager")
        self._ensure_state("to_approve", kinds=("headquarters",))
        for plan in self:
            # sudo: the manager reviews as himself; the request's rights are the buyers'
            request = plan.purchase_request_id.with_user(self.env.user).sudo()
            request.validate_tier()
            request.button_approved()
        return True

    def action_back(self):
        """Take a plan back to be changed before it is approved."""
        self._ensure_role("supervisor")
        self._ensure_state("to_approve", kinds=("headquarters",))
        for plan in self.sudo():  # sudo: the request goes with the plan's state
            request = plan.purchase_request_id
            plan.write({"state": "computed", "purchase_request_id": False})
            request.review_ids.unlink()
            request.button_rejected()
        return True

    def _follow_request(self):
        """The purchase request was approved: so is the plan (A4)."""
        self.write({"state": "approved", "approved_at": fields.Datetime.now()})

    def action_make_rfqs(self):
        """Turn the approved plan into requests for quotation, one for each supplier (A4)."""
        self._ensure_role("parts_keeper", "supervisor")
        take(self)
        self._ensure_state("approved", kinds=("headquarters",))
        for plan in self:
            # sudo: who plans need not be a buyer; the orders are drafts
            plan.sudo()._make_rfqs()
        return self.action_open_rfqs()

    def _make_rfqs(self):
        self.ensure_one()
        wizards = self.env["purchase.request.line.make.purchase.order"].with_company(
            self.company_id
        )
        lines = self.purchase_request_id.line_ids.filtered(lambda line: not line.cancelled)
        for supplier, own in lines.grouped("parts_supplier_id").items():
            wizard = wizards.with_context(
                active_model="purchase.request.line", active_ids=own.ids, tracking_disable=True
            ).create({"supplier_id": supplier.id})
            wizard.make_purchase_order()
            # the request's wizard leaves the price out; the day needed stays the plan's
            for ordered in own.purchase_lines:
                needed = ordered.date_planned
                ordered._compute_price_unit_and_date_planned_and_name()
                ordered.date_planned = needed
        self.state = "ordered"

    def action_open_rfqs(self):
        """Open the requests for quotation of the plan."""
        action = self.env["ir.actions.act_window"]._for_xml_id("purchase.purchase_rfq")
        # sudo: only which orders they are
        orders = self.sudo().purchase_request_id.line_ids.purchase_lines.order_id
        action["domain"] = [("id", "in", orders.ids)]
        action["context"] = {}
        return action


class Seller:
    """A supplier's offer of one part, in the company's currency and the part's own unit."""

    __slots__ = ("partner_id", "name", "approved", "delay", "pack_qty", "least", "prices")

    def __init__(self, partner, offers, rates, approved):
        self.partner_id = partner.id
        self.name = partner.display_name
        self.approved = approved
        first = offers[0]
        self.delay = first.delay
        self.pack_qty = first.pack_qty
        unit = first.product_tmpl_id.uom_id
        self.prices = sorted(
            (
                offer.product_uom_id._compute_quantity(offer.min_qty, unit, round=False),
                offer.price_discounted * rates[offer.currency_id.id],
            )
            for offer in offers
        )
        self.least = self.prices[0][0]

    def price_for(self, quantity):
        """Return the price of a piece when ``quantity`` are bought."""
        fitting = [price for least, price in self.prices if least <= quantity]
        return fitting[-1] if fitting else self.prices[0][1]
