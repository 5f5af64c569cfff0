from odoo import fields, models, tools


class JinxingPartsServiceLevel(models.Model):
    """Was it there when it was wanted? Each approved line of a requisition (A1, B25)."""

    _name = "jinxing.parts.service.level"
    _description = "Service Level of Parts"
    _auto = False
    _order = "approved_at desc"
    _rec_name = "product_id"

    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    product_id = fields.Many2one("product.product", "Part", readonly=True)
    partner_id = fields.Many2one("res.partner", "Requested for", readonly=True)
    requisition_id = fields.Many2one("jinxing.parts.requisition", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    urgent = fields.Boolean(readonly=True)
    abc = fields.Char("ABC", readonly=True)
    approved_at = fields.Datetime("Approved on", readonly=True)
    due_at = fields.Datetime("To be shipped by", readonly=True)
    qty_wanted = fields.Float("Wanted", digits="Product Unit", readonly=True)
    qty_on_time = fields.Float("Shipped in time", digits="Product Unit", readonly=True)
    filled = fields.Float(
        "Fill rate (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the line shipped in time; of several lines their mean.",
    )
    complete = fields.Float(
        "Lines complete (%)", readonly=True, aggregator="avg", help="All of it, and in time."
    )

    def init(self):
        """Make the view: what was approved against what had left the warehouse by its day."""
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            """
            CREATE VIEW jinxing_parts_service_level AS
            WITH due AS (
                SELECT line.id, line.product_id, line.qty_approved AS qty_wanted,
                       requisition.id AS requisition_id, requisition.supply_warehouse_id,
                       requisition.partner_id, requisition.company_id, requisition.urgent,
                       requisition.approved_at,
                       GREATEST(
                           COALESCE(requisition.date_needed::timestamp + interval '1 day',
                                    requisition.approved_at),
                           requisition.approved_at + COALESCE(days.span, interval '0')
                       ) AS due_at
                  FROM jinxing_parts_requisition_line line
                  JOIN jinxing_parts_requisition requisition
                    ON requisition.id = line.requisition_id
       LEFT JOIN LATERAL (
                    SELECT value.value::float * interval '1 day' AS span
                      FROM jinxing_policy_value value
                      JOIN jinxing_policy_parameter parameter
                        ON parameter.id = value.parameter_id
                     WHERE parameter.key = 'parts_fill_days'
                       AND COALESCE(value.company_id, requisition.company_id)
                           = requisition.company_id
                       AND value.date_from <= requisition.approved_at::date
                  ORDER BY value.company_id NULLS LAST, value.date_from DESC
                     LIMIT 1
                  ) days ON TRUE
                 WHERE requisition.kind = 'supply' AND requisition.state IN ('approved', 'done')
                   AND line.qty_approved > 0
            ),
            shipped AS (
                SELECT due.id,
                       SUM(move.quantity * unit.factor / base.factor) AS qty
                  FROM due
                  JOIN stock_move move
                    ON move.requisition_line_id = due.id AND move.state = 'done'
                   AND move.date <= due.due_at
                  JOIN stock_location source
                    ON source.id = move.location_id AND source.usage = 'internal'
                  JOIN stock_location dest
                    ON dest.id = move.location_dest_id
                   AND dest.usage IN ('transit', 'customer')
                  JOIN product_product product ON product.id = move.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom unit ON unit.id = move.product_uom
                  JOIN uom_uom base ON base.id = template.uom_id
              GROUP BY due.id
            )
            SELECT due.id, due.supply_warehouse_id AS warehouse_id, due.product_id,
                   due.partner_id, due.requisition_id, due.company_id, due.urgent,
                   due.approved_at, due.due_at, due.qty_wanted, part.abc,
                   LEAST(COALESCE(shipped.qty, 0), due.qty_wanted) AS qty_on_time,
                   100.0 * LEAST(COALESCE(shipped.qty, 0), due.qty_wanted) / due.qty_wanted
                       AS filled,
                   CASE WHEN COALESCE(shipped.qty, 0) >= due.qty_wanted THEN 100.0 ELSE 0.0 END
                       AS complete
              FROM due
         LEFT JOIN shipped ON shipped.id = due.id
         LEFT JOIN jinxing_part_stock part
                ON part.product_id = due.product_id
               AND part.warehouse_id = due.supply_warehouse_id
             WHERE due.due_at <= now() AT TIME ZONE 'UTC' OR shipped.qty >= due.qty_wanted
            """
        )
