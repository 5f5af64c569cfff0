from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..rules import plan as rules
from .common_plan import PlanCase


@tagged("post_install", "-at_install")
class TestPlan(PlanCase):
    """From the plans of the stations to requests for quotation (A4)."""

    def test_a4_consolidated_and_netted(self):
        self.forecast()
        source = self.station_plan(30)
        self.assertEqual(source.warehouse_id, self.centre_warehouse)
        plan = self.plan()
        plan.action_consolidate()
        self.assertEqual((plan.state, source.state), ("computed", "consolidated"))
        self.assertEqual(source.consolidated_in_id, plan)
        centre = self.line(plan, warehouse=self.centre_warehouse)
        self.assertEqual((centre.requested, centre.demand, centre.on_hand), (30, 30, 30))
        self.assertEqual((centre.safety, centre.net, centre.quantity), (7, 7, 7))
        self.assertFalse(centre.bought)
        own = self.line(plan)
        self.assertAlmostEqual(own.forecast, 10, delta=0.5)
        self.assertEqual(own.transfers, 7)
        self.assertEqual(own.available, 100)
        self.assertEqual(own.quantity, 0)

    def test_a4_what_is_bought_respects_least_quantity_packs_and_lead_time(self):
        self.station_plan(120)
        plan = self.plan()
        plan.action_consolidate()
        centre = self.line(plan, warehouse=self.centre_warehouse)
        self.assertEqual(centre.quantity, 120 + centre.safety - 30)
        own = self.line(plan)
        self.assertEqual(own.demand, centre.quantity)
        self.assertEqual(own.net, own.demand + own.safety - 100)
        self.assertEqual(own.quantity, rules.lot(own.net, 50, 20))
        self.assertEqual(own.quantity % 20, 0)
        self.assertEqual(own.amount, own.quantity * 50)
        self.assertEqual(own.order_by, plan.date_from - relativedelta(days=20))
        self.assertEqual(own.budget_month, own.order_by.replace(day=1))
        self.assertEqual(plan.amount_total, own.amount)

    def test_a4_warnings(self):
        self.env["product.supplierinfo"].create(
            {"partner_id": self.supplier.id, "product_tmpl_id":
             self.part_battery.product_tmpl_id.id, "price": 400}
        )
        lonely = self.part("Lonely", self.belt, 5)
        self.station_plan(500, self.part_battery, self.far_station)
        self.station_plan(5, lonely, self.far_station, note="x")
        plan = self.plan()
        plan.action_consolidate()
        battery = self.line(plan, self.part_battery)
        self.assertEqual(battery.warning, "not_approved")
        self.assertIn("Supplier not approved", battery.warning_text)
        alone = self.line(plan, lonely)
        self.assertEqual(alone.warnings, "out_of_stock,no_supplier")
        self.assertEqual(plan.warning_count, len(plan.line_ids.filtered("warnings")))

    def test_a4_the_successor_is_bought(self):
        new = self.part("Belt 2", self.belt, 130)
        self.part_belt.product_tmpl_id.superseded_by_id = new.product_tmpl_id
        self.station_plan(500, partner=self.far_station)
        plan = self.plan()
        plan.action_consolidate()
        line = self.line(plan)
        self.assertEqual(line.quantity, 0)
        self.assertIn("superseded", line.warnings)

    def test_a4_sales_information_raises_the_demand(self):
        self.forecast()
        model = self.model.product_tmpl_id
        self.env["jinxing.sales.information"].with_user(self.users["sales"]).create(
            {
                "month": self.month + relativedelta(months=2),
                "product_tmpl_id": model.id,
                "qty": 1,
            }
        )
        plan = self.plan()
        plan.action_consolidate()
        own = self.line(plan)
        machines = self.env["stock.lot"].search_count(
            [("product_id", "=", self.model.id), ("card_id", "!=", False)]
        )
        self.assertAlmostEqual(own.growth, 1 / machines)
        self.assertAlmostEqual(own.demand, own.forecast * (1 + own.growth) + own.transfers, 4)

    def test_a4_sales_information_of_another_month_does_not(self):
        self.forecast()
        self.env["jinxing.sales.information"].create(
            {
                "month": self.month + relativedelta(months=9),
                "product_tmpl_id": self.model.product_tmpl_id.id,
                "qty": 50,
            }
        )
        plan = self.plan()
        plan.action_consolidate()
        self.assertEqual(self.line(plan).growth, 0)

    def test_a4_every_line_is_what_the_rule_says(self):
        self.forecast()
        self.station_plan(120)
        plan = self.plan()
        plan.action_consolidate()
        for line in plan.line_ids:
            facts = line._facts()
            again = rules.net_line(facts)
            self.assertAlmostEqual(again.quantity, line.quantity, 6, line.product_id.name)
            self.assertAlmostEqual(again.amount, line.amount, 4)
            self.assertEqual(",".join(again.warnings), line.warnings or "")

    def test_a4_explained(self):
        self.station_plan(120)
        plan = self.plan()
        plan.action_consolidate()
        action = self.line(plan).with_user(self.users["supervisor"]).action_why()
        decision = self.env["jinxing.decision"].browse(action["res_id"])
        self.assertEqual((decision.outcome, decision.clause_codes), ("buy", ["A4"]))
        self.assertIn("packs of 20", decision.explanation)

    def test_a4_a_change_by_hand_needs_a_reason(self):
        self.station_plan(120)
        plan = self.plan()
        plan.action_consolidate()
        line = self.line(plan).with_user(self.users["parts_keeper"])
        with self.assertRaisesRegex(ValidationError, "why"), self.cr.savepoint():
            line.quantity = 500
        line.write({"quantity": 500, "adjust_reason": "Harvest starts early"})
        self.assertEqual(line.amount, 25000)
        with self.assertRaises(UserError):
            line.demand = 3

    def walk(self):
        self.station_plan(120)
        self.station_plan(40, self.part_housing, self.far_station)
        plan = self.plan()
        plan.action_consolidate()
        plan.action_request_approval()
        return plan

    def test_a4_approved_by_the_manager_and_turned_into_rfqs(self):
        plan = self.walk()
        request = plan.sudo().purchase_request_id
        self.assertEqual((plan.state, request.state), ("to_approve", "draft"))
        self.assertEqual(request.estimated_cost, plan.amount_total)
        self.assertEqual(request.review_ids.reviewer_group_id.name, "Manager")
        with self.assertRaises(AccessError):
            plan.action_approve()
        with self.assertRaises(UserError):
            plan.action_make_rfqs()
        plan.with_user(self.users["manager"]).action_approve()
        self.assertEqual((plan.state, request.state), ("approved", "approved"))
        plan.action_make_rfqs()
        orders = request.line_ids.purchase_lines.order_id
        self.assertEqual(orders.partner_id, self.supplier)
        self.assertEqual(len(orders), 1)
        bought = {line.product_id: line for line in orders.order_line}
        belt, housing = self.line(plan), self.line(plan, self.part_housing)
        self.assertEqual(bought[self.part_belt].product_qty, belt.quantity)
        self.assertEqual(bought[self.part_belt].price_unit, 50)
        self.assertEqual(bought[self.part_housing].product_qty, housing.quantity)
        self.assertEqual(bought[self.part_belt].date_planned.date(), plan.date_from)
        self.assertEqual((plan.state, orders.state), ("ordered", "draft"))
        orders.with_user(self.users["buyer"]).button_confirm()
        self.assertEqual(orders.state, "purchase")

    def test_a4_the_reviewer_may_work_on_the_request_itself(self):
        plan = self.walk()
        manager = self.users["manager"]
        request = plan.sudo().purchase_request_id.with_user(manager).sudo()
        request.validate_tier()
        request.button_approved()
        self.assertEqual(plan.state, "approved")

    def test_a4_nobody_approves_without_the_review(self):
        plan = self.walk()
        request = plan.sudo().purchase_request_id.with_user(self.users["supervisor"]).sudo()
        with self.assertRaises(ValidationError):
            request.button_approved()
        self.assertEqual(plan.state, "to_approve")

    def test_a4_taken_back(self):
        plan = self.walk()
        plan.with_user(self.users["supervisor"]).action_back()
        self.assertEqual(plan.state, "computed")
        plan.action_consolidate()
        plan.action_request_approval()
        self.assertEqual(plan.state, "to_approve")

    def test_a4_unapproved_suppliers_are_left_out(self):
        self.env["product.supplierinfo"].create(
            {"partner_id": self.supplier.id, "product_tmpl_id":
             self.part_battery.product_tmpl_id.id, "price": 400}
        )
        self.station_plan(500, self.part_battery, self.far_station)
        plan = self.walk()
        request = plan.sudo().purchase_request_id
        self.assertNotIn(self.part_battery, request.line_ids.product_id)
        self.assertIn("A2", plan.message_ids[0].body)

    def test_a4_steps_in_their_order(self):
        source = self.station_plan(3)
        with self.assertRaises(UserError):
            source.action_submit()
        with self.assertRaises(UserError):
            source.line_ids.with_user(self.users["parts_keeper"]).quantity = 9
        with self.assertRaises(UserError):
            source.action_consolidate()
        with self.assertRaisesRegex(UserError, "nothing"):
            self.plan(kind="station", partner_id=self.far_station.id).action_submit()
        with self.assertRaises(UserError):
            self.plan(state="approved")
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.plan(kind="station", partner_id=self.farmer.id)
        plan = self.plan()
        with self.assertRaises(UserError):
            plan.action_request_approval()
        plan.action_consolidate()
        plan.action_cancel()
        self.assertEqual((plan.state, source.state), ("cancelled", "submitted"))

    def test_a4_each_sees_his_own(self):
        mine = self.station_plan(3)
        other = self.station_plan(4, partner=self.far_station)
        plans = self.env["jinxing.parts.plan"].with_user(self.users["station"])
        self.assertEqual(plans.search([("id", "in", (mine | other).ids)]), mine)
        self.assertEqual(plans.browse(mine.id).line_ids.quantity, 3)
        clerk = self.env["jinxing.parts.plan"].with_user(self.users["clerk"])
        self.assertFalse(clerk.has_access("read"))

    def test_query_count_of_consolidation_does_not_grow(self):
        """A4: planning fifty parts costs the queries of one."""
        counts = []
        for number in (1, 50):
            parts = self.env["product.product"].create(
                [
                    {
                        "name": f"Q{number}-{index}",
                        "is_spare_part": True,
                        "is_storable": True,
                        "seller_ids": [
                            Command.create({"partner_id": self.supplier.id, "price": 3})
                        ],
                    }
                    for index in range(number)
                ]
            )
            for part in parts:
                self.wanted(part, self.hq, [5] * 12)
                self.wanted(part, self.centre_warehouse, [5] * 12)
            plan = self.plan()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plan.action_consolidate()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertGreaterEqual(len(plan.line_ids), number)
        self.assertLessEqual(counts[1], counts[0] + 2)
