"""The monthly run over all parts at once; ``rules.classes`` says the same of one part."""

#: Classes, levels and stock of every part at every service-parts warehouse of a company.
CLASSIFY = """
WITH warehouses AS (
    SELECT id, company_id, parts_lead_days, parts_role = 'headquarters' AS buys
      FROM stock_warehouse
     WHERE company_id = %(company)s AND parts_role IS NOT NULL AND active
),
wanted AS (
    SELECT warehouse_id, product_id,
           SUM(GREATEST(qty, 0)) FILTER (WHERE month >= %(first)s AND month < %(end)s) AS year_qty,
           SUM(GREATEST(qty, 0) ^ 2)
               FILTER (WHERE month >= %(first)s AND month < %(end)s) AS squares,
           MAX(month) FILTER (WHERE qty > 0) AS last_demand_on
      FROM jinxing_parts_demand
     WHERE company_id = %(company)s
  GROUP BY warehouse_id, product_id
),
held AS (
    SELECT location.warehouse_id, quant.product_id, SUM(quant.quantity) AS on_hand
      FROM stock_quant quant
      JOIN stock_location location ON location.id = quant.location_id
     WHERE location.usage = 'internal' AND location.warehouse_id IN (SELECT id FROM warehouses)
  GROUP BY location.warehouse_id, quant.product_id
),
coming AS (
    SELECT warehouse_id, product_id, SUM(incoming) AS incoming, SUM(outgoing) AS outgoing
      FROM (
            SELECT dest.warehouse_id, move.product_id, move.product_qty AS incoming, 0 AS outgoing
              FROM stock_move move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location dest ON dest.id = move.location_dest_id
             WHERE move.state NOT IN ('draft', 'done', 'cancel') AND dest.usage = 'internal'
               AND dest.warehouse_id IS NOT NULL
               AND source.warehouse_id IS DISTINCT FROM dest.warehouse_id
         UNION ALL
            SELECT source.warehouse_id, move.product_id, 0, move.product_qty
              FROM stock_move move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location dest ON dest.id = move.location_dest_id
             WHERE move.state NOT IN ('draft', 'done', 'cancel') AND source.usage = 'internal'
               AND source.warehouse_id IS NOT NULL
               AND source.warehouse_id IS DISTINCT FROM dest.warehouse_id
           ) open_moves
     WHERE warehouse_id IN (SELECT id FROM warehouses)
  GROUP BY warehouse_id, product_id
),
counted AS (
    SELECT warehouse_id, product_id, MAX(at) AS last_counted_on
      FROM (
            SELECT COALESCE(source.warehouse_id, dest.warehouse_id) AS warehouse_id,
                   move.product_id,
                   (move.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS at
              FROM stock_move move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location dest ON dest.id = move.location_dest_id
             WHERE move.is_inventory AND move.state = 'done'
           ) counts
     WHERE warehouse_id IN (SELECT id FROM warehouses)
  GROUP BY warehouse_id, product_id
),
pairs AS (
    SELECT warehouse_id, product_id FROM wanted
     UNION SELECT warehouse_id, product_id FROM held
     UNION SELECT warehouse_id, product_id FROM coming
),
sellers AS (
    SELECT DISTINCT ON (info.product_tmpl_id) info.product_tmpl_id, info.delay
      FROM product_supplierinfo info
     WHERE info.company_id IS NULL OR info.company_id = %(company)s
  ORDER BY info.product_tmpl_id, info.sequence, info.min_qty, info.id
),
valued AS (
    SELECT pairs.warehouse_id, pairs.product_id, warehouses.buys,
           COALESCE(wanted.year_qty, 0) AS year_qty,
           COALESCE(wanted.year_qty, 0)
               * COALESCE((product.standard_price ->> %(company)s::text)::float, 0) AS year_value,
           CASE WHEN COALESCE(wanted.year_qty, 0) > 0
                THEN SQRT(GREATEST(wanted.squares / 12 - (wanted.year_qty / 12) ^ 2, 0))
                     / (wanted.year_qty / 12)
           END AS variation,
           wanted.last_demand_on,
           COALESCE(held.on_hand, 0) AS on_hand,
           COALESCE(held.on_hand, 0)
               * COALESCE((product.standard_price ->> %(company)s::text)::float, 0) AS stock_value,
           COALESCE(coming.incoming, 0) AS incoming,
           COALESCE(coming.outgoing, 0) AS outgoing,
           CASE WHEN warehouses.buys THEN COALESCE(sellers.delay, 0)
                ELSE COALESCE(warehouses.parts_lead_days, 0) END AS lead_days,
           counted.last_counted_on,
           template.superseded_by_id,
           product.create_date::date AS known_since
      FROM pairs
      JOIN warehouses ON warehouses.id = pairs.warehouse_id
      JOIN product_product product ON product.id = pairs.product_id
      JOIN product_template template
        ON template.id = product.product_tmpl_id AND template.is_spare_part
 LEFT JOIN wanted USING (warehouse_id, product_id)
 LEFT JOIN held USING (warehouse_id, product_id)
 LEFT JOIN coming USING (warehouse_id, product_id)
 LEFT JOIN counted USING (warehouse_id, product_id)
 LEFT JOIN sellers ON sellers.product_tmpl_id = template.id
),
ranked AS (
    SELECT valued.*,
           COALESCE(SUM(year_value) OVER (
               PARTITION BY warehouse_id ORDER BY year_value DESC, product_id
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS value_before,
           SUM(year_value) OVER (PARTITION BY warehouse_id) AS value_total
      FROM valued
),
classed AS (
    SELECT ranked.*,
           CASE WHEN value_total <= 0 OR year_value <= 0 THEN 'C'
                WHEN value_before / value_total < %(a_share)s THEN 'A'
                WHEN value_before / value_total < %(b_share)s THEN 'B'
                ELSE 'C' END AS abc,
           CASE WHEN variation IS NULL OR variation > %(y_max)s THEN 'Z'
                WHEN variation <= %(x_max)s THEN 'X'
                ELSE 'Y' END AS xyz
      FROM ranked
),
policies AS (
    SELECT DISTINCT ON (warehouses.id, policy.abc, policy.xyz)
           warehouses.id AS warehouse_id, policy.*
      FROM warehouses
      JOIN (SELECT id AS policy_id, abc, xyz, warehouse_id AS own, stocked, safety_days,
                   review_days, count_days FROM jinxing_part_class) policy
        ON policy.own IS NULL OR policy.own = warehouses.id
  ORDER BY warehouses.id, policy.abc, policy.xyz, policy.own NULLS LAST
),
levelled AS (
    SELECT classed.*, policies.policy_id, policies.count_days,
           CASE WHEN COALESCE(stocked, FALSE) AND superseded_by_id IS NULL
                THEN CEIL(year_qty / 360.0 * safety_days - %(epsilon)s) ELSE 0 END AS safety_qty,
           CASE WHEN COALESCE(stocked, FALSE) AND superseded_by_id IS NULL
                THEN CEIL(year_qty / 360.0 * (lead_days + safety_days) - %(epsilon)s)
                ELSE 0 END AS min_qty,
           CASE WHEN COALESCE(stocked, FALSE) AND superseded_by_id IS NULL
                THEN CEIL(year_qty / 360.0 * (lead_days + safety_days + review_days)
                          - %(epsilon)s)
                ELSE 0 END AS max_qty
      FROM classed
 LEFT JOIN policies USING (warehouse_id, abc, xyz)
)
INSERT INTO jinxing_part_stock (
    warehouse_id, product_id, company_id, abc, xyz, class_id, year_qty, year_value, value_before,
    value_total, variation, last_demand_on, on_hand, incoming, outgoing, stock_value, lead_days,
    safety_qty, min_qty, max_qty, proposed_qty, is_dead, last_counted_on, count_due_on,
    refreshed_at)
SELECT warehouse_id, product_id, %(company)s, abc, xyz, policy_id, year_qty, year_value,
       value_before, value_total, variation, last_demand_on, on_hand, incoming, outgoing,
       stock_value, lead_days, safety_qty, min_qty, max_qty,
       CASE WHEN on_hand + incoming - outgoing < min_qty
            THEN CEIL(max_qty - (on_hand + incoming - outgoing) - %(epsilon)s) ELSE 0 END,
       on_hand > %(epsilon)s AND known_since <= %(dead_limit)s
           AND (last_demand_on IS NULL OR last_demand_on < %(dead_limit)s),
       last_counted_on,
       CASE WHEN last_counted_on IS NULL THEN %(today)s
            ELSE last_counted_on + COALESCE(count_days, 365) END,
       %(now)s
  FROM levelled
    ON CONFLICT (warehouse_id, product_id) DO UPDATE SET
       abc = EXCLUDED.abc, xyz = EXCLUDED.xyz, class_id = EXCLUDED.class_id,
       year_qty = EXCLUDED.year_qty, year_value = EXCLUDED.year_value,
       value_before = EXCLUDED.value_before, value_total = EXCLUDED.value_total,
       variation = EXCLUDED.variation, last_demand_on = EXCLUDED.last_demand_on,
       on_hand = EXCLUDED.on_hand, incoming = EXCLUDED.incoming, outgoing = EXCLUDED.outgoing,
       stock_value = EXCLUDED.stock_value, lead_days = EXCLUDED.lead_days,
       safety_qty = EXCLUDED.safety_qty, min_qty = EXCLUDED.min_qty, max_qty = EXCLUDED.max_qty,
       proposed_qty = EXCLUDED.proposed_qty, is_dead = EXCLUDED.is_dead,
       last_counted_on = EXCLUDED.last_counted_on, count_due_on = EXCLUDED.count_due_on,
       refreshed_at = EXCLUDED.refreshed_at
"""

#: What is neither in stock nor wanted nor coming any more.
FORGET = """
DELETE FROM jinxing_part_stock
      WHERE company_id = %(company)s AND refreshed_at < %(now)s
"""

#: Odoo's own list of counts follows the class (B25).
COUNT_DATES = """
UPDATE stock_quant quant
   SET inventory_date = part.count_due_on
  FROM jinxing_part_stock part, stock_location location
 WHERE location.id = quant.location_id
   AND location.usage = 'internal'
   AND part.warehouse_id = location.warehouse_id
   AND part.product_id = quant.product_id
   AND part.company_id = %(company)s
   AND quant.inventory_date IS DISTINCT FROM part.count_due_on
"""
