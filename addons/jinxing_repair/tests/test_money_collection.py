from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .money_common import MoneyCase


@tagged("post_install", "-at_install")
class TestVoucher(MoneyCase):
    """Service vouchers: the same day to finance, who invoices from them (S8.4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dear = cls.to_pay(parts=True)
        cls.cheap = cls.to_pay()

    def test_s8_4_above_the_limit_the_signature_sends_the_voucher(self):
        """S8.4: 770 is above 200: the voucher goes to finance with the signature."""
        voucher = self.dear.voucher_id
        self.assertEqual((voucher.state, voucher.amount), ("issued", 770))
        self.assertFalse(self.dear.may_collect)
        decision = self.dear.decision_ids.filtered(lambda d: d.kind == "collection")
        self.assertEqual((decision.outcome, decision.clause_codes), ("voucher", ["S8.4"]))
        self.assertEqual(self.cheap.money_state, "open")
        self.assertTrue(self.cheap.may_collect)

    def test_s8_4_not_collected_the_hand_in_sends_the_voucher(self):
        """S8.4: 90 may be taken on the spot; not taken, the hand-in sends the voucher."""
        self.assertFalse(self.cheap.voucher_ids)
        self.as_("technician", self.cheap).action_hand_in()
        self.assertEqual(self.cheap.money_state, "voucher")
        with self.refused(UserError, "nothing to collect"):
            self.as_("technician", self.cheap).action_collect("cash")
        with self.refused(UserError, "nothing to collect"):
            self.as_("technician", self.cheap).action_issue_voucher()

    def test_s8_4_the_technician_may_send_it_at_once(self):
        """S8.4: the technician sends the voucher himself; another's he cannot."""
        self.as_("technician", self.cheap).action_issue_voucher()
        self.assertEqual(self.cheap.voucher_id.technician_id, self.technician)
        for role in ("station_man", "other_dealer", "farmer", "nobody"):
            with self.refused(AccessError):
                self.as_(role, self.dear).action_issue_voucher()

    def test_s8_4_open_at_the_end_of_its_day_is_overdue(self):
        """S8.4: the queue's deadline is the end of the same day; a day later it is overdue."""
        voucher = self.dear.voucher_id
        vouchers = self.env["jinxing.service.voucher"]
        self.assertFalse(voucher.overdue)
        self.assertGreaterEqual(voucher.deadline_at, voucher.issued_at)
        self.assertLess(voucher.deadline_at - voucher.issued_at, timedelta(days=1))
        voucher.sudo().deadline_at = fields.Datetime.now() - timedelta(minutes=1)
        self.assertTrue(voucher.overdue)
        self.assertIn(voucher, vouchers.search([("overdue", "=", True)]))
        self.assertNotIn(voucher, vouchers.search([("overdue", "=", False)]))
        self.as_("finance", voucher).action_invoice()
        self.assertFalse(voucher.overdue)
        judged = voucher.decision_ids.filtered(lambda d: d.kind == "voucher")
        self.assertEqual(judged.outcome, "done_late")

    def test_s8_4_a_bad_voucher_does_not_keep_the_others_back(self):
        """S8.4: of a day's vouchers one cannot be booked: it says why, the others are invoiced."""
        self.as_("technician", self.cheap).action_issue_voucher()
        bad, good = self.dear.voucher_id, self.cheap.voucher_id
        account = self.env["account.account"].create(
            {"name": "Closed", "code": "JXBAD", "account_type": "income"}
        )
        self.part_battery.property_account_income_id = account
        account.active = False
        result = self.as_("finance", bad | good).action_invoice()
        self.assertEqual(result["params"]["type"], "warning")
        self.assertIn("1 of 2", result["params"]["title"])
        self.assertEqual((good.state, bad.state), ("invoiced", "issued"))
        self.assertIn("account", bad.failure)
        self.assertFalse(good.failure)
        self.assertFalse(self.dear.sale_order_id.invoice_ids)
        failed = self.env["jinxing.service.voucher"].search([("failure", "!=", False)])
        self.assertIn(bad, failed)
        with self.refused(UserError, "account"):
            self.as_("finance", bad).action_invoice()
        account.active = True
        result = self.as_("finance", bad | good).action_invoice()
        self.assertIn("1 of 2", result["params"]["title"])
        self.assertIn("invoiced already", result["params"]["message"])
        self.assertEqual(bad.state, "invoiced")
        self.assertFalse(bad.failure)
        self.assertEqual(len((self.dear | self.cheap).sale_order_id.invoice_ids), 2)

    def test_s8_4_the_invoice_sends_somebody_to_collect(self):
        """S8.4: the technician gets the task; it is done when the invoice is paid."""
        voucher = self.dear.voucher_id
        action = self.as_("finance", voucher).action_invoice()
        invoice = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(voucher.invoice_id, invoice)
        task = voucher.activity_ids
        self.assertEqual(task.user_id, self.users["technician"])
        self.assertFalse(voucher.uncollected)
        voucher.sudo().collect_by = fields.Datetime.now() - timedelta(minutes=1)
        self.assertTrue(voucher.uncollected)
        self.assertIn(
            voucher, self.env["jinxing.service.voucher"].search([("uncollected", "=", True)])
        )
        self.env["account.payment.register"].with_user(self.users["finance"]).with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({}).action_create_payments()
        self.assertEqual((voucher.state, self.dear.money_state), ("collected", "paid"))
        self.assertFalse(voucher.activity_ids)
        judged = voucher.decision_ids.filtered(lambda d: d.kind == "invoice_collection")
        self.assertEqual(judged.outcome, "done_late")

    def test_s8_4_a_station_s_order_is_collected_by_the_clerk(self):
        """S8.4: a technician who does not work here cannot be given a task."""
        voucher = self.dear.voucher_id
        voucher.sudo().technician_id = self.station_man
        self.as_("finance", voucher).action_invoice()
        self.assertEqual(voucher.activity_ids.user_id, self.dear.user_id)

    def test_s8_4_cancelled_with_a_reason(self):
        """S8.4: a voucher is taken back with a reason; then the money is open again."""
        voucher = self.dear.voucher_id
        for role in ("technician", "clerk"):
            with self.refused(AccessError):
                self.as_(role, voucher).action_cancel("Wrong")
        supervisor = self.as_("supervisor", voucher)
        asked = supervisor.action_cancel()
        wizard = Form(
            supervisor.env[asked["res_model"]].with_context(**asked["context"])
        )
        wizard.reason = "Paid by transfer"
        wizard.save().action_confirm()
        self.assertEqual((voucher.state, self.dear.money_state), ("cancelled", "open"))
        with self.refused(UserError, "cancelled"):
            self.as_("finance", voucher).action_invoice()
        with self.refused(UserError, "stays as it is"):
            supervisor.action_cancel("Again")
        self.as_("technician", self.dear).action_issue_voucher()
        self.assertEqual(len(self.dear.voucher_ids), 2)

    def test_s8_4_nobody_edits_a_voucher(self):
        """S8.4: vouchers are neither made, changed nor deleted by hand; one per order."""
        voucher = self.dear.voucher_id
        for role in ("clerk", "supervisor", "manager", "finance", "technician"):
            seen = self.as_(role, voucher)
            with self.refused(UserError):
                seen.write({"amount": 1})
            with self.refused(UserError):
                seen.create({"order_id": self.cheap.id, "amount": 1})
            with self.refused(UserError):
                seen.unlink()
        with self.refused(IntegrityError):
            self.dear._issue_vouchers()

    def test_s8_4_who_sees_a_voucher(self):
        """S8.4: staff all of the company, a technician his own, the network its own."""
        voucher = self.dear.voucher_id
        for role in ("clerk", "supervisor", "manager", "finance", "technician"):
            self.assertEqual(self.as_(role, voucher).amount, 770, role)
        other = self.users["technician"].copy({"login": "r_technician_2"})
        for user in (other, *(self.users[r] for r in ("nobody", "parts_keeper", "dealer",
                                                      "station_man", "farmer"))):
            with self.refused(AccessError):
                voucher.with_user(user).read(["amount"])

    def test_s8_4_printed(self):
        """S8.4: the voucher prints, with the order, the machine and what is to be paid."""
        report = self.env["ir.actions.report"].with_user(self.users["finance"])
        html = report._render_qweb_html("jinxing_repair.report_voucher", self.dear.voucher_id.ids)
        text = html[0].decode()
        for expected in (self.dear.name, self.dear.voucher_id.name, "770", self.dear.lot_id.name):
            self.assertIn(expected, text)


@tagged("post_install", "-at_install")
class TestCash(MoneyCase):
    """Money on the spot: custody, hand-over with a count, invoice and payment (S8.4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cheap = cls.to_pay()
        cls.dear = cls.to_pay(parts=True)

    def collect(self, order, method="cash", **values):
        self.as_("technician", order).action_collect(method, **values)
        return order.custody_id

    def receive(self, custodies, role="finance", **values):
        wizards = self.env["jinxing.cash.receive"].with_user(self.users[role])
        return wizards.create({"custody_ids": custodies.ids, **values}).action_confirm()

    def test_s8_4_cash_up_to_the_limit_is_in_custody(self):
        """S8.4: 90 in cash: in the technician's custody, to be handed over in a day."""
        custody = self.collect(self.cheap, amount=90)
        self.assertEqual((custody.state, custody.amount), ("held", 90))
        self.assertEqual(custody.deadline_at - custody.collected_at, timedelta(hours=24))
        self.assertEqual(self.cheap.money_state, "held")
        decision = self.cheap.decision_ids.filtered(lambda d: d.kind == "collection")
        self.assertEqual((decision.outcome, decision.clause_codes), ("on_spot", ["S8.4"]))
        with self.refused(UserError, "nothing to collect"):
            self.collect(self.cheap)

    def test_s8_4_above_the_limit_nothing_is_taken(self):
        """S8.4: what goes by voucher is not taken; nor another amount than what is due."""
        with self.refused(UserError):
            self.collect(self.dear)
        with self.refused(UserError, "not"):
            self.collect(self.cheap, amount=80)
        with self.refused(UserError):
            self.collect(self.cheap, amount=-1)
        with self.refused(UserError):
            self.collect(self.cheap, method="cheque")
        self.assertFalse((self.cheap | self.dear).custody_ids)

    def test_s8_4_the_limit_of_the_day_counts(self):
        """S8.4: the amount of the policy in force on the day of the signature decides."""
        value = self.env["jinxing.policy.value"].search(
            [("parameter_id.key", "=", "on_spot_limit")]
        )
        self.env["jinxing.policy.value"].create(
            {
                "parameter_id": value.parameter_id.id,
                "date_from": self.today,
                "value": "89.99",
                "company_id": self.company.id,
            }
        )
        self.cheap.invalidate_recordset(["may_collect"])
        self.assertFalse(self.cheap.may_collect)
        with self.refused(UserError):
            self.collect(self.cheap)

    def test_s8_4_paid_by_phone_needs_its_reference(self):
        """S8.4: WeChat and Alipay with their reference, which counts once; no custody."""
        with self.refused(UserError):
            self.collect(self.cheap, method="wechat", reference=" ")
        custody = self.collect(self.cheap, method="wechat", reference="4200002123")
        self.assertEqual(custody.state, "to_check")
        self.assertFalse(custody.deadline_at)
        other = self.to_pay()
        with self.refused(IntegrityError):
            self.collect(other, method="wechat", reference="4200002123")
        self.receive(custody, journal_id=self.bank.id)
        self.assertEqual(custody.state, "booked")
        self.assertEqual(self.cheap.money_state, "paid")
        self.assertFalse(custody.handover_id)

    def test_s8_4_handed_over_counted_invoiced_and_paid(self):
        """S8.4: the count agrees: invoice confirmed, payment in the cash box, invoice paid."""
        custody = self.collect(self.cheap)
        self.receive(custody, counted_amount=90)
        self.assertEqual(custody.state, "booked")
        invoice = self.cheap.dispatch_invoice_id
        self.assertEqual((invoice.amount_total, invoice.payment_state), (90, "paid"))
        self.assertEqual(self.cheap.money_state, "paid")
        handover = custody.handover_id
        self.assertEqual((handover.difference, handover.received_by_id),
                         (0, self.users["finance"]))
        self.assertFalse(handover.difference_move_id)
        self.assertEqual(self.balance(self.cash.default_account_id), 90)
        judged = custody.decision_ids.filtered(lambda d: d.kind == "custody")
        self.assertEqual(judged.outcome, "done")
        with self.refused(UserError, "already"):
            self.receive(custody, counted_amount=90)

    def balance(self, account):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return sum(lines.mapped("balance"))

    def test_s8_4_a_difference_is_booked_with_its_reason(self):
        """S8.4: 10 are missing: nothing without a reason; with it they are booked."""
        custody = self.collect(self.cheap)
        with self.refused(UserError, "reason"):
            self.receive(custody, counted_amount=80)
        self.assertEqual(custody.state, "held")
        self.receive(custody, counted_amount=80, difference_reason="Change given wrongly")
        handover = custody.handover_id
        self.assertEqual(handover.difference, -10)
        entry = handover.difference_move_id
        self.assertEqual(entry.state, "posted")
        self.assertIn("Change given wrongly", entry.ref)
        self.assertEqual(
            entry.line_ids.filtered("debit").account_id, self.cash.loss_account_id
        )
        self.assertEqual(self.balance(self.cash.default_account_id), 80)
        self.assertEqual(self.cheap.dispatch_invoice_id.payment_state, "paid")
        report = self.env["ir.actions.report"].with_user(self.users["finance"])
        html = report._render_qweb_html("jinxing_repair.report_handover", handover.ids)[0].decode()
        for expected in (handover.name, custody.name, self.cheap.name, "Change given wrongly"):
            self.assertIn(expected, html)

    def test_s8_4_too_much_is_booked_too(self):
        """S8.4: 5 too many go where finance says."""
        custody = self.collect(self.cheap)
        account = self.env["account.account"].search(
            [("account_type", "=", "liability_current")], limit=1
        )
        self.receive(
            custody,
            counted_amount=95,
            difference_reason="A tip",
            difference_account_id=account.id,
        )
        entry = custody.handover_id.difference_move_id
        self.assertEqual(entry.line_ids.filtered("credit").account_id, account)
        self.assertEqual(self.balance(self.cash.default_account_id), 95)

    def test_s8_4_no_account_for_the_difference(self):
        """S8.4: without an account nothing is received, and the message says what to set."""
        custody = self.collect(self.cheap)
        self.cash.loss_account_id = False
        with self.refused(ValidationError, "profit and loss"):
            self.receive(custody, counted_amount=80, difference_reason="Lost")
        self.assertEqual(custody.state, "held")

    def test_s8_4_cash_is_received_though_the_invoice_fails(self):
        """S8.4: what cannot be invoiced keeps no cash back; it can be booked later."""
        second = self.to_pay()
        first = self.collect(self.cheap)
        other = self.collect(second)
        account = self.env["account.account"].create(
            {"name": "Closed", "code": "JXBAD", "account_type": "income"}
        )
        line = second.sale_order_id.order_line[:1]
        bad_product = line.product_id.copy(
            {"property_account_income_id": account.id, "taxes_id": False}
        )
        line.product_id = bad_product
        account.active = False
        self.receive(first | other, counted_amount=180)
        self.assertEqual((first.state, other.state), ("booked", "received"))
        self.assertIn("account", other.failure)
        account.active = True
        self.as_("finance", other).action_book()
        self.assertEqual(other.state, "booked")
        self.assertFalse(other.failure)

    def test_s8_4_each_technician_hands_over_his_own(self):
        """S8.4: cash of two technicians, and cash with phone payments, are counted apart."""
        second, third = self.to_pay(), self.to_pay()
        mine = self.collect(self.cheap)
        theirs = self.collect(second)
        theirs.sudo().technician_id = self.station_man
        by_phone = self.collect(third, method="alipay", reference="2026112422001")
        with self.refused(UserError, "his own cash"):
            self.receive(mine | theirs, counted_amount=180)
        with self.refused(UserError, "one after the other"):
            self.receive(mine | by_phone, counted_amount=180)

    def test_s8_4_held_for_too_long_shows(self):
        """S8.4: cash older than the policy allows is found, and judged late when it comes."""
        custody = self.collect(self.cheap)
        custodies = self.env["jinxing.cash.custody"]
        self.assertNotIn(custody, custodies.search([("overdue", "=", True)]))
        custody.sudo().deadline_at = fields.Datetime.now() - timedelta(minutes=1)
        self.assertIn(custody, custodies.search([("overdue", "=", True)]))
        self.assertTrue(custody.overdue)
        self.receive(custody, counted_amount=90)
        self.assertNotIn(custody, custodies.search([("overdue", "=", True)]))
        judged = custody.decision_ids.filtered(lambda d: d.kind == "custody")
        self.assertEqual(judged.outcome, "done_late")

    def test_s8_4_only_finance_receives(self):
        """S8.4: nobody but finance takes money over, by whatever way."""
        custody = self.collect(self.cheap)
        for role in ("technician", "clerk", "supervisor", "manager", "parts_keeper"):
            with self.refused(AccessError):
                self.as_(role, custody).action_receive()
            with self.refused(AccessError):
                self.receive(custody, role=role, counted_amount=90)
            with self.refused(AccessError):
                self.as_(role, custody).action_book()

    def test_s8_4_a_technician_sees_his_own_cash_only(self):
        """S8.4: own cash for the technician, his men's for the provider, all for staff."""
        custody = self.collect(self.cheap)
        for role in ("technician", "clerk", "supervisor", "finance"):
            self.assertEqual(self.as_(role, custody).amount, 90, role)
        other = self.users["technician"].copy({"login": "r_technician_2"})
        found = self.env["jinxing.cash.custody"].with_user(other).search([])
        self.assertFalse(found)
        for role in ("nobody", "parts_keeper", "dealer", "station_man", "farmer"):
            with self.refused(AccessError):
                self.as_(role, custody).read(["amount"])
        self.cheap.sudo().provider_id = self.station
        self.assertEqual(self.as_("station", custody).amount, 90)
        self.receive(custody, counted_amount=90)
        handover = custody.handover_id
        self.assertEqual(self.as_("technician", handover).counted_amount, 90)
        with self.refused(AccessError):
            handover.with_user(other).read(["counted_amount"])
        with self.refused(AccessError):
            self.as_("clerk", handover).read(["counted_amount"])

    def test_s8_4_recorded_by_mistake(self):
        """S8.4: a supervisor takes a record back with a reason, before finance has the cash."""
        custody = self.collect(self.cheap)
        with self.refused(AccessError):
            self.as_("technician", custody).action_cancel("Mistake")
        supervisor = self.as_("supervisor", custody)
        self.assertEqual(supervisor.action_cancel()["res_model"], "jinxing.money.reason")
        supervisor.action_cancel("Customer had no cash")
        self.assertEqual((custody.state, self.cheap.money_state), ("cancelled", "open"))
        again = self.collect(self.cheap)
        self.receive(again, counted_amount=90)
        with self.refused(UserError, "already"):
            self.as_("supervisor", again).action_cancel("Too late")

    def test_s8_4_nobody_edits_what_was_collected(self):
        """S8.4: neither custody nor hand-over is made, changed or deleted by hand."""
        custody = self.collect(self.cheap)
        self.receive(custody, counted_amount=90)
        for role in ("clerk", "supervisor", "manager", "finance", "technician"):
            for record in (custody, custody.handover_id):
                seen = self.as_(role, record)
                with self.refused(UserError):
                    seen.write({"received_at": False})
                with self.refused(UserError):
                    seen.create({"technician_id": self.technician.id})
                with self.refused(UserError):
                    seen.unlink()

    def test_s8_4_other_companies_see_nothing(self):
        """S8.4: vouchers, cash and hand-overs stay in their company."""
        custody = self.collect(self.cheap)
        self.receive(custody, counted_amount=90)
        other = self.env["res.company"].create({"name": "Other factory"})
        user = self.users["finance"].copy(
            {"login": "r_finance_2", "company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        )
        for record in (custody, custody.handover_id, self.dear.voucher_id):
            self.assertFalse(record.with_user(user).search([("id", "=", record.id)]))

    def test_s8_4_a_technician_works_through_the_form(self):
        """S8.4: the button opens a form that knows the amount."""
        worker = self.as_("technician", self.cheap)
        asked = worker.action_collect()
        with Form(
            worker.env[asked["res_model"]].with_context(**asked["context"])
        ) as form:
            self.assertEqual(form.amount, 90)
            form.method = "wechat"
            form.reference = "4200009"
        form.record.action_confirm()
        self.assertEqual(self.cheap.custody_id.reference, "4200009")
