from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.jinxing_repair.tests.common import SIGNATURE
from odoo.addons.jinxing_repair.tests.test_clock import HOUR
from odoo.addons.jinxing_repair.tests.test_exchange import ExchangeCase

from .common import PartsCase, PartsData


class OldPartCase(PartsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part_housing.return_old_part = True
        cls.part_battery.return_old_part = True
        for part in cls.parts:
            cls.stock(part, cls.van, 10)

    def keeper(self, debt):
        return debt.with_user(self.users["parts_keeper"])

    @classmethod
    def signed_order(cls):
        """A free housing and a paid battery, both with an old part, signed."""
        order = cls.on_site()
        cls.add_faults(order)
        worker = order.with_user(cls.users["technician"])
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        cls.complete(order)
        worker.action_finish()
        worker.action_sign(SIGNATURE, "Zhang Defu")
        return order


@tagged("post_install", "-at_install")
class TestOldPart(OldPartCase):
    """New part against old: the debt, its return, its fate (G1.3, G3.4)."""

    def test_g1_3_signing_opens_the_debt_of_the_free_part_at_once(self):
        order = self.signed_order()
        debt = order.old_part_ids
        self.assertEqual(debt.product_id, self.part_housing)
        self.assertEqual((debt.qty_open, debt.state), (1, "owed"))
        self.assertEqual(debt.holder_id, self.technician)
        self.assertEqual((debt.due_on - debt.issued_on).days, 30)
        decision = debt.decision_ids
        self.assertEqual((decision.kind, decision.outcome), ("old_part_debt", "owed"))
        self.assertIn("G1.3", decision.clause_codes)
        self.assertEqual(order.old_part_count, 1)

    def test_g1_3_the_policy_can_ask_for_paid_parts_too(self):
        self.env.ref("jinxing_parts.policy_value_old_part_also_paid").sudo().value = "true"
        order = self.signed_order()
        self.assertEqual(order.old_part_ids.product_id, self.parts)

    def test_g1_3_back_inspected_and_scrapped(self):
        debt = self.signed_order().old_part_ids
        keeper = self.keeper(debt)
        with self.assertRaises(UserError):
            keeper.action_inspect()
        keeper.action_receive()
        self.assertEqual((debt.state, debt.qty_open, debt.qty_returned), ("received", 0, 1))
        with self.assertRaisesRegex(UserError, "condition"):
            keeper.action_inspect()
        keeper.condition = "Cracked at the flange"
        keeper.action_inspect()
        self.assertEqual((debt.state, debt.fate), ("closed", "scrap"))
        with self.assertRaises(UserError):
            keeper.action_receive()
        with self.assertRaisesRegex(UserError, "inspected"):
            keeper.condition = "Fine"

    def test_g1_3_the_suppliers_fault_becomes_a_claim(self):
        supplier = self.env["res.partner"].create({"name": "Foundry", "is_company": True})
        self.part_housing.standard_price = 1450
        debt = self.signed_order().old_part_ids
        keeper = self.keeper(debt)
        keeper.action_receive()
        keeper.write(
            {"condition": "Blow holes", "supplier_fault": True, "supplier_id": supplier.id}
        )
        keeper.action_inspect()
        claim = debt.sudo().claim_id
        self.assertEqual((debt.fate, claim.state), ("supplier_recovery", "draft"))
        self.assertEqual(claim.partner_id, supplier)
        self.assertIn(1450, claim.line_ids.mapped("amount"))
        self.assertEqual(claim.line_ids.fault_id, debt.fault_id)

    def test_g1_3_a_refurbished_part_is_back_in_stock_once(self):
        self.part_housing.is_refurbishable = True
        debt = self.signed_order().old_part_ids
        keeper = self.keeper(debt)
        keeper.action_receive()
        keeper.write({"condition": "Bearing seat worn", "usable": True})
        keeper.action_inspect()
        self.assertEqual(debt.fate, "refurbish")
        before = self.at(self.part_housing, self.hq.lot_stock_id)
        keeper.action_refurbished()
        self.assertEqual(self.at(self.part_housing, self.hq.lot_stock_id), before + 1)
        with self.assertRaises(UserError):
            keeper.action_refurbished()

    def test_g1_3_part_of_what_is_owed_comes_back(self):
        debt = self.env["jinxing.old.part"].with_user(self.users["parts_keeper"]).create(
            {
                "holder_id": self.station.id,
                "product_id": self.part_belt.id,
                "qty": 3,
                "reason": "Exchanged over the counter",
            }
        )
        debt.action_receive(2)
        self.assertEqual((debt.state, debt.qty_open), ("owed", 1))
        with self.assertRaisesRegex(UserError, "cannot come back"):
            debt.action_receive(2)
        debt.action_receive()
        self.assertEqual((debt.state, debt.qty_open), ("received", 0))

    def test_g1_3_a_debt_by_hand_says_why(self):
        debts = self.env["jinxing.old.part"].with_user(self.users["parts_keeper"])
        with self.assertRaisesRegex(UserError, "why"):
            debts.create({"holder_id": self.station.id, "product_id": self.part_belt.id})
        for vals in ({"state": "closed"}, {"qty_returned": 1}, {"fate": "scrap"}):
            with self.assertRaises(UserError):
                debts.create(
                    {
                        "holder_id": self.station.id,
                        "product_id": self.part_belt.id,
                        "reason": "x",
                        **vals,
                    }
                )

    def test_g1_3_only_a_supervisor_waives_with_a_reason(self):
        debt = self.signed_order().old_part_ids
        with self.assertRaises(AccessError):
            self.keeper(debt).action_waive("Burnt with the machine")
        boss = debt.with_user(self.users["supervisor"])
        self.assertEqual(boss.action_waive()["res_model"], "jinxing.parts.reason")
        boss.action_waive("Burnt with the machine")
        self.assertEqual((debt.state, debt.qty_open), ("waived", 0))

    def test_g1_3_what_does_not_come_back_is_taken_off_the_settlement_once(self):
        self.part_belt.standard_price = 55
        debt, fresh = self.env["jinxing.old.part"].create(
            [
                {
                    "holder_id": self.station.id,
                    "product_id": self.part_belt.id,
                    "qty": 2,
                    "reason": "x",
                    "issued_on": self.day - timedelta(days=days),
                }
                for days in (90, 1)
            ]
        )
        self.assertEqual((debt.overdue_days, fresh.overdue_days), (60, 0))
        settlements = self.env["jinxing.settlement"].with_user(self.users["supervisor"])
        for _twice in range(2):
            settlements._build(self.day)
        line = self.env["jinxing.settlement.line"].search([("kind", "=", "unaccounted")])
        self.assertEqual((line.partner_id, line.quantity, line.amount), (self.station, 2, -110))
        self.assertEqual(debt.charged_amount, 110)
        kinds = set(debt.decision_ids.mapped("kind")) | set(line.decision_ids.mapped("kind"))
        self.assertEqual(kinds, {"old_part_charge", "settlement"})
        line.settlement_id.with_user(self.users["supervisor"]).action_cancel()
        debt.invalidate_recordset(["charged_amount"])
        self.assertEqual(debt.charged_amount, 0)
        settlements._build(self.day)
        debt.invalidate_recordset(["charged_amount"])
        self.assertEqual(debt.charged_amount, 110)

    def test_label_shows_its_number(self):
        """G1.3: the label that goes on the old part."""
        debt = self.signed_order().old_part_ids
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "jinxing_parts.report_old_part_label", debt.ids
        )
        self.assertIn(debt.name, html.decode())
        self.assertIn("data:image/png;base64,", html.decode(), "it loads nothing when printed")
        self.assertNotIn("/report/barcode", html.decode())

    def test_each_sees_his_own(self):
        """G1.3: a station sees its debts, a technician his, nobody another's."""
        mine = self.signed_order().old_part_ids
        theirs = self.env["jinxing.old.part"].create(
            {"holder_id": self.station.id, "product_id": self.part_belt.id, "reason": "x"}
        )
        seen = {
            role: self.env["jinxing.old.part"].with_user(self.users[role]).search(
                [("id", "in", (mine | theirs).ids)]
            )
            for role in ("technician", "station", "dealer", "parts_keeper", "clerk", "finance")
        }
        self.assertEqual(seen["technician"], mine)
        self.assertEqual(seen["station"], theirs)
        self.assertFalse(seen["dealer"])
        for role in ("parts_keeper", "clerk", "finance"):
            self.assertEqual(set(seen[role].ids), {mine.id, theirs.id}, role)


@tagged("post_install", "-at_install")
class TestRightAgainstOldPart(PartsData, ExchangeCase):
    """The third repair of a season: the new part only against the old one (G3.4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for part in cls.parts:
            cls.stock(part, cls.van, 10)

    def fitted(self, days):
        """A warranty repair of the housing, with a new one to be fitted from the van."""
        order = self.under_repair(days=days)
        with freeze_time(self.noon(days) + HOUR):
            self.env["stock.move"].with_user(self.users["clerk"]).create(
                {
                    "repair_id": order.id,
                    "repair_line_type": "add",
                    "fault_id": order.fault_ids.id,
                    "product_id": self.part_housing.id,
                    "product_uom_qty": 1,
                }
            )
        return order

    def third(self):
        """The order on which the right arose, before it is finished, and the right."""
        self.law(L_rep2=False)
        for days in (0, 5):
            self.finish(self.under_repair(days=days), days)
        order = self.fitted(9)
        right = self.of(order)
        self.assertTrue(right.needs_old_part)
        return order, right

    def test_g3_4_a_part_granted_against_the_old_one_is_owed_without_the_flag(self):
        self.assertFalse(self.part_housing.return_old_part)
        order, right = self.third()
        self.finish(order, 10)
        debt = order.old_part_ids
        self.assertEqual((debt.product_id, debt.right_id), (self.part_housing, right))
        self.assertEqual(debt.decision_ids.clause_codes[0], "G3.4")
        supervisor = right.with_user(self.users["supervisor"])
        with self.assertRaisesRegex(UserError, "old one"):
            supervisor.action_execute("Given out")
        debt.with_user(self.users["parts_keeper"]).action_receive()
        self.assertEqual(debt.state, "received")
        self.assertEqual(right.old_part_by_id, self.users["parts_keeper"])
        self.assertEqual(self.outcome(right, "new_part_release"), "released")
        supervisor.action_execute("Fitted on the spot")
        self.assertEqual(right.state, "executed")

    def test_g3_4_handed_in_before_the_new_one_is_fitted(self):
        order, right = self.third()
        right.with_user(self.users["parts_keeper"]).action_old_part_back()
        self.finish(order, 10)
        debt = order.old_part_ids
        self.assertEqual((debt.state, debt.qty_open, debt.right_id), ("received", 0, right))
        self.assertEqual(debt.received_by_id, self.users["parts_keeper"])

    def test_g3_4_the_clerk_notes_it_on_the_right(self):
        order, right = self.third()
        self.finish(order, 10)
        right.with_user(self.users["clerk"]).action_old_part_back()
        self.assertEqual(order.old_part_ids.state, "received")

    def test_g3_4_the_first_repairs_of_a_season_owe_nothing(self):
        order = self.fitted(0)
        self.finish(order, 0)
        self.assertTrue(order.move_ids.filtered(lambda m: m.state == "done"))
        self.assertFalse(order.old_part_ids)
