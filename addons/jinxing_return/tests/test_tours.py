import base64

from odoo.tests import HttpCase, tagged

from .common import FILE, ReturnData


@tagged("post_install", "-at_install")
class TestReturnTours(ReturnData, HttpCase):
    """Returns and exchanges in the browsers of who does them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        for user in cls.users.values():
            user.lang = "en_US"

    def path(self, record, action="jinxing_return.return_action"):
        return f"/odoo/action-{action}/{record.id}"

    def sold_battery(self):
        """A battery sold eight days ago at a discount of ten percent."""
        order = self.sale(self.part_battery, days=8, price=680, discount=10)
        return self.request(order, condition="good")

    def test_day_8_without_a_report(self):
        """R11, R13: on day 8 a report is asked for, a repair offered instead."""
        rma = self.sold_battery()
        self.start_tour(self.path(rma), "jinxing_return_without_report", login="r_clerk")
        self.assertEqual((rma.eligibility, rma.state), ("needs_report", "draft"))
        self.assertEqual(rma.ticket_id.kind, "repair")

    def test_day_8_with_the_report_to_the_refund(self):
        """R11, R12.1, R14: with the report it goes back, at the price paid, and is refunded."""
        rma = self.sold_battery()
        rma.write({"inspection_file": FILE, "inspection_date": self.today})
        self.start_tour(self.path(rma), "jinxing_return_with_report", login="r_clerk")
        self.assertEqual((rma.eligibility, rma.state), ("eligible", "confirmed"))
        self.receive(rma)
        self.start_tour(self.path(rma), "jinxing_return_refund", login="r_finance")
        note = rma.sudo().refund_id
        self.assertEqual((note.move_type, note.amount_untaxed), ("out_refund", 612))
        self.assertTrue(base64.b64decode(rma.inspection_file))


@tagged("post_install", "-at_install")
class TestExchangeTour(ReturnData, HttpCase):
    """A right to exchange, claimed, delivered, with its new card."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        for user in cls.users.values():
            user.lang = "en_US"
        order = cls.on_site(cls.machine)
        clause = cls.env.ref("jinxing_base.clause_g2_2")
        cls.right = cls.env["jinxing.exchange.right"].create(
            {
                "order_id": order.id,
                "lot_id": cls.machine.id,
                "clause_id": clause.id,
                "outcome": "exchange",
                "arisen_on": cls.today,
                "bearer": "repairer",
                "bearer_id": cls.company.partner_id.id,
            }
        )
        cls.new = cls.stock(cls.model, 1, "TOURNEW1")

    def test_from_the_right_to_the_new_card(self):
        """G2.2, L-new: claimed, taken back, delivered; the new machine has the card."""
        path = "/odoo/action-jinxing_repair.jinxing_exchange_right_action"
        self.start_tour(f"{path}/{self.right.id}", "jinxing_return_claim", login="r_clerk")
        rma = self.right.sudo().return_id
        self.assertEqual(rma.state, "confirmed")
        self.receive(rma)
        path = f"/odoo/action-jinxing_return.return_action/{rma.id}"
        self.start_tour(path, "jinxing_return_deliver", login="r_clerk")
        self.assertEqual(rma.state, "waiting_replacement")
        move = rma.delivery_move_ids
        move._action_assign()
        move.quantity = 1
        move.move_line_ids.lot_id = self.new
        move.picked = True
        move.picking_id._action_done()
        self.start_tour(path, "jinxing_return_new_card", login="r_clerk")
        self.assertEqual(self.machine.card_ids.state, "replaced")
        self.assertEqual(rma.new_card_id.lot_id, self.new)
        self.assertEqual(self.right.state, "executed")
