from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..rules import forecasting
from .sql_arrays import sql_array

#: Months forecast ahead.
HORIZON = 12


class JinxingPartsForecast(models.Model):
    """The demand expected of a part at a warehouse in a month (A4).

    Beside the coming months (``forecast``) the last ones as they would have been forecast
    (``past``), so that everybody sees how far off it was.
    """

    _name = "jinxing.parts.forecast"
    _description = "Forecast of Parts"
    _order = "month, id"
    _log_access = False
    _rec_name = "product_id"

    product_id = fields.Many2one(
        "product.product", "Part", required=True, readonly=True, ondelete="cascade"
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    month = fields.Date(required=True, readonly=True)
    kind = fields.Selection(
        [("forecast", "Forecast"), ("past", "As it would have been forecast")],
        required=True,
        readonly=True,
    )
    qty = fields.Float("Expected", digits="Product Unit", readonly=True)

    _once = models.UniqueIndex("(warehouse_id, product_id, month, kind)")

    @api.model
    def _cron_forecast(self):
        """Forecast the parts of every service-parts warehouse, one warehouse at a time (A4)."""
        warehouses = self.env["stock.warehouse"].search([("parts_role", "!=", False)])
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(warehouses))
        for warehouse in warehouses:
            self._refresh(warehouse)
            if not crons._commit_progress(1):
                break

    @api.model
    def _refresh(self, warehouse):
        """Forecast all parts of one warehouse anew and say how good it is (A4).

        Parts of one kind of service are one group: they get the combination that does better on
        the group's own last months.
        """
        policy = self.env["jinxing.policy.parameter"]
        company = warehouse.company_id
        this_month = policy._service_day(company=company).replace(day=1)
        length = policy._value("parts_history_months", company=company)
        first = this_month - relativedelta(months=length)
        series, groups = self._series(warehouse, first, length)
        found = forecasting.forecast(series, HORIZON, groups)
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM jinxing_parts_forecast WHERE warehouse_id = %s", warehouse.id)
        )
        coming = [this_month + relativedelta(months=number) for number in range(HORIZON)]
        kept = [
            this_month - relativedelta(months=number)
            for number in range(forecasting.HOLDOUT, 0, -1)
        ]
        self._store(warehouse, "forecast", coming, found.values)
        self._store(warehouse, "past", kept, found.past)
        self.env["jinxing.parts.forecast.run"]._note(warehouse, groups, found)
        self.invalidate_model()

    @api.model
    def _series(self, warehouse, first, length):
        """Return the monthly demand of each part since it is known, and its group."""
        self.env["jinxing.parts.demand"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT demand.product_id, template.service_class,
                       (EXTRACT(YEAR FROM demand.month) - %(year)s) * 12
                           + EXTRACT(MONTH FROM demand.month) - %(month)s,
                       (EXTRACT(YEAR FROM product.create_date) - %(year)s) * 12
                           + EXTRACT(MONTH FROM product.create_date) - %(month)s,
                       demand.qty
                  FROM jinxing_parts_demand demand
                  JOIN product_product product ON product.id = demand.product_id
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id AND template.is_spare_part
                 WHERE demand.warehouse_id = %(warehouse)s AND demand.month >= %(first)s
                   AND product.active
                """,
                warehouse=warehouse.id,
                first=first,
                year=first.year,
                month=first.month,
            )
        )
        months, groups, since = defaultdict(dict), {}, {}
        for product, group, month, known, qty in rows:
            if month < length:
                months[product][int(month)] = float(qty)
                groups[product] = group
                since[product] = min(int(known), *months[product])
        series = {}
        for product, wanted in months.items():
            begin = max(since[product], 0)
            series[product] = [
                max(wanted.get(month, 0.0), 0.0) for month in range(begin, length)
            ]
        return series, {product: groups[product] for product in series}

    @api.model
    def _store(self, warehouse, kind, months, values):
        """Write forecasts in one statement; months without any are left out."""
        products, days, quantities = [], [], []
        for product, row in values.items():
            for month, quantity in zip(months, row, strict=True):
                if quantity >= 0.005:
                    products.append(product)
                    days.append(month)
                    quantities.append(round(quantity, 2))
        if not products:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO jinxing_parts_forecast
                    (product_id, warehouse_id, company_id, month, kind, qty)
                SELECT product, %(warehouse)s, %(company)s, month, %(kind)s, qty
                  FROM unnest(%(products)s::int[], %(days)s::date[], %(quantities)s::float[])
                       AS told(product, month, qty)
                """,
                warehouse=warehouse.id,
                company=warehouse.company_id.id,
                kind=kind,
                products=sql_array(products),
                days=sql_array(days),
                quantities=sql_array(quantities),
            )
        )


class JinxingPartsForecastRun(models.Model):
    """How a group of parts was forecast, and how far off it would have been (A4)."""

    _name = "jinxing.parts.forecast.run"
    _description = "Quality of the Forecast"
    _order = "id desc"
    _rec_name = "warehouse_id"

    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True)
    service_class = fields.Selection(
        selection=lambda self: self.env["product.template"]._fields[
            "service_class"
        ]._description_selection(self.env),
        string="Kind of service",
        readonly=True,
    )
    date = fields.Datetime("Made on", readonly=True)
    method = fields.Selection(
        [
            ("steady", "Mean of twelve months, IMAPA and exponential smoothing"),
            ("seasonal", "Seasonal mean and seasonal smoothing"),
        ],
        "Combination",
        readonly=True,
    )
    series_count = fields.Integer("Parts", readonly=True)
    error = fields.Float(
        "Error of the last six months (%)",
        digits=(12, 1),
        readonly=True,
        aggregator="avg",
        help="Sum of |forecast - actual| of all parts' totals over the actual total.",
    )
    libraries = fields.Char("Made with", readonly=True)

    @api.model
    def _note(self, warehouse, groups, found):
        told = ", ".join(f"{name} {version}" for name, version in forecasting.versions().items())
        counts = defaultdict(int)
        for group in groups.values():
            counts[group] += 1
        self.create(
            [
                {
                    "warehouse_id": warehouse.id,
                    "service_class": group,
                    "date": fields.Datetime.now(),
                    "method": method,
                    "series_count": counts[group],
                    "error": 100.0 * (found.errors[group] or 0.0),
                    "libraries": told,
                }
                for group, method in found.methods.items()
                if counts[group]
            ]
        )


class JinxingPartsOutlook(models.Model):
    """History, forecast and error of a part in one chart (A4)."""

    _name = "jinxing.parts.outlook"
    _description = "Outlook of Parts"
    _auto = False
    _order = "month, id"
    _rec_name = "product_id"

    product_id = fields.Many2one("product.product", "Part", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    month = fields.Date(readonly=True)
    kind = fields.Selection(
        [
            ("actual", "Actual demand"),
            ("forecast", "Forecast"),
            ("past", "As it would have been forecast"),
            ("error", "Error"),
        ],
        readonly=True,
    )
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True)

    def init(self):
        """Make the view over demand and forecasts."""
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            """
            CREATE VIEW jinxing_parts_outlook AS
            SELECT demand.id::bigint * 3 AS id, demand.product_id, demand.warehouse_id,
                   demand.company_id, demand.month, 'actual' AS kind, demand.qty
              FROM jinxing_parts_demand demand
         UNION ALL
            SELECT told.id::bigint * 3 + 1, told.product_id, told.warehouse_id, told.company_id,
                   told.month, told.kind, told.qty
              FROM jinxing_parts_forecast told
         UNION ALL
            SELECT told.id::bigint * 3 + 2, told.product_id, told.warehouse_id, told.company_id,
                   told.month, 'error', ABS(told.qty - COALESCE(demand.qty, 0))
              FROM jinxing_parts_forecast told
         LEFT JOIN jinxing_parts_demand demand
                ON demand.warehouse_id = told.warehouse_id
               AND demand.product_id = told.product_id AND demand.month = told.month
             WHERE told.kind = 'past'
            """
        )
