from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_DEMAND = """
INSERT INTO jinxing_parts_demand (product_id, warehouse_id, company_id, month, qty)
SELECT wanted.product_id, wanted.warehouse_id, warehouse.company_id,
       date_trunc('month', wanted.at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date,
       SUM(wanted.qty)
  FROM (
        SELECT line.product_id, requisition.supply_warehouse_id AS warehouse_id,
               requisition.approved_at AS at, line.qty_approved - line.qty_cancelled AS qty
          FROM jinxing_parts_requisition_line line
          JOIN jinxing_parts_requisition requisition ON requisition.id = line.requisition_id
     LEFT JOIN stock_location destination ON destination.id = requisition.location_id
         WHERE requisition.kind = 'supply' AND requisition.state IN ('approved', 'done')
           AND destination.warehouse_id IS NULL
     UNION ALL
        SELECT move.product_id, source.warehouse_id, move.date,
               move.quantity * unit.factor / base.factor
          FROM stock_move move
          JOIN stock_location source ON source.id = move.location_id
          JOIN stock_location dest ON dest.id = move.location_dest_id
          JOIN product_product product ON product.id = move.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom unit ON unit.id = move.product_uom
          JOIN uom_uom base ON base.id = template.uom_id
         WHERE move.state = 'done' AND move.requisition_line_id IS NULL
           AND template.is_spare_part AND source.usage = 'internal'
           AND dest.usage IN ('customer', 'production')
     UNION ALL
        SELECT move.product_id, dest.warehouse_id, move.date,
               -move.quantity * unit.factor / base.factor
          FROM stock_move move
          JOIN stock_location source ON source.id = move.location_id
          JOIN stock_location dest ON dest.id = move.location_dest_id
          JOIN product_product product ON product.id = move.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom unit ON unit.id = move.product_uom
          JOIN uom_uom base ON base.id = template.uom_id
         WHERE move.state = 'done' AND move.requisition_line_id IS NULL
           AND template.is_spare_part AND source.usage = 'customer' AND dest.usage = 'internal'
       ) wanted
  JOIN stock_warehouse warehouse ON warehouse.id = wanted.warehouse_id
 WHERE warehouse.company_id = %(company)s
   AND wanted.at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s >= %(since)s
GROUP BY 1, 2, 3, 4
HAVING SUM(wanted.qty) != 0
    ON CONFLICT (warehouse_id, product_id, month) DO NOTHING
"""


class JinxingPartsDemand(models.Model):
    """What was wanted of a part at a warehouse in a month (B23, A4).

    What stations and vans asked for and got approved, whether it was there or not; what was sold
    and fitted from the warehouse's own stock. What only moves on to another warehouse is wanted
    there, not here. Months before this system come in by an import, and stand as they are.
    """

    _name = "jinxing.parts.demand"
    _description = "Demand for Parts"
    _order = "month desc, id"
    _log_access = False
    _rec_name = "product_id"

    product_id = fields.Many2one(
        "product.product",
        "Part",
        required=True,
        ondelete="cascade",
        domain=[("is_spare_part", "=", True)],
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        ondelete="cascade",
        domain=[("parts_role", "!=", False)],
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True)
    month = fields.Date(required=True)
    qty = fields.Float("Wanted", digits="Product Unit", required=True)
    imported = fields.Boolean(
        readonly=True, default=True, help="From the former system: no run counts it anew."
    )

    _once = models.UniqueIndex(
        "(warehouse_id, product_id, month)", "The demand of this month is there already."
    )
    _whole_month = models.Constraint(
        "CHECK(EXTRACT(day FROM month) = 1)",
        "Demand is told by whole months, each dated by its first day.",
    )
    _month_index = models.Index("(company_id, month)")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and not all(vals.get("imported", True) for vals in vals_list):
            raise UserError(self._counted_message())
        return super().create(vals_list)

    def write(self, vals):
        self._ensure_imported()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_imported(self):
        self._ensure_imported()

    def _ensure_imported(self):
        if self.filtered(lambda demand: not demand.imported):
            raise UserError(self._counted_message())

    def _counted_message(self):
        return self.env._("What the system counts is not edited.")

    @api.model
    def _refresh(self, company, since=None):
        """Gather the demand of a company anew, in two queries whatever it is.

        :param since: first day of the first month to gather; everything when it is not given
        """
        self.env.flush_all()
        first = since or fields.Date.to_date("1990-01-01")
        self.env.cr.execute(
            SQL(
                "DELETE FROM jinxing_parts_demand"
                " WHERE company_id = %s AND month >= %s AND imported IS NOT TRUE",
                company.id,
                first,
            )
        )
        self.env.cr.execute(
            SQL(
                _DEMAND,
                company=company.id,
                since=first,
                zone=self.env["jinxing.policy.parameter"]._service_tz(company),
            )
        )
        self.invalidate_model()
