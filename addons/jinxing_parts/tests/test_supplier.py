from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.jinxing_repair.tests.common import SIGNATURE

from .common import PartsCase


class SupplierCase(PartsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env["res.partner"].create({"name": "Foundry", "is_company": True})
        cls.users["buyer"] = new_test_user(
            cls.env, "p_buyer", groups="base.group_user,purchase.group_purchase_manager"
        )
        cls.scan = cls.env["ir.attachment"].create({"name": "scan.pdf", "raw": b"x"})
        cls.kinds = cls.env["jinxing.supplier.paper.kind"].search([("required", "=", True)])
        cls.papers = cls.env["jinxing.supplier.paper"].create(
            [
                {
                    "partner_id": cls.supplier.id,
                    "kind_id": kind.id,
                    "number": f"N{kind.id}",
                    "valid_to": cls.day + relativedelta(months=3),
                    "attachment_ids": [Command.set(cls.scan.ids)],
                }
                for kind in cls.kinds
            ]
        )

    @classmethod
    def approve(cls, parts=None, **values):
        approval = cls.env["jinxing.supplier.approval"].create(
            {
                "partner_id": cls.supplier.id,
                "product_tmpl_ids": [
                    Command.set((parts or cls.part_housing).product_tmpl_id.ids)
                ],
                "valid_from": cls.day - relativedelta(months=1),
                **values,
            }
        )
        approval.with_user(cls.users["supervisor"]).action_approve()
        return approval

    @classmethod
    def purchase(cls, *parts, partner=None):
        return cls.env["purchase.order"].create(
            {
                "partner_id": (partner or cls.supplier).id,
                "order_line": [
                    Command.create({"product_id": part.id, "product_qty": 5, "price_unit": 10})
                    for part in parts
                ],
            }
        ).with_user(cls.users["buyer"])


@tagged("post_install", "-at_install")
class TestSupplier(SupplierCase):
    """Parts through proper channels only (A2)."""

    def test_a2_an_approved_supplier_is_confirmed(self):
        self.approve()
        order = self.purchase(self.part_housing)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        decision = order.order_line.sudo().decision_ids
        self.assertEqual((decision.outcome, decision.clause_codes), ("approved", ["A2"]))
        self.assertEqual(decision.until, self.day + relativedelta(months=3))

    def test_a2_any_other_is_refused_with_the_reason_and_the_decision_stays(self):
        self.approve(self.part_battery)
        order = self.purchase(self.part_housing, self.part_battery)
        action = order.button_confirm()
        self.assertEqual(action["res_model"], "jinxing.decision")
        self.assertEqual((order.state, order.supplier_refused), ("draft", True))
        decisions = self.env["jinxing.decision"].search(action["domain"])
        self.assertEqual(set(decisions.mapped("outcome")), {"approved", "refused"})
        refused = decisions.filtered(lambda d: d.outcome == "refused")
        self.assertIn("not approved for Gearbox housing", refused.explanation)
        self.assertIn("A2", order.message_ids[0].body)
        self.approve()
        order.button_confirm()
        self.assertEqual((order.state, order.supplier_refused), ("purchase", False))

    def test_a2_no_other_way_round(self):
        order = self.purchase(self.part_housing)
        for way in (order.button_approve, lambda: order.write({"state": "purchase"})):
            with self.assertRaisesRegex(UserError, "A2"):
                way()
        self.approve()
        order.button_confirm()
        with self.assertRaisesRegex(UserError, "A2"):
            order.order_line.product_id = self.part_battery

    def test_a2_an_expired_paper_refuses(self):
        self.approve()
        self.papers[0].valid_to = self.day - relativedelta(days=1)
        order = self.purchase(self.part_housing)
        order.button_confirm()
        self.assertEqual(order.state, "draft")
        self.assertIn("expired", order.message_ids[0].body)

    def test_a2_a_paper_of_another_part_does_not_count(self):
        self.approve()
        self.papers[0].product_tmpl_ids = self.part_battery.product_tmpl_id
        order = self.purchase(self.part_housing)
        order.button_confirm()
        self.assertEqual(order.state, "draft")
        self.assertIn("missing", order.message_ids[0].body)

    def test_a2_suspended(self):
        approval = self.approve()
        keeper = approval.with_user(self.users["parts_keeper"])
        with self.assertRaises(AccessError):
            keeper.action_suspend("Counterfeit bearings")
        boss = approval.with_user(self.users["supervisor"])
        self.assertEqual(boss.action_suspend()["res_model"], "jinxing.parts.reason")
        boss.action_suspend("Counterfeit bearings")
        order = self.purchase(self.part_housing)
        order.button_confirm()
        self.assertEqual(order.state, "draft")
        self.assertIn("suspended", order.message_ids[0].body)

    def test_a2_a_contact_of_the_supplier_counts_as_the_supplier(self):
        self.approve()
        man = self.env["res.partner"].create({"name": "Wu", "parent_id": self.supplier.id})
        order = self.purchase(self.part_housing, partner=man)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_a2_what_is_no_spare_part_is_not_asked(self):
        chair = self.env["product.product"].create({"name": "Chair"})
        order = self.purchase(chair)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_a2_an_approval_is_a_supervisors(self):
        approval = self.env["jinxing.supplier.approval"].with_user(
            self.users["parts_keeper"]
        ).create(
            {
                "partner_id": self.supplier.id,
                "product_tmpl_ids": [Command.set(self.part_housing.product_tmpl_id.ids)],
            }
        )
        with self.assertRaises(AccessError):
            approval.action_approve()
        with self.assertRaises(UserError):
            approval.state = "approved"
        with self.assertRaises(UserError):
            approval.copy({"state": "approved"})
        approval.with_user(self.users["supervisor"]).action_approve()
        with self.assertRaisesRegex(UserError, "judged"):
            approval.product_tmpl_ids = self.part_battery.product_tmpl_id

    def test_a2_a_paper_needs_its_scan(self):
        with self.assertRaisesRegex(ValidationError, "scan"):
            self.papers[0].attachment_ids = False

    def test_a2_the_supervisor_is_told_once_before_it_ends(self):
        approval = self.approve(valid_to=self.day + relativedelta(days=10))
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", return_value=60):
            for _run in range(2):
                self.env["jinxing.supplier.approval"]._cron_remind_expiry()
        self.assertEqual(len(approval.activity_ids), 1)
        self.assertEqual(approval.activity_ids.user_id, self.users["supervisor"])

    def test_query_count_does_not_grow(self):
        """A2: judging fifty parts costs the queries of one."""
        parts = self.env["product.product"].create(
            [
                {"name": f"P{number}", "is_spare_part": True, "is_storable": True}
                for number in range(50)
            ]
        )
        self.approve(parts)
        counts = []
        for chosen in (parts[:1], parts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["res.partner"]._supplier_decisions(
                [(self.supplier, part.product_tmpl_id) for part in chosen], self.day
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_a2_lots_from_the_receipt_to_the_machine(self):
        self.part_housing.tracking = "none"
        part = self.part("Tracked pump", self.housing, 500)
        part.tracking = "lot"
        self.approve(part)
        order = self.purchase(part)
        order.button_confirm()
        receipt = order.sudo().picking_ids
        receipt.move_ids.move_line_ids.lot_name = "L-2026-1"
        receipt.move_ids.write({"quantity": 5, "picked": True})
        receipt.move_ids.move_line_ids.lot_name = "L-2026-1"
        receipt.button_validate()
        lot = self.env["stock.lot"].search([("name", "=", "L-2026-1")])
        self.assertEqual(lot.part_supplier_ids, self.supplier)
        self.env["stock.quant"]._update_available_quantity(part, self.van, 2, lot_id=lot)
        order = self.on_site()
        fault = self.env["jinxing.repair.fault"].create(
            {"order_id": order.id, "component_id": self.housing.id, "symptom": "Leak"}
        )
        move = self.env["stock.move"].create(
            {
                "repair_id": order.id,
                "repair_line_type": "add",
                "fault_id": fault.id,
                "product_id": part.id,
                "product_uom_qty": 1,
            }
        )
        self.assertEqual(move.lot_ids, lot)
        self.complete(order)
        worker = order.with_user(self.users["technician"])
        worker.action_finish()
        worker.action_sign(SIGNATURE, "Zhang Defu")
        lot.invalidate_recordset()
        self.assertEqual(lot.fitted_machine_ids, self.machine)
        action = lot.action_open_fitted_machines()
        self.assertEqual(action["domain"], [("id", "in", self.machine.ids)])


@tagged("post_install", "-at_install")
class TestStationPurchase(SupplierCase):
    """What stations buy themselves is judged by the same rule (A2)."""

    def report(self, **values):
        return self.env["jinxing.station.purchase"].create(
            {
                "partner_id": self.station.id,
                "supplier_name": "Foundry",
                "product_id": self.part_housing.id,
                "invoice_number": "0012",
                **values,
            }
        )

    def test_a2_judged_by_the_same_rule(self):
        self.assertEqual(self.report().outcome, "refused")
        self.approve()
        good = self.report(supplier_id=self.supplier.id)
        self.assertEqual(good.outcome, "approved")
        self.assertEqual(good.decision_ids.clause_codes, ["A2"])
        bad = self.report(supplier_id=self.supplier.id, product_id=self.part_battery.id)
        self.assertEqual(bad.outcome, "refused")
        bad.product_id = self.part_housing
        self.assertEqual(bad.outcome, "approved")

    def test_a2_an_improper_one_is_reviewed_with_a_word(self):
        bad = self.report()
        with self.assertRaises(AccessError):
            bad.with_user(self.users["parts_keeper"]).action_review("Warned")
        boss = bad.with_user(self.users["supervisor"])
        self.assertEqual(boss.action_review()["res_model"], "jinxing.parts.reason")
        boss.action_review("Warned, parts taken off the shelf")
        self.assertEqual(bad.state, "reviewed")
        with self.assertRaises(UserError):
            bad.with_user(self.users["parts_keeper"]).qty = 2

    def test_a2_bad_input(self):
        with self.assertRaisesRegex(ValidationError, "future"), self.cr.savepoint():
            self.report(date=self.day + relativedelta(days=1))
        with self.assertRaisesRegex(ValidationError, "spare part"), self.cr.savepoint():
            self.report(product_id=self.model.id)
        with self.assertRaises(UserError):
            self.env["jinxing.station.purchase"].with_user(self.users["supervisor"]).create(
                {
                    "partner_id": self.station.id,
                    "supplier_name": "x",
                    "product_id": self.part_housing.id,
                    "invoice_number": "1",
                    "outcome": "approved",
                }
            )
