from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.jinxing_repair.tests.test_exchange import ExchangeCase

from .common import ReturnData


class RightCase(ReturnData, ExchangeCase):
    """A right to exchange that arose on our own repair, and new machines."""

    def right_to(self, machine=None, component=None):
        """A right by G2.2 on day 31 of our own repair: we bear the exchange."""
        self.law(L_30wd=False)
        order = self.under_repair(machine, component)
        self.look(31)
        right = self.of(order)
        self.assertEqual((right.clause_code, right.outcome), ("G2.2", "exchange"))
        return right

    def claim(self, right, user="clerk"):
        right.with_user(self.users[user]).action_claim("Wants another machine")
        return right.sudo().return_id.with_user(self.users[user])

    def deliver(self, rma, serial):
        """Deliver the exchanged machine."""
        lot = serial if not isinstance(serial, str) else self.stock(self.model, 1, serial)
        wizard = (
            self.env["rma.delivery.wizard"]
            .with_user(self.clerk)
            .with_context(active_id=rma.id, active_ids=rma.ids, rma_delivery_type="replace")
            .create({"type": "replace"})
        )
        self.assertEqual(wizard.product_id, rma._exchanged_for())
        wizard.action_deliver()
        move = rma.sudo().delivery_move_ids
        move._action_assign()
        move.quantity = 1
        move.move_line_ids.lot_id = lot
        move.picked = True
        move.picking_id._action_done()
        self.env.invalidate_all()
        return lot


@tagged("post_install", "-at_install")
class TestExchangeRight(RightCase):
    """G2.1, G2.2: a right claimed from us becomes an exchange that carries it out."""

    def test_g2_2_claimed_becomes_an_exchange_with_a_new_card(self):
        """G2.2, L-new: claim, take back, deliver; new card, old replaced, right executed."""
        right = self.right_to()
        self.stock(self.model, 1, "JY20261001")
        self.assertFalse(right.sudo().rma_ids)
        rma = self.claim(right)
        self.assertEqual(rma.return_kind, "replace")
        self.assertEqual((rma.product_id, rma.lot_id), (self.model, self.machine))
        self.assertEqual(rma.partner_id, self.farmer)
        self.assertEqual((rma.exchange_right_id, rma.entitlement_id.code), (right, "G2.2"))
        self.assertEqual(rma.repair_order_id, right.order_id)
        self.assertEqual((rma.eligibility, rma.exchange_way), ("eligible", "same_model"))
        kinds = rma.decision_ids.mapped("kind")
        self.assertEqual(set(kinds), {"return", "exchange_way"})
        old = self.machine.card_id
        rma.action_confirm()
        self.receive(rma)
        new = self.deliver(rma, self.env["stock.lot"].search([("name", "=", "JY20261001")]))
        self.assertEqual(rma.state, "replaced")
        self.assertEqual(rma.new_lot_id, new)
        card = rma.sudo().new_card_id
        self.assertEqual((card.state, card.lot_id, card.owner_id), ("active", new, self.farmer))
        self.assertEqual((old.state, old.replaced_by_id), ("replaced", card))
        self.assertEqual(card.replaces_id, old)
        self.assertEqual(right.state, "executed")
        self.assertIn("JY20261001", right.execution_note)
        self.assertIn(rma.name, right.execution_note)
        gap = old.downtime_ids
        self.assertEqual(gap.date_from, self.day0, "since it was handed in for the repair")
        self.assertEqual(card.downtime_ids.mapped("date_from"), gap.mapped("date_from"))
        with self.assertRaises(UserError):
            right.with_user(self.clerk).action_make_return()

    def test_g2_2_none_in_stock_shows_what_the_law_leaves(self):
        """G2.2: nothing in stock: wait or another model; a dealer's sale is refunded by him."""
        right = self.right_to()
        self.stock(self.other_model, 1, "JY20262001")
        rma = self.claim(right)
        self.assertEqual(rma.exchange_way, "no_stock")
        why = rma.decision_ids.filtered(lambda d: d.kind == "exchange_way").explanation
        self.assertIn("may wait", why)
        self.assertIn("Dealer", why)
        self.assertIn("4LYZ-2.0", why)
        with self.assertRaisesRegex(UserError, "same model and specification"):
            rma.action_confirm()
        with self.assertRaisesRegex(UserError, "who sold"):
            rma.action_choose_refund()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            rma.other_model_id = self.other_model
        rma.write({"other_model_id": self.other_model.id, "other_model_note": "Agrees, by letter"})
        rma.action_confirm()
        self.receive(rma)
        lot = self.env["stock.lot"].search([("name", "=", "JY20262001")])
        self.deliver(rma, lot)
        self.assertEqual((rma.state, rma.new_lot_id), ("replaced", lot))
        self.assertEqual(rma.sudo().new_card_id.product_id, self.other_model)
        self.assertEqual(right.state, "executed")

    def test_g2_2_another_model_only_when_the_same_is_not_there(self):
        """G2.2: as long as the same model is in stock, no other is given."""
        right = self.right_to()
        self.stock(self.model, 1, "JY20261002")
        self.stock(self.other_model, 1, "JY20262002")
        rma = self.claim(right)
        rma.write({"other_model_id": self.other_model.id, "other_model_note": "Likes it better"})
        with self.assertRaisesRegex(UserError, "is in stock"):
            rma.action_confirm()

    def test_g2_2_our_own_sale_is_refunded_in_full(self):
        """G2.2, R9: no same model: the customer chooses the refund, all that he paid."""
        order = self.sale(self.model, price=98000, discount=5, serial="JY20261003", days=40)
        machine = order.picking_ids.move_ids.move_line_ids.lot_id
        card = machine.card_ids
        card.write({"invoice_number": "I1", "invoice_date": self.today - timedelta(days=40),
                    "owner_phone": "13980123456"})
        card.action_activate()
        right = self.right_to(machine)
        rma = self.claim(right)
        self.assertEqual(rma.order_id, order)
        self.assertEqual((rma.own_sale, rma.exchange_way), (True, "no_stock"))
        rma.action_choose_refund()
        self.assertEqual((rma.return_kind, rma.exchange_way), ("refund", False))
        self.assertEqual(rma.refund_unit, 93100)
        decision = rma.decision_ids.filtered(lambda d: d.kind == "refund_price")[:1]
        self.assertIn("G2.2", decision.clause_codes)
        rma.action_confirm()
        self.receive(rma)
        self.refund(rma)
        self.assertEqual(right.state, "claimed", "a draft is no refund yet")
        rma.sudo().refund_id.action_post()
        self.assertEqual(right.state, "executed")
        self.assertIn("93,100", right.execution_note)
        self.assertEqual(card.state, "void")

    def test_g2_2_each_role(self):
        """G2.2: clerks claim; who may not sees no return and makes none."""
        right = self.right_to()
        self.stock(self.model, 1, "JY20261004")
        for role in ("technician", "parts_keeper", "finance", "farmer", "dealer", "nobody"):
            with self.subTest(role), self.assertRaises(AccessError):
                right.with_user(self.users[role]).action_claim()
        rma = self.claim(right)
        for role in ("technician", "farmer", "dealer", "nobody", "parts_keeper", "finance"):
            with self.subTest(role), self.assertRaises(AccessError):
                right.with_user(self.users[role]).action_make_return()
        for role in ("supervisor", "manager", "parts_keeper", "finance"):
            self.assertEqual(rma.with_user(self.users[role]).exchange_right_id.id, right.id)
        for role in ("technician", "dealer", "other_farmer", "nobody"):
            with self.subTest(role), self.assertRaises(AccessError):
                rma.with_user(self.users[role]).read(["name"])
        for vals in ({"exchange_right_id": False}, {"entitlement_id": False},
                     {"exchange_way": "same_model"}, {"state": "replaced"}):
            with self.assertRaises(UserError):
                rma.write(vals)
        with self.assertRaises(UserError):
            rma.create({"partner_id": self.farmer.id, "exchange_right_id": right.id})

    def test_g2_2_once(self):
        """G2.2: one right, one return; a cancelled one is made again, the database keeps it."""
        right = self.right_to()
        rma = self.claim(right)
        with self.assertRaises(UserError):
            right.with_user(self.clerk).action_make_return()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            rma.sudo().copy({"exchange_right_id": right.id})
        rma.action_cancel()
        self.assertFalse(right.sudo().return_id)
        right.with_user(self.clerk).action_make_return()
        again = right.sudo().return_id
        self.assertNotEqual(again, rma)
        self.assertEqual(again.state, "draft")

    def test_g2_2_two_rights_one_machine(self):
        """G2.2, L-30wd: both claimed, the machine comes back once; the second lapses with it."""
        order = self.under_repair()
        self.look(60)
        rights = self.of(order)
        self.assertEqual(set(rights.mapped("clause_code")), {"G2.2", "L-30wd"})
        first = rights.filtered(lambda r: r.clause_code == "G2.2")
        second = (rights - first).sudo()
        second.bearer_id = self.company.partner_id
        self.stock(self.model, 1, "JY20261009")
        rma = self.claim(first)
        second.with_user(self.clerk).action_claim("x")
        self.assertFalse(second.return_id)
        with self.assertRaisesRegex(UserError, rma.name):
            second.with_user(self.clerk).action_make_return()
        rma.action_confirm()
        self.receive(rma)
        self.deliver(rma, self.env["stock.lot"].search([("name", "=", "JY20261009")]))
        self.assertEqual((first.state, second.state), ("executed", "lapsed"))

    def test_g2_2_the_right_ends_otherwise(self):
        """G2.2: executed by hand or lapsed, the request is dropped; not when goods are moving."""
        right = self.right_to()
        self.stock(self.model, 1, "JY20261005")
        rma = self.claim(right)
        right.with_user(self.supervisor).action_lapse("Sold the machine")
        self.assertEqual((right.state, rma.state), ("lapsed", "cancelled"))
        other = self.right_to(self.other_machine)
        rma = self.claim(other)
        rma.action_confirm()
        for step in (other.with_user(self.supervisor).action_lapse,
                     other.with_user(self.supervisor).action_execute):
            with self.assertRaisesRegex(UserError, "on their way"):
                step("Otherwise")

    def test_g2_1_a_dealers_exchange_is_the_dealers(self):
        """G2.1: the seller bears it: no return of ours, unless a supervisor steps in."""
        self.law(L_30wd=False)
        order = self.under_repair()
        self.act(order).action_open_wait("producer_parts", note="Bearing")
        self.look(91)
        right = self.of(order)
        self.assertEqual(right.bearer_id, self.dealer)
        right.with_user(self.clerk).action_claim("x")
        self.assertFalse(right.sudo().return_id)
        with self.assertRaises(AccessError):
            right.with_user(self.clerk).action_make_return()
        right.with_user(self.supervisor).action_make_return()
        self.assertTrue(right.sudo().return_id)

    def test_g3_4_a_new_part_is_no_return(self):
        """G3.4: a right to a new part is the parts keeper's, not a return."""
        right = self.right_to()
        right.sudo().write({"outcome": "new_part"})
        right.with_user(self.clerk).action_claim("x")
        self.assertFalse(right.sudo().return_id)


@tagged("post_install", "-at_install")
class TestWithoutRight(RightCase):
    """G3.2: repair comes first; an exchange without a right is a supervisor's to approve."""

    def test_g3_2_approved_with_a_reason(self):
        """G3.2: refused by the rules, exchanged with a supervisor's reason, kept in the answer."""
        order = self.sale(self.part_battery, days=30)
        self.stock(self.part_battery, 1)
        rma = self.request(order, self.replace_operation, condition="bad", misuse="Left empty")
        boss = rma.with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "rules do not give"):
            boss.action_approve_exchange("x")
        rma.action_decide()
        self.assertEqual(rma.eligibility, "refused")
        with self.assertRaises(AccessError):
            rma.action_approve_exchange("Because")
        asked = boss.action_approve_exchange()
        wizard = self.env[asked["res_model"]].with_user(self.supervisor).with_context(
            **asked["context"]
        ).create({"reason": "No such plates are made any more"})
        wizard.action_confirm()
        self.assertEqual(rma.eligibility, "eligible")
        decision = rma.decision_ids.filtered(
            lambda d: d.kind == "return" and not d.superseded_by_id
        )
        self.assertEqual(decision.clause_codes, ["G3.2", "R13"])
        self.assertIn("No such plates", decision.explanation)
        self.assertEqual(rma.exchange_approved_by_id, self.supervisor)
        rma.action_confirm()
        self.assertEqual(rma.state, "confirmed")

    def test_g3_2_no_way_round_to_a_refund(self):
        """G3.2: the approval is of an exchange; as a refund it is refused as before."""
        rma = self.request(
            self.sale(self.part_battery), self.replace_operation, condition="bad"
        )
        rma.action_decide()
        rma.with_user(self.supervisor).action_approve_exchange("Cannot be repaired")
        self.assertEqual(rma.eligibility, "eligible")
        rma.operation_id = self.refund_operation
        rma.action_decide()
        self.assertEqual(rma.eligibility, "refused")
        for vals in ({"exchange_reason": "x"}, {"exchange_approved_by_id": self.clerk.id}):
            with self.assertRaises(UserError):
                rma.write(vals)
