from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.tests import new_test_user

from .test_supplier import SupplierCase


class PlanCase(SupplierCase):
    """Parts with two years of demand, an approved supplier, and stations that plan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.month = cls.day.replace(day=1)
        cls.users["sales"] = new_test_user(
            cls.env, "p_sales", groups="base.group_user,sales_team.group_sale_salesman"
        )
        cls.spare = cls.part_belt | cls.part_housing | cls.part_battery
        for part, cost in zip(cls.spare, (55, 1450, 430), strict=True):
            part.standard_price = cost
        cls.approve(cls.part_belt | cls.part_housing)
        cls.env["product.supplierinfo"].create(
            [
                {
                    "partner_id": cls.supplier.id,
                    "product_tmpl_id": part.product_tmpl_id.id,
                    "min_qty": least,
                    "pack_qty": pack,
                    "price": price,
                    "delay": 20,
                }
                for part, least, pack, price in (
                    (cls.part_belt, 50, 20, 50), (cls.part_housing, 1, 0, 1400),
                )
            ]
        )
        cls.wanted(cls.part_belt, cls.hq, [10] * 24)
        cls.wanted(cls.part_belt, cls.centre_warehouse, [20] * 24)
        cls.wanted(cls.part_housing, cls.hq, [0, 1] * 12)

    @classmethod
    def wanted(cls, part, warehouse, months):
        """Demand of a part, the last month last."""
        cls.env["jinxing.parts.demand"].create(
            [
                {
                    "product_id": part.id,
                    "warehouse_id": warehouse.id,
                    "company_id": cls.company.id,
                    "month": cls.month - relativedelta(months=len(months) - number),
                    "qty": qty,
                }
                for number, qty in enumerate(months)
                if qty
            ]
        )

    def classify(self):
        self.env["jinxing.part.stock"]._classify(self.company)
        return self.env["jinxing.part.stock"]

    def at_warehouse(self, part, warehouse=None):
        return self.env["jinxing.part.stock"].search(
            [("product_id", "=", part.id), ("warehouse_id", "=", (warehouse or self.hq).id)]
        )

    def forecast(self):
        for warehouse in (self.hq, self.centre_warehouse):
            self.env["jinxing.parts.forecast"]._refresh(warehouse)

    @classmethod
    def plan(cls, user="parts_keeper", **values):
        return cls.env["jinxing.parts.plan"].with_user(cls.users[user]).create(
            {
                "date_from": cls.month + relativedelta(months=2),
                "date_to": cls.month + relativedelta(months=3, days=-1),
                **values,
            }
        )

    @classmethod
    def station_plan(cls, qty=100, part=None, partner=None, **values):
        plan = cls.plan(
            kind="station",
            partner_id=(partner or cls.station).id,
            line_ids=[
                Command.create({"product_id": (part or cls.part_belt).id, "quantity": qty})
            ],
            **values,
        )
        plan.action_submit()
        return plan

    def line(self, plan, part=None, warehouse=None):
        return plan.line_ids.filtered(
            lambda li: li.product_id == (part or self.part_belt)
            and li.warehouse_id == (warehouse or self.hq)
        )
