from lxml import etree
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .money_common import MoneyCase

DIGITAL = "26512000000012345678"


@tagged("post_install", "-at_install")
class TestInvoice(MoneyCase):
    """From the signed chargeable repair to one invoice, and no second (S8.4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signed_order = cls.to_pay(parts=True)

    def test_s8_4_one_click_makes_one_confirmed_invoice(self):
        """S8.4: the click opens the invoice; clerks and the technician see where the money is."""
        order = self.signed_order
        self.assertEqual(order.money_state, "voucher")
        action = self.as_("finance", order).action_invoice()
        invoice = self.env["account.move"].browse(action["res_id"])
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 770))
        self.assertEqual(invoice.dispatch_order_id, order)
        self.assertEqual(order.dispatch_invoice_id, invoice)
        for role in ("clerk", "technician", "supervisor", "parts_keeper"):
            seen = self.as_(role, order)
            seen.invalidate_recordset()
            self.assertEqual(seen.money_state, "invoiced", role)
            self.assertEqual(seen.dispatch_invoice_name, invoice.name, role)
        with self.refused(UserError, "invoiced already"):
            self.as_("finance", order).action_invoice()

    def test_s8_4_finance_opens_the_order_s_form(self):
        """S8.4: finance opens the order it invoices, with all that is shown on it."""
        order = self.signed_order
        view = self.env.ref("jinxing_repair.repair_order_view_form")
        for role in ("finance", "technician", "clerk", "supervisor"):
            seen = self.as_(role, order)
            arch = etree.fromstring(seen.get_views([(view.id, "form")])["views"]["form"]["arch"])
            shown = {node.get("name") for node in arch.iter("field")} & set(seen._fields)
            seen.invalidate_recordset()
            self.assertTrue(seen.web_read({name: {} for name in shown}), role)

    def test_s8_4_the_order_follows_the_invoice(self):
        """S8.4: draft, confirmed, paid, taken back: each shows on the order."""
        order = self.signed_order
        self.as_("finance", order).action_invoice()
        invoice = order.dispatch_invoice_id
        invoice.button_draft()
        self.assertEqual(order.money_state, "drafted")
        with self.refused(UserError, "invoiced already"):
            self.as_("finance", order).action_invoice()
        invoice.action_post()
        self.pay(invoice)
        self.assertEqual(order.money_state, "paid")

    def pay(self, invoice):
        payments = self.env["account.payment.register"].with_user(self.users["finance"])
        payments.with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({}).action_create_payments()

    def test_s8_4_a_reversed_invoice_may_be_made_anew(self):
        """S8.4: after the red-letter invoice the repair can be invoiced again, once."""
        order = self.signed_order
        self.as_("finance", order).action_invoice()
        first = order.dispatch_invoice_id
        first.fapiao_number = DIGITAL
        refund = first._reverse_moves(cancel=True)
        self.assertEqual(refund.blue_fapiao_number, DIGITAL)
        self.assertEqual(order.money_state, "credited")
        self.as_("finance", order).action_invoice()
        second = order.dispatch_invoice_id
        self.assertNotEqual(second, first)
        self.assertEqual(order.money_state, "invoiced")
        with self.refused(UserError, "invoiced already"):
            self.as_("finance", order).action_invoice()

    def test_s8_4_only_finance_invoices(self):
        """S8.4: neither clerk nor technician nor supervisor makes an invoice."""
        for role in ("clerk", "technician", "supervisor", "parts_keeper", "manager"):
            with self.refused(AccessError):
                self.as_(role, self.signed_order).action_invoice()
        self.assertFalse(self.signed_order.dispatch_invoice_id)

    def test_s8_4_not_before_the_signature(self):
        """S8.4: what is not signed, and what costs nothing, is not invoiced."""
        order = self.to_pay(sign=False)
        self.assertEqual(order.money_state, "none")
        with self.refused(UserError, "not signed"):
            self.as_("finance", order).action_invoice()

    def test_s8_4_several_orders_are_all_or_nothing(self):
        """S8.4: the button on several orders names each that cannot be invoiced."""
        unsigned = self.to_pay(sign=False)
        with self.refused(UserError, unsigned.name):
            self.as_("finance", self.signed_order | unsigned).action_invoice()
        self.assertFalse(self.signed_order.dispatch_invoice_id)

    def test_s8_4_two_orders_of_one_customer_get_two_invoices(self):
        """S8.4: each repair has an invoice of its own."""
        other = self.to_pay(parts=True)
        self.as_("finance", self.signed_order | other).action_invoice()
        self.assertEqual(len((self.signed_order | other).dispatch_invoice_id), 2)

    def test_s8_4_no_second_invoice_by_any_way_round(self):
        """S8.4: sales' own button, a copy and a direct entry make no second invoice."""
        order = self.signed_order
        self.as_("finance", order).action_invoice()
        invoice = order.dispatch_invoice_id
        self.assertFalse(invoice.copy().dispatch_order_id)
        with self.refused(UserError):
            order.sale_order_id._create_invoices()
        values = {"move_type": "out_invoice", "partner_id": self.farmer.id}
        moves = self.env["account.move"]
        with self.refused(IntegrityError):
            moves.create({**values, "dispatch_order_id": order.id})
        finance, other = self.as_("finance", moves), self.to_pay()
        with self.refused(UserError, "by the case alone"):
            finance.create({**values, "dispatch_order_id": other.id})
        forged = finance.with_context(default_dispatch_order_id=other.id).create(values)
        self.assertFalse(forged.dispatch_order_id, "no context ties an invoice to a case")
        with self.refused(UserError):
            self.as_("finance", invoice).write({"dispatch_order_id": False})
        with self.refused(UserError):
            self.as_("clerk", order).write({"dispatch_invoice_id": False})

    def test_s8_4_the_chart_and_taxes_of_china(self):
        """S8.4: with l10n_cn's chart the invoice carries 13 % value added tax."""
        company = self.env["res.company"].create(
            {"name": "Deyang factory", "country_id": self.env.ref("base.cn").id}
        )
        self.env["account.chart.template"].try_loading("cn", company, install_demo=False)
        tax = company.account_sale_tax_id
        self.assertEqual(tax.amount, 13)
        invoice = self.env["account.move"].with_company(company).create(
            {
                "move_type": "out_invoice",
                "partner_id": self.farmer.id,
                "company_id": company.id,
                "fapiao_number": DIGITAL,
                "invoice_line_ids": [
                    (0, 0, {"product_id": self.part_battery.id, "quantity": 1, "price_unit": 100,
                            "tax_ids": tax.ids}),
                ],
            }
        )
        invoice.action_post()
        self.assertEqual((invoice.country_code, invoice.amount_total), ("CN", 113))
        self.assertFalse(invoice.fapiao_missing)
        invoice.fapiao_number = False
        self.assertTrue(invoice.fapiao_missing)
        found = self.env["account.move"].search([("fapiao_missing", "=", True)])
        self.assertIn(invoice, found)
        self.assertNotIn(
            invoice, self.env["account.move"].search([("fapiao_missing", "=", False)])
        )


@tagged("post_install", "-at_install")
class TestFapiao(MoneyCase):
    """Fapiao numbers of 8 and 20 digits, their codes and red-letter references."""

    def move(self, move_type="out_invoice", **values):
        return self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.farmer.id,
                "invoice_line_ids": [
                    (0, 0, {"product_id": self.part_battery.id, "price_unit": 100}),
                ],
                **values,
            }
        )

    def test_s8_4_eight_digits_follow_the_localisation(self):
        """S8.4: a paper number is l10n_cn's too, whichever field it is typed into."""
        move = self.move(fapiao_number="12345678")
        self.assertEqual(move.fapiao, "12345678")
        move.fapiao = "87654321"
        self.assertEqual(move.fapiao_number, "87654321")
        move.fapiao = False
        self.assertFalse(move.fapiao_number)

    def test_s8_4_twenty_digits(self):
        """S8.4: a digital number is kept, blanks out; l10n_cn's field stays empty."""
        move = self.move(fapiao_number="2651 2000 0000 1234 5678")
        self.assertEqual(move.fapiao_number, DIGITAL)
        self.assertFalse(move.fapiao)
        move.fapiao_number = "12345678"
        self.assertEqual(move.fapiao, "12345678")
        move.fapiao_number = DIGITAL
        self.assertFalse(move.fapiao)
        self.assertEqual(move.fapiao_number, DIGITAL)

    def test_s8_4_no_other_numbers(self):
        """S8.4: 7, 9 or 19 digits and letters are refused, with a message and in the base."""
        move = self.move()
        for wrong in ("1234567", "123456789", DIGITAL[:-1], "1234567X"):
            with self.refused(ValidationError, "8 digits"):
                move.fapiao_number = wrong
        with self.refused(IntegrityError):
            self.env.cr.execute(
                "UPDATE account_move SET fapiao_number = '123' WHERE id = %s", [move.id]
            )

    def test_s8_4_a_code_goes_with_a_paper_number(self):
        """S8.4: 10 or 12 digits, beside 8 digits only."""
        move = self.move(fapiao_number="12345678", fapiao_code="5100194320")
        with self.refused(ValidationError):
            move.fapiao_code = "51001943"
        with self.refused(ValidationError):
            move.fapiao_number = DIGITAL

    def test_s8_4_no_fapiao_twice(self):
        """S8.4: a digital number, or code and number, stand on one document only."""
        self.move(fapiao_number=DIGITAL)
        self.move(fapiao_number="12345678", fapiao_code="5100194320")
        self.move(fapiao_number="12345678", fapiao_code="5100194321")
        for values in (
            {"fapiao_number": DIGITAL},
            {"fapiao_number": "12345678", "fapiao_code": "5100194320"},
        ):
            with self.refused(IntegrityError):
                self.move(**values)

    def test_s8_4_red_letter_reference(self):
        """S8.4: a credit note names the fapiao it takes back and the notice; others cannot."""
        refund = self.move("out_refund", blue_fapiao_number=DIGITAL)
        refund.red_letter_notice = "51012605001000123456"
        with self.refused(ValidationError, "16 or 20"):
            refund.red_letter_notice = "5101"
        with self.refused(ValidationError, "8 digits"):
            refund.blue_fapiao_number = "5101"
        with self.refused(ValidationError, "credit note"):
            self.move(red_letter_notice="51012605001000123456")

    def test_s8_4_sent_by_post(self):
        """S8.4: a confirmed invoice is sent with carrier and tracking number."""
        move = self.as_("finance", self.move(fapiao_number=DIGITAL))
        with self.refused(UserError, "confirmed"):
            move.action_post_out("EMS", "1234567890123")
        move.action_post()
        self.assertEqual(move.action_post_out()["res_model"], "jinxing.invoice.post")
        with self.refused(UserError, "tracking"):
            move.action_post_out("EMS", " ")
        wizard = self.env["jinxing.invoice.post"].with_user(self.users["finance"]).create(
            {"move_ids": move.ids, "carrier": "EMS", "tracking": "1234567890123"}
        )
        wizard.action_confirm()
        self.assertEqual((move.post_carrier, move.post_tracking), ("EMS", "1234567890123"))
        self.assertTrue(move.post_sent_at and move.is_move_sent)
        with self.refused(AccessError):
            self.as_("clerk", move).action_post_out("EMS", "1")
