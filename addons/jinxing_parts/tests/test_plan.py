import random
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..rules import classes
from ..rules import plan as rules
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


@tagged("post_install", "-at_install")
class TestClass(PlanCase):
    """Classes, levels, counts, dead stock and service level (B23, B25, A1)."""

    def test_b23_abc_by_value_and_xyz_by_regularity(self):
        self.classify()
        belt, housing = self.at_warehouse(self.part_belt), self.at_warehouse(self.part_housing)
        self.assertEqual((belt.abc, belt.xyz), ("A", "X"))
        self.assertEqual((housing.abc, housing.xyz), ("A", "Y"))
        self.assertEqual(belt.class_id, self.env.ref("jinxing_parts.part_class_ax"))
        self.assertEqual((belt.year_qty, belt.year_value), (120, 6600))
        self.assertEqual(belt.on_hand, 100)
        battery = self.at_warehouse(self.part_battery)
        self.assertEqual((battery.abc, battery.xyz), ("C", "Z"))

    def test_b23_the_run_says_what_the_rule_says(self):
        rng = random.Random(7)
        parts = self.env["product.product"].create(
            [
                {
                    "name": f"P{number}",
                    "is_spare_part": True,
                    "is_storable": True,
                    "standard_price": rng.choice((0, 1, 20, 300)),
                }
                for number in range(40)
            ]
        )
        monthly = {}
        for part in parts:
            monthly[part] = [
                rng.randint(0, 9) if rng.random() < 0.5 else 0 for _month in range(12)
            ]
            self.wanted(part, self.centre_warehouse, monthly[part])
        self.classify()
        found = {
            record.product_id: record
            for record in self.env["jinxing.part.stock"].search(
                [("warehouse_id", "=", self.centre_warehouse.id)]
            )
        }
        products = sorted(found, key=lambda product: product.id)
        values = [found[product].year_value for product in products]
        bounds = self.env["jinxing.part.class"]._bounds()
        expected = classes.abc_classes(values, bounds)
        for product, abc in zip(products, expected, strict=True):
            self.assertEqual(found[product].abc, abc, product.name)
        for part in parts:
            if not any(monthly[part]):
                continue
            record = found[part]
            self.assertAlmostEqual(record.year_value, sum(monthly[part]) * part.standard_price)
            self.assertEqual(record.xyz, classes.xyz_class(
                classes.variation(monthly[part]), bounds
            ))
            policy = record.class_id
            levels = classes.stock_levels(
                sum(monthly[part]) / 12, record.lead_days, policy.safety_days, policy.review_days
            ) if policy.stocked else (0, 0)
            self.assertEqual((record.min_qty, record.max_qty), levels, part.name)
            decision = record._decision()
            self.assertEqual(decision.outcome, record.abc + record.xyz)

    def test_b23_the_class_is_explained(self):
        self.classify()
        belt = self.at_warehouse(self.part_belt).with_user(self.users["parts_keeper"])
        action = belt.action_why()
        decision = self.env["jinxing.decision"].browse(action["res_id"])
        self.assertEqual((decision.outcome, decision.clause_codes), ("AX", ["B23"]))
        self.assertEqual(decision.outcome_label, "AX: high value, regular")

    def test_b23_a_warehouse_may_have_its_own_policy(self):
        own = self.env["jinxing.part.class"].create(
            {"abc": "A", "xyz": "X", "warehouse_id": self.hq.id, "count_days": 7}
        )
        self.classify()
        self.assertEqual(self.at_warehouse(self.part_belt).class_id, own)

    def test_b25_counts_fall_due_by_class(self):
        self.classify()
        belt = self.at_warehouse(self.part_belt)
        self.assertEqual(belt.last_counted_on, self.day)
        self.assertEqual(
            belt.count_due_on,
            classes.count_due(self.day, belt.class_id.count_days, self.day),
        )
        quant = self.env["stock.quant"]._gather(self.part_belt, self.hq.lot_stock_id)
        self.assertEqual(quant.inventory_date, belt.count_due_on)
        self.env["stock.move"].search(
            [("is_inventory", "=", True), ("product_id", "=", self.part_belt.id)]
        ).date = self.day - relativedelta(days=200)
        self.classify()
        self.assertLess(belt.count_due_on, self.day)
        self.assertEqual(quant.inventory_date, belt.count_due_on)

    def test_b23_dead_stock(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE product_product SET create_date = create_date - interval '3 years'"
        )
        self.classify()
        self.assertTrue(self.at_warehouse(self.part_battery).is_dead)
        self.assertFalse(self.at_warehouse(self.part_belt).is_dead)

    def test_b25_replenishment_of_a_centre(self):
        self.wanted(self.part_housing, self.centre_warehouse, [30] * 12)
        self.classify()
        lacking = self.at_warehouse(self.part_housing, self.centre_warehouse)
        self.assertEqual(lacking.on_hand, 5)
        self.assertGreater(lacking.proposed_qty, 0)
        self.assertEqual(lacking.proposed_qty, lacking.max_qty - 5)
        keeper = lacking.with_user(self.users["parts_keeper"])
        requisition = self.env["jinxing.parts.requisition"].browse(
            keeper.action_requisition()["res_id"]
        )
        self.assertEqual(requisition.partner_id, self.centre)
        self.assertEqual(requisition.line_ids.qty, lacking.proposed_qty)
        with self.assertRaises(UserError):
            self.at_warehouse(self.part_belt).action_requisition()

    def test_b23_bounds_out_of_order_are_told(self):
        self.env.ref("jinxing_parts.policy_value_parts_abc_a_percent").sudo().value = "99"
        with self.assertRaisesRegex(ValidationError, "out of order"):
            self.classify()

    def test_a1_service_level(self):
        prompt = self.approved_requisition(lines=[(self.part_belt, 10, "warranty")])
        self.ship(prompt)
        short = self.approved_requisition(lines=[(self.part_housing, 10, "warranty")])
        self.ship(short)
        (prompt | short).sudo().approved_at = prompt.approved_at - relativedelta(days=5)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move SET date = date - interval '4 days' WHERE state = 'done'"
            " AND requisition_line_id IS NOT NULL"
        )
        self.env.invalidate_all()
        level = self.env["jinxing.parts.service.level"].with_user(self.users["supervisor"])
        found = {record.requisition_id: record for record in level.search([])}
        self.assertEqual((found[prompt].filled, found[prompt].complete), (100, 100))
        self.assertEqual((found[short].filled, found[short].complete), (50, 0))
        [(mean,)] = level._read_group(
            [("warehouse_id", "=", self.centre_warehouse.id)], [], ["filled:avg"]
        )
        self.assertEqual(mean, 75)

    def test_demand_counts_what_was_asked_for_once(self):
        """B23, A4: requisitions, sales and repairs; not what moves on to a centre."""
        self.approved_requisition(lines=[(self.part_housing, 9, "warranty")])
        centre = self.approved_requisition(
            self.centre, [(self.part_battery, 4, "sale")], user="parts_keeper"
        )
        self.ship(centre)
        self.receive(centre)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.dealer.id,
                "warehouse_id": self.hq.id,
                "order_line": [
                    Command.create({"product_id": self.part_battery.id, "product_uom_qty": 3})
                ],
            }
        )
        order.action_confirm()
        order.picking_ids.move_ids.write({"quantity": 3, "picked": True})
        order.picking_ids.button_validate()
        demand = self.env["jinxing.parts.demand"]
        demand._refresh(self.company)
        found = {
            (record.product_id, record.warehouse_id): record.qty
            for record in demand.search([("imported", "=", False)])
        }
        self.assertEqual(
            found,
            {
                (self.part_housing, self.centre_warehouse): 9,
                (self.part_battery, self.hq): 3,
            },
        )

    def test_b23_demand_before_this_system_is_imported_and_stands(self):
        demand = self.env["jinxing.parts.demand"].with_user(self.users["manager"])
        values = {
            "product_id": self.part_battery.id,
            "warehouse_id": self.hq.id,
            "month": self.month - relativedelta(months=2),
            "qty": 7,
        }
        record = demand.create(values)
        self.assertTrue(record.imported)
        self.assertEqual(record.company_id, self.company)
        demand.sudo()._refresh(self.company)
        self.assertEqual(record.qty, 7)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            demand.create({**values, "month": self.month + relativedelta(days=3)})
        with self.assertRaises(UserError):
            demand.create(
                {**values, "month": self.month - relativedelta(months=3), "imported": False}
            )
        record.qty = 8
        record.sudo().imported = False
        with self.assertRaises(UserError):
            record.qty = 9
        with self.assertRaises(UserError):
            record.unlink()

    def test_query_count_does_not_grow(self):
        """B23: classifying many parts costs the queries of few."""
        counts = []
        for number in (1, 50):
            parts = self.env["product.product"].create(
                [{"name": f"Q{index}", "is_spare_part": True} for index in range(number)]
            )
            for part in parts:
                self.wanted(part, self.hq, [1] * 6)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.classify()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_cron_runs_through(self):
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", return_value=60):
            self.env["jinxing.part.stock"]._cron_classify()
            self.env["jinxing.parts.forecast"]._cron_forecast()


@tagged("post_install", "-at_install")
class TestForecast(PlanCase):
    """The demand of the coming months, in a chart with its error (A4)."""

    def test_a4_forecast_history_and_error(self):
        self.forecast()
        told = self.env["jinxing.parts.forecast"].search(
            [("product_id", "=", self.part_belt.id), ("warehouse_id", "=", self.hq.id)]
        )
        coming = told.filtered(lambda f: f.kind == "forecast")
        self.assertEqual(len(coming), 12)
        self.assertEqual(coming[0].month, self.month)
        for record in coming:
            self.assertAlmostEqual(record.qty, 10, delta=0.5)
        self.assertEqual(len(told - coming), 6)
        outlook = self.env["jinxing.parts.outlook"].with_user(self.users["parts_keeper"])
        groups = dict(
            outlook._read_group(
                [("product_id", "=", self.part_belt.id), ("warehouse_id", "=", self.hq.id)],
                ["kind"],
                ["qty:sum"],
            )
        )
        self.assertEqual(groups["actual"], 240)
        self.assertAlmostEqual(groups["forecast"], 120, delta=5)
        self.assertAlmostEqual(groups["error"], 0, delta=5)
        run = self.env["jinxing.parts.forecast.run"].search(
            [("warehouse_id", "=", self.hq.id)], limit=1
        )
        self.assertIn("statsforecast", run.libraries)
        self.assertEqual(run.series_count, 2)

    def test_a4_running_again_replaces(self):
        self.forecast()
        before = self.env["jinxing.parts.forecast"].search_count([])
        self.forecast()
        self.assertEqual(self.env["jinxing.parts.forecast"].search_count([]), before)

    def test_a4_a_part_known_for_long_is_not_overrated_by_one_sale(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE product_product SET create_date = create_date - interval '3 years'"
        )
        self.wanted(self.part_battery, self.hq, [12])
        self.forecast()
        expected = self.env["jinxing.parts.forecast"].search(
            [("product_id", "=", self.part_battery.id), ("kind", "=", "forecast")]
        )
        self.assertLess(sum(expected[:3].mapped("qty")), 30)


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
