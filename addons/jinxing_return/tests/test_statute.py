from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.jinxing_repair.tests.test_clock import HOUR

from .test_exchange_right import RightCase


@tagged("post_install", "-at_install")
class TestReturnByLaw(RightCase):
    """L-rep2: the last stage is the machine back and the money returned."""

    def to_return(self, machine):
        """A right to return: the problem came back through all the stages."""
        for days in (0, 10):
            self.finish(self.under_repair(machine, days=days, serious=True), days)
        for days in (20, 30):
            order = self.under_repair(machine, days=days, serious=True)
            with freeze_time(self.noon(days) + 2 * HOUR):
                right = self.of(order).filtered(lambda r: r.clause_code == "L-rep2")
                right.with_user(self.supervisor).action_execute("Done")
            self.finish(order, days)
        order = self.under_repair(machine, days=40, serious=True)
        right = self.of(order).filtered(lambda r: r.clause_code == "L-rep2")
        self.assertEqual(right.outcome, "return")
        return right

    def test_l_rep2_our_own_sale_is_taken_back_and_refunded(self):
        """L-rep2: claimed, received, refunded all that was paid; the card ends."""
        order = self.sale(self.model, price=98000, discount=5, serial="JY20261091", days=20)
        machine = order.picking_ids.move_ids.move_line_ids.lot_id
        card = machine.card_ids
        card.write({"invoice_number": "I9", "invoice_date": self.today - timedelta(days=20),
                    "owner_phone": "13980123456"})
        card.action_activate()
        right = self.to_return(machine)
        self.assertTrue(right.borne_by_us)
        with freeze_time(self.noon(41)):
            rma = self.claim(right)
            self.assertEqual((rma.return_kind, rma.eligibility), ("refund", "eligible"))
            self.assertEqual((rma.refund_unit, rma.lot_id), (93100, machine))
            self.assertEqual(rma.entitlement_id.code, "L-rep2")
            rma.action_confirm()
            self.receive(rma)
            self.refund(rma)
            rma.sudo().refund_id.action_post()
        self.assertEqual((right.state, card.state), ("executed", "void"))
        self.assertIn("93,100", right.execution_note)

    def test_l_rep2_of_a_dealers_sale_by_us_only_at_the_price_paid(self):
        """L-rep2: we step in for the dealer: never at nothing, but at what the customer paid."""
        right = self.to_return(self.sell("JY20261092", months=2))
        with freeze_time(self.noon(41)):
            right.with_user(self.clerk).action_claim("His money back")
            self.assertFalse(right.sudo().return_id)
            right.with_user(self.supervisor).action_make_return()
            rma = right.sudo().return_id.with_user(self.clerk)
            with self.assertRaisesRegex(UserError, "what the customer paid"):
                rma.action_confirm()
            rma.paid_unit = 95000
            rma.action_confirm()
            self.assertEqual(rma.refund_amount, 95000)

    def test_l_rep2_taken_back_by_the_dealer_drops_our_return(self):
        """L-rep2: noted as the dealer's, the request we had made is dropped."""
        right = self.to_return(self.sell("JY20261093", months=2))
        proof = self.env["ir.attachment"].with_user(self.supervisor).create(
            {"name": "退款凭证.pdf", "raw": b"paid back"}
        )
        with freeze_time(self.noon(41)):
            right.with_user(self.clerk).action_claim("His money back")
            right.with_user(self.supervisor).action_make_return()
            rma = right.sudo().return_id
            right.with_user(self.supervisor)._record_return(
                self.day0 + timedelta(days=41), 95000, 0, proof
            )
        self.assertEqual((right.state, rma.state), ("executed", "cancelled"))


@tagged("post_install", "-at_install")
class TestAssemblyReturned(RightCase):
    """G3.2: an assembly that was sold is not exchanged round the supervisor either."""

    def test_g3_2_an_assembly_sold_over_the_counter(self):
        """G3.2, R11: after the days as normal goods: no right, no exchange without his word."""
        valve = self.part(
            "Control valve", self.env.ref("jinxing_warranty.component_control_valve"), 1980
        )
        self.assertTrue(valve.is_assembly)
        order = self.sale(valve, price=1980, days=30)
        self.stock(valve, 1)
        rma = self.request(order, self.replace_operation, condition="good")
        with self.assertRaises(UserError):
            rma.action_confirm()
        self.assertEqual(rma.state, "draft")
        rma.action_decide()
        self.assertEqual(rma.eligibility, "needs_report")
        rma.with_user(self.supervisor).action_approve_exchange("The spool is scored")
        rma.action_confirm()
        self.assertEqual(rma.state, "confirmed")
        decision = rma.decision_ids.filtered(
            lambda d: d.kind == "return" and not d.superseded_by_id
        )
        self.assertEqual(decision.clause_codes[0], "G3.2")
