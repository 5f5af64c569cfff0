import random
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..rules import classes
from .common_plan import PlanCase


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

    def test_a4_kinds_of_service_are_read_in_chinese(self):
        runs = self.env["jinxing.parts.forecast.run"].with_context(lang="zh_CN")
        words = dict(runs.fields_get(["service_class"])["service_class"]["selection"])
        self.assertEqual(words["wear"], "易损件")

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
