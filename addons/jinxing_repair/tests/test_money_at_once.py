from concurrent.futures import ThreadPoolExecutor
from time import sleep

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .committed import CommittedCase


@tagged("post_install", "-at_install")
class TestInvoiceAtOnce(CommittedCase):
    """S8.4: two finance users at once, or a retry after a crash, make no second invoice."""

    def setUp(self):
        super().setUp()
        self.orders = self.signed_orders(2)
        self.order = self.orders[0]

    def invoices(self, orders=None):
        env = self.open()
        return env["account.move"].search(
            [("dispatch_order_id", "in", (orders or self.orders).ids)]
        )

    def test_s8_4_the_second_finds_the_order_taken(self):
        """S8.4: while one user's invoice is being made, the other is told to look again."""
        first, second = self.begin(), self.begin()
        self.order.with_env(first).action_invoice()
        with self.assertRaisesRegex(UserError, "Somebody else"):
            self.order.with_env(second).action_invoice()
        first.cr.commit()
        second.cr.rollback()
        with self.assertRaisesRegex(UserError, "invoiced already"):
            self.order.with_env(second).action_invoice()
        self.assertEqual(len(self.invoices()), 1)

    def test_s8_4_who_started_before_the_first_was_done_fails(self):
        """S8.4: a request that still sees no invoice fails, and finds it when it is repeated."""
        first, second = self.begin(), self.begin()
        self.order.with_env(first).action_invoice()
        first.cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            self.order.with_env(second).action_invoice()
        second.cr.rollback()
        second.transaction.reset()
        with self.assertRaisesRegex(UserError, "invoiced already"):
            self.order.with_env(second).action_invoice()
        self.assertEqual(len(self.invoices()), 1)

    def test_s8_4_a_crash_in_the_middle_leaves_nothing_behind(self):
        """S8.4: the server dies after the invoice is made, before it is stored: done again."""
        first = self.begin()
        self.order.with_env(first).action_invoice()
        first.cr.rollback()
        self.assertFalse(self.invoices())
        again = self.begin()
        self.order.with_env(again).action_invoice()
        again.cr.commit()
        self.assertEqual(len(self.invoices()), 1)

    def test_s8_4_the_answer_is_lost_and_the_click_repeated(self):
        """S8.4: stored, but the browser never heard of it: the batch says so and goes on."""
        vouchers = self.orders.voucher_ids
        first = self.begin()
        vouchers[0].with_env(first).action_invoice()
        first.cr.commit()
        again = self.begin()
        result = vouchers.with_env(again).action_invoice()
        again.cr.commit()
        self.assertIn("1 of 2", result["params"]["title"])
        self.assertIn("invoiced already", result["params"]["message"])
        self.assertEqual(len(self.invoices()), 2)

    def test_s8_4_two_batches_at_once(self):
        """S8.4: the second user's batch takes what the first left, and names the rest."""
        vouchers = self.orders.voucher_ids
        first, second = self.begin(), self.begin()
        vouchers[0].with_env(first).action_invoice()
        again = vouchers.with_env(second).action_invoice
        with mute_logger("odoo.sql_db"), ThreadPoolExecutor(1) as pool:
            # It waits for the first one's number, as two numbers must follow each other.
            waiting = pool.submit(again)
            sleep(0.5)
            first.cr.commit()
            with self.assertRaises(SerializationFailure):
                waiting.result(60)
        # The same customer was written twice: the request is repeated, as Odoo does.
        second.cr.rollback()
        second.transaction.reset()
        result = again()
        second.cr.commit()
        self.assertIn("1 of 2", result["params"]["title"])
        self.assertEqual(len(self.invoices()), 2)
        self.assertEqual(set(self.invoices().dispatch_order_id.ids), set(self.orders.ids))


@tagged("post_install", "-at_install")
class TestBillAtOnce(CommittedCase):
    """G1.3, G4: two finance users at once make one bill, one credit note."""

    def setUp(self):
        super().setUp()
        env = self.env
        partner = self.keep(env["res.partner"].create({"name": "At once", "is_dealer": True}))
        self.settlement = self.keep(
            env["jinxing.settlement"].create(
                {
                    "partner_id": partner.id,
                    "company_id": env.company.id,
                    "date_from": "2020-01-01",
                    "date_to": "2020-01-31",
                    "state": "approved",
                    "line_ids": [
                        (0, 0, {"kind": "other", "name": "Crane", "unit_amount": 300,
                                "state": "approved"}),
                    ],
                }
            )
        )
        self.claim = self.keep(
            env["jinxing.recovery.claim"].create(
                {
                    "partner_id": partner.id,
                    "state": "accepted",
                    "accepted_amount": 300,
                    "line_ids": [(0, 0, {"name": "Reel", "amount": 300, "kind": "other"})],
                }
            )
        )
        env.cr.commit()

    def _remove_more(self, env):
        for record, field in ((self.settlement, "settlement_id"),
                              (self.claim, "recovery_claim_id")):
            moves = env["account.move"].search([(field, "in", record.ids)])
            record = record.with_env(env)
            record.write({"bill_id" if field == "settlement_id" else "refund_id": False})
            moves.unlink()
        env.flush_all()

    def twice(self, record, method, field, message):
        first, second, third = self.begin(), self.begin(), self.begin()
        getattr(record.with_env(first), method)()
        with self.assertRaisesRegex(UserError, "Somebody else"):
            getattr(record.with_env(third), method)()
        first.cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            getattr(record.with_env(second), method)()
        second.cr.rollback()
        second.transaction.reset()
        with self.assertRaisesRegex(UserError, message):
            getattr(record.with_env(second), method)()
        found = self.open()["account.move"].search([(field, "=", record.id)])
        self.assertEqual(len(found), 1)

    def test_g1_3_one_bill(self):
        """G1.3: a settlement is billed once, whoever is first."""
        self.twice(self.settlement, "action_bill", "settlement_id", "billed already")

    def test_g4_one_credit_note(self):
        """G4: a recovery claim is credited once, whoever is first."""
        self.twice(self.claim, "action_refund", "recovery_claim_id", "credited already")

    def test_g1_3_a_crash_in_the_middle(self):
        """G1.3: what was not stored is not there; made again it is one."""
        first = self.begin()
        self.settlement.with_env(first).action_bill()
        first.cr.rollback()
        again = self.begin()
        self.settlement.with_env(again).action_bill()
        again.cr.commit()
        found = self.open()["account.move"].search([("settlement_id", "=", self.settlement.id)])
        self.assertEqual(len(found), 1)
