from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SIGNATURE, RepairCase
from .common_onsite import PICTURE, OnsiteData


@tagged("post_install", "-at_install")
class TestClosingList(OnsiteData, RepairCase):
    """S8.7, S8.8: the customer's things are respected and the site is cleared."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.speak_english()

    def lines(self, order, code):
        return order.check_ids.filtered(
            lambda c: c.phase == "closing" and c.item_id.clause_id.code == code
        )

    def repaired(self, machine):
        """An order whose work is done, with everything but the signature."""
        order = self.on_site(machine)
        self.add_faults(order)
        worker = order.with_user(self.users["technician"])
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        self.complete(order)
        worker.action_finish()
        return order

    def test_s8_7_s8_8_on_every_order(self):
        """S8.7, S8.8: the closing list of repairs and of installations asks for both."""
        repair = self.order(self.machine)
        ticket = self.register(
            self.other_machine, kind="installation", fault_description=False
        )
        ticket.action_create_dispatch_order()
        for order in (repair, ticket.order_ids):
            for code in ("S8.7", "S8.8"):
                with self.subTest(order.service_kind, code=code):
                    self.assertEqual(len(self.lines(order, code)), 1)

    def test_s8_7_s8_8_no_signature_before_they_are_ticked(self):
        """S8.7, S8.8: either line left open, the order is not signed; in the office or by phone."""
        order = self.repaired(self.machine)
        worker = order.with_user(self.users["technician"])
        clerk = order.check_ids.with_user(self.users["clerk"])
        for code in ("S8.7", "S8.8"):
            line = self.lines(order, code)
            (clerk & line).write({"done": False})
            with self.subTest(code), self.assertRaisesRegex(UserError, "checklist"):
                worker.action_sign(SIGNATURE, "Zhang Defu")
            self.assertEqual(order.service_state, "repaired")
            answer = self.change(
                order, "sign", {"signature": PICTURE, "name": "Zhang Defu"}, status=None
            )
            self.assertNotEqual(answer["status"], "done", answer)
            self.assertEqual(order.service_state, "repaired")
            self.change(order, "tick", {"check": line.id, "done": True}, {"done": False})
        worker.action_sign(SIGNATURE, "Zhang Defu")
        self.assertEqual(order.service_state, "signed")
