from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..rules import classes
from .jinxing_part_stock_sql import CLASSIFY, COUNT_DATES, FORGET


class JinxingPartStock(models.Model):
    """A part at a warehouse: its class, levels, stock, next count (B23, B25).

    Written by the monthly run alone, over all parts at once in the database.
    """

    _name = "jinxing.part.stock"
    _description = "Part at a Warehouse"
    _inherit = ["jinxing.decision.mixin"]
    _order = "warehouse_id, year_value desc, id"
    _rec_name = "product_id"
    _log_access = False

    product_id = fields.Many2one(
        "product.product", "Part", required=True, readonly=True, ondelete="cascade", index=True
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    service_class = fields.Selection(related="product_id.service_class", store=False)
    abc = fields.Selection([(name, name) for name in classes.ABC], "ABC", readonly=True)
    xyz = fields.Selection([(name, name) for name in classes.XYZ], "XYZ", readonly=True)
    class_id = fields.Many2one(
        "jinxing.part.class", "Policy", readonly=True, ondelete="set null", index=True
    )
    year_qty = fields.Float("Wanted in a year", digits="Product Unit", readonly=True)
    year_value = fields.Float("Worth of it", readonly=True)
    value_before = fields.Float("Worth of the more valuable", readonly=True)
    value_total = fields.Float("Worth of all", readonly=True)
    variation = fields.Float(digits=(12, 4), readonly=True)
    last_demand_on = fields.Date("Last wanted in", readonly=True)
    on_hand = fields.Float("In stock", digits="Product Unit", readonly=True)
    incoming = fields.Float(digits="Product Unit", readonly=True)
    outgoing = fields.Float("Committed", digits="Product Unit", readonly=True)
    stock_value = fields.Float("Worth of the stock", readonly=True)
    lead_days = fields.Integer("Lead time (days)", readonly=True)
    safety_qty = fields.Float("Safety stock", digits="Product Unit", readonly=True)
    min_qty = fields.Float("Lowest", digits="Product Unit", readonly=True)
    max_qty = fields.Float("Highest", digits="Product Unit", readonly=True)
    proposed_qty = fields.Float("To replenish", digits="Product Unit", readonly=True)
    is_dead = fields.Boolean("Dead stock", readonly=True)
    last_counted_on = fields.Date("Last counted", readonly=True)
    count_due_on = fields.Date("Count due", readonly=True)
    refreshed_at = fields.Datetime("As of", readonly=True)

    _once = models.UniqueIndex("(warehouse_id, product_id)")
    _list_index = models.Index("(warehouse_id, year_value DESC, id)")
    _dead_index = models.Index("(warehouse_id) WHERE is_dead IS TRUE")
    _due_index = models.Index("(count_due_on) WHERE on_hand > 0")
    _proposed_index = models.Index("(warehouse_id) WHERE proposed_qty > 0")

    @api.model
    def _cron_classify(self):
        """Gather the demand, classify all parts, set levels and counts: one company at a time."""
        companies = self.env["res.company"].search([])
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(companies))
        for company in companies:
            self.env["jinxing.parts.demand"]._refresh(company)
            self._classify(company)
            if not crons._commit_progress(1):
                break

    @api.model
    def _classify(self, company):
        """Classify the parts of a company's service-parts warehouses (B23, B25).

        The number of queries does not depend on the number of parts. The classes rest on the
        twelve months before this one.
        """
        policy = self.env["jinxing.policy.parameter"]
        bounds = self.env["jinxing.part.class"]._bounds(company)
        today = policy._service_day(company=company)
        this_month = today.replace(day=1)
        values = {
            "company": company.id,
            "today": today,
            "first": this_month - relativedelta(months=12),
            "end": this_month,
            "dead_limit": today
            - relativedelta(months=policy._value("parts_dead_months", company=company)),
            "zone": policy._service_tz(company),
            "epsilon": classes.EPSILON,
            "now": fields.Datetime.now(),
            "a_share": bounds.a_share,
            "b_share": bounds.b_share,
            "x_max": bounds.x_max,
            "y_max": bounds.y_max,
        }
        self.env.flush_all()
        for query in (CLASSIFY, FORGET, COUNT_DATES):
            self.env.cr.execute(SQL(query, **values))
        self.invalidate_model()
        self.env["stock.quant"].invalidate_model(["inventory_date"])

    def action_why(self):
        """Store and open why each part is in its class (B23)."""
        self.check_access("read")
        decisions = {record.id: record._decision() for record in self}
        # sudo: the answer is the system's
        self.sudo()._record_decisions("part_class", decisions)
        return super().action_why()

    def _decision(self):
        """Return the rule's explanation of the class, from what the run has stored."""
        self.ensure_one()
        policy = self.env["jinxing.policy.parameter"]
        return classes.decide_class(
            classes.ClassFacts(
                part=self.product_id.display_name,
                warehouse=self.warehouse_id.name,
                value=self.year_value,
                before=self.value_before,
                total=self.value_total,
                variation=self.variation if self.year_qty > classes.EPSILON else None,
                bounds=self.env["jinxing.part.class"]._bounds(self.company_id),
                target=self.class_id.target if self.class_id else None,
                dead_months=policy._value("parts_dead_months", company=self.company_id)
                if self.is_dead
                else 0,
            )
        )

    def action_requisition(self):
        """Ask headquarters for what the centre lacks: a requisition with the proposals (B25)."""
        self.check_access("read")
        warehouse = self.warehouse_id
        lacking = self.filtered(lambda record: record.proposed_qty > 0)
        if len(warehouse) != 1 or warehouse.parts_role != "centre" or not lacking:
            raise UserError(
                self.env._(
                    "Choose parts of one regional centre that are to be replenished; what "
                    "headquarters lacks is bought by the parts plan."
                )
            )
        requisition = self.env["jinxing.parts.requisition"].create(
            {
                "partner_id": warehouse.partner_id.id,
                "line_ids": [
                    Command.create({"product_id": record.product_id.id, "qty": record.proposed_qty})
                    for record in lacking
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": requisition._name,
            "res_id": requisition.id,
            "views": [(False, "form")],
        }
