from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.jinxing_repair.tests.committed import CommittedCase


@tagged("post_install", "-at_install")
class TestRefundAtOnce(CommittedCase):
    """R12, R14: two finance users at once, or a retry after a crash, refund a return once."""

    def setUp(self):
        super().setUp()
        env = self.env
        partner = self.keep(env["res.partner"].create({"name": "At once"}))
        product = self.keep(
            env["product.product"].create({"name": "Tarpaulin", "type": "consu", "taxes_id": False})
        )
        self.rmas = self.keep(
            env["rma"].create(
                [
                    {
                        "partner_id": partner.id,
                        "product_id": product.id,
                        "product_uom_qty": 2,
                        "operation_id": env.ref("rma.rma_operation_refund").id,
                        "state": "received",
                        "own_sale": True,
                        "eligibility": "eligible",
                        "refund_unit": 100,
                        "refund_amount": 200,
                        "price_clause": "R12.3",
                    }
                    for _number in range(2)
                ]
            )
        )
        self.rma = self.rmas[0]
        env.cr.commit()

    def _remove_more(self, env):
        self.notes(env).with_context(force_delete=True).unlink()
        for table, ids in self.made:
            if table == "product_product":
                products = env["product.product"].browse(ids)
                self.made.insert(0, ("product_template", products.product_tmpl_id.ids))
                break
        env.flush_all()

    def notes(self, env=None):
        lines = (env or self.open())["account.move.line"].search(
            [("rma_id", "in", self.rmas.ids)]
        )
        return lines.move_id

    def test_r12_the_second_finds_the_return_taken(self):
        """R12: while one user's credit note is being made, the other is told to look again."""
        first, second = self.begin(), self.begin()
        self.rma.with_env(first).action_refund()
        with self.assertRaisesRegex(UserError, "Somebody else"):
            self.rma.with_env(second).action_refund()
        first.cr.commit()
        second.cr.rollback()
        with self.assertRaisesRegex(UserError, "refunded already"):
            self.rma.with_env(second).action_refund()
        self.assertEqual(len(self.notes()), 1)
        self.assertEqual(self.notes().amount_untaxed, 200)

    def test_r12_who_started_before_the_first_was_done_fails(self):
        """R12: a request that still sees no refund fails, and finds it when it is repeated."""
        first, second = self.begin(), self.begin()
        self.rma.with_env(first).action_refund()
        first.cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            self.rma.with_env(second).action_refund()
        second.cr.rollback()
        second.transaction.reset()
        with self.assertRaisesRegex(UserError, "refunded already"):
            self.rma.with_env(second).action_refund()
        self.assertEqual(len(self.notes()), 1)

    def test_r12_a_crash_in_the_middle_leaves_nothing_behind(self):
        """R12: the server dies before the credit note is stored: made again, it is one."""
        first = self.begin()
        self.rma.with_env(first).action_refund()
        first.cr.rollback()
        self.assertFalse(self.notes())
        again = self.begin()
        self.rma.with_env(again).action_refund()
        again.cr.commit()
        self.assertEqual(len(self.notes()), 1)

    def test_r12_several_at_once_with_one_refunded(self):
        """R12: a batch with a return refunded already is refused as a whole, by name."""
        first = self.begin()
        self.rma.with_env(first).action_refund()
        first.cr.commit()
        again = self.begin()
        with self.assertRaisesRegex(UserError, self.rma.name):
            self.rmas.with_env(again).action_refund()
        again.cr.rollback()
        self.assertEqual(len(self.notes()), 1)

    def test_r12_a_deleted_draft_is_made_anew(self):
        """R12: finance deletes the draft credit note: the return waits for its refund again."""
        first = self.begin()
        self.rma.with_env(first).action_refund()
        first.cr.commit()
        second = self.begin()
        self.notes(second).unlink()
        second.cr.commit()
        third = self.begin()
        rma = self.rma.with_env(third)
        self.assertEqual((rma.state, bool(rma.refund_id)), ("received", False))
        rma.action_refund()
        third.cr.commit()
        self.assertEqual(len(self.notes()), 1)
