from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ReturnCase


@tagged("post_install", "-at_install")
class TestReturn(ReturnCase):
    """R9-R16 on Odoo's sales, stock and refunds."""

    def test_no_more_than_was_paid(self):
        """R12.1: what the sale says was paid is not raised by hand; without a sale it is given."""
        rma = self.request(self.sale(self.rope, discount=10), condition="good")
        with self.assertRaisesRegex(ValidationError, "no more is refunded"):
            rma.paid_unit = 95
        rma.paid_unit = 80
        rma.action_decide()
        self.assertEqual(rma.refund_amount, 80)
        rma.action_confirm()
        with self.assertRaises(UserError):
            rma.paid_unit = 70

    def test_in_the_currency_of_the_sale(self):
        """R12.1: a sale in another currency is refunded in it, at the price paid."""
        foreign = self.env["res.currency"].with_context(active_test=False).search(
            [("id", "!=", self.company.currency_id.id)], limit=1
        )
        foreign.active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "Export", "currency_id": foreign.id}
        )
        self.farmer.property_product_pricelist = pricelist
        order = self.sale(self.rope, discount=10)
        self.assertEqual(order.currency_id, foreign)
        rma = self.request(order, condition="good")
        rma.action_confirm()
        self.receive(rma)
        self.refund(rma)
        self.assertEqual(rma.sudo().refund_id.currency_id, foreign)
        self.assertEqual(rma.sudo().refund_id.amount_untaxed, 90)

    def test_no_reason_refund_at_the_price_paid(self):
        """R10, R12.1: clean goods go back without a reason, at the price after discount."""
        order = self.sale(self.rope, quantity=3, discount=10)
        rma = self.request(order, quantity=2)
        rma.action_decide()
        self.assertEqual(rma.eligibility, "needs_check")
        with self.assertRaisesRegex(UserError, "may not go back"):
            rma.action_confirm()
        rma.condition = "good"
        rma.action_confirm()
        self.assertEqual((rma.eligibility, rma.price_clause), ("eligible", "R12.1"))
        self.assertEqual(rma.refund_amount, 180)
        self.receive(rma)
        with self.assertRaisesRegex(AccessError, "finance"):
            rma.action_refund()
        self.refund(rma)
        refund = rma.sudo().refund_id
        self.assertEqual(refund.amount_untaxed, 180)
        self.assertEqual(refund.move_type, "out_refund")
        decision = rma.decision_ids.filtered(lambda d: d.kind == "refund_price")
        self.assertIn("90", decision[-1:].explanation)
        with self.assertRaisesRegex(UserError, "refunded already"):
            self.refund(rma)

    def test_three_guarantees_after_the_days(self):
        """R11: a part goes back on day 7 like normal goods, on day 8 with a report only."""
        early = self.request(self.sale(self.part_battery, days=7), condition="good")
        early.action_decide()
        self.assertEqual(early.eligibility, "eligible")
        late = self.request(self.sale(self.part_battery, days=8), condition="good")
        late.action_decide()
        self.assertEqual(late.eligibility, "needs_report")
        with self.assertRaisesRegex(UserError, "inspection report"):
            late.action_confirm()
        late.write(self.report())
        late.action_decide()
        self.assertEqual(late.eligibility, "eligible")
        standing = late.decision_ids.filtered(
            lambda d: d.kind == "return" and not d.superseded_by_id
        )
        self.assertEqual(standing.clause_codes, ["R11"])

    def test_season_and_company_fault(self):
        """R12.2, R12.3: late seasonal goods at today's price; our fault at the purchase's."""
        yesterday = self.today - timedelta(days=1)
        self.rope.product_tmpl_id.write(
            {"is_seasonal": True, "season_end": yesterday.strftime("%m-%d")}
        )
        order = self.sale(self.rope, quantity=2, days=20)
        self.rope.list_price = 60
        rma = self.request(order, condition="good")
        rma.action_decide()
        self.assertEqual((rma.price_clause, rma.refund_unit), ("R12.2", 60))
        rma.write({"company_fault": True, "company_fault_note": "Forklift"})
        rma.action_decide()
        self.assertEqual((rma.price_clause, rma.refund_unit), ("R12.3", 100))

    def test_misuse_is_refused_and_something_offered(self):
        """R13: refused with the clause; a repair is registered or a talk opened by one click."""
        rma = self.request(self.sale(self.rope), condition="bad", misuse="Torn by a fork")
        rma.action_decide()
        self.assertEqual(rma.eligibility, "refused")
        self.assertEqual(rma.decision_ids[:1].clause_codes, ["R13"])
        rma.action_offer_repair()
        self.assertEqual(rma.ticket_id.kind, "repair")
        self.assertEqual(rma.ticket_id.partner_id, self.farmer)
        action = rma.action_negotiate()
        talk = rma.negotiation_ids
        self.assertEqual(action["res_id"], talk.id)
        failing = self.assertRaises(CheckViolation)
        with failing, mute_logger("odoo.sql_db"), self.cr.savepoint():
            talk.outcome = "agreed"
            talk.flush_recordset()

    def test_not_our_sale(self):
        """R10: what a dealer sold is his sale."""
        rma = self.env["rma"].with_user(self.clerk).create(
            {
                "partner_id": self.farmer.id,
                "product_id": self.model.id,
                "lot_id": self.machine.id,
                "product_uom_qty": 1,
                "operation_id": self.refund_operation.id,
                "condition": "good",
            }
        )
        self.assertFalse(rma.own_sale)
        rma.action_decide()
        self.assertEqual(rma.eligibility, "refused")

    def test_exchange_of_a_machine(self):
        """G2, L-new: a machine of the same model comes with its card; the old is replaced."""
        order = self.sale(self.model, price=98000, serial="JY20260001")
        lot = order.picking_ids.move_ids.move_line_ids.lot_id
        card = lot.card_ids
        card.write({"invoice_number": "I1", "invoice_date": self.today})
        card.action_activate()
        rma = self.request(
            order,
            self.replace_operation,
            condition="good",
        )
        with self.assertRaisesRegex(UserError, "in stock"):
            rma.action_confirm()
        new = self.stock(self.model, 1, serial="JY20260002")
        self.env.invalidate_all()
        rma.action_confirm()
        self.receive(rma)
        with self.assertRaisesRegex(UserError, "same model"):
            rma.create_replace(
                rma.date, rma.warehouse_id, self.other_model, 1, self.other_model.uom_id
            )
        rma.sudo().create_replace(rma.date, rma.warehouse_id, self.model, 1, self.model.uom_id)
        delivery = rma.sudo().delivery_move_ids
        delivery._action_assign()
        delivery.quantity = 1
        delivery.move_line_ids.lot_id = new
        delivery.picked = True
        delivery.picking_id._action_done()
        self.assertEqual(rma.state, "replaced")
        self.assertEqual(rma.new_lot_id, new)
        self.assertEqual(rma.new_card_id.state, "active")
        self.assertEqual(rma.new_card_id.lot_id, new)
        self.assertEqual(card.state, "replaced")
        self.assertEqual(card.replaced_by_id, rma.new_card_id)

    def test_partial_quantities(self):
        """R10: no more comes back than was bought, over all requests."""
        order = self.sale(self.rope, quantity=3)
        first = self.request(order, quantity=2, condition="good")
        first.action_confirm()
        second = self.request(order, quantity=2, condition="good")
        with self.assertRaisesRegex(ValidationError, "came back already"):
            second.action_confirm()

    def test_departments(self):
        """R14: each department has its task and day; events finish them; late ones are found."""
        rma = self.request(self.sale(self.rope), condition="good")
        rma.action_confirm()
        tasks = rma.task_ids
        self.assertEqual(
            set(tasks.mapped("department")), {"warehouse", "transport", "finance", "production"}
        )
        tasks.sudo().date_due = self.today - timedelta(days=1)
        late = self.env["jinxing.return.task"].search([("is_late", "=", True)])
        self.assertEqual(late & tasks, tasks)
        self.assertEqual(rma.late_task_count, len(tasks))
        self.receive(rma)
        self.refund(rma)
        done = tasks.filtered("done_at")
        self.assertEqual(set(done.mapped("department")), {"warehouse", "finance"})
        with self.assertRaises(UserError):
            tasks[:1].with_user(self.clerk).write({"done_at": False})
        (tasks - done).with_user(self.clerk).action_done()
        self.assertFalse(self.env["jinxing.return.task"].search([("is_late", "=", True)]) & tasks)

    def test_form_prints(self):
        """R14: the return form prints for clerk and warehouse: question, answer, price, tasks."""
        rma = self.request(self.sale(self.part_battery, discount=10), condition="good")
        rma.action_confirm()
        for role in ("clerk", "parts_keeper", "finance"):
            report = self.env["ir.actions.report"].with_user(self.users[role])
            html = report._render_qweb_html("jinxing_return.report_return", rma.ids)[0].decode()
            for expected in (rma.name, "Battery 12V", "90.00", rma.task_ids[0].name):
                self.assertIn(expected, html)

    def test_close_with_cause(self):
        """R16: closed with cause, department and person only, by a supervisor."""
        rma = self.request(self.sale(self.rope), condition="good")
        boss = rma.with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "not settled"):
            boss.action_close_return()
        rma.action_confirm()
        self.receive(rma)
        self.refund(rma)
        with self.assertRaisesRegex(UserError, "R16"):
            boss.action_close_return()
        boss.write(
            {
                "cause": "Wrong size packed",
                "cause_department_id": self.department.id,
                "cause_employee_id": self.employee.id,
            }
        )
        with self.assertRaises(AccessError):
            rma.action_close_return()
        boss.action_close_return()
        self.assertTrue(rma.closed_at)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            boss.cause = "Something else"
        groups = self.env["rma"]._read_group(
            [("closed_at", "!=", False)], ["cause_department_id"], ["refund_amount:sum"]
        )
        self.assertIn((self.department, 100.0), groups)

    def test_decided_by_the_rules_alone(self):
        """R9: nobody writes the answer or the price, nor the facts once goods are on their way."""
        rma = self.request(self.sale(self.rope), condition="good")
        for vals in ({"eligibility": "eligible"}, {"refund_unit": 1}, {"refund_amount": 1}):
            with self.assertRaises(UserError):
                rma.write(vals)
            with self.assertRaises(UserError):
                rma.create({"partner_id": self.farmer.id, **vals})
        rma.action_confirm()
        for vals in ({"condition": "bad"}, {"product_uom_qty": 5}, {"sold_date": self.today}):
            with self.assertRaises(UserError):
                rma.write(vals)

    @mute_logger("odoo.sql_db")
    def test_policy_versions(self):
        """R9: versions hold from their day; a used one stays; none is weaker than R11's days."""
        policies = self.env["jinxing.return.policy"].with_user(self.users["manager"])
        used = self.env.ref("jinxing_return.return_policy_2014").with_user(self.users["manager"])
        with self.assertRaises(UserError):
            used.normal_days = 10
        with self.assertRaises(UserError):
            used.unlink()
        new = policies.create(
            {"name": "2027", "date_from": self.today + timedelta(days=30), "normal_days": 15}
        )
        find = self.env["jinxing.return.policy"]._for_day
        self.assertEqual(find(self.today, self.company), used)
        self.assertEqual(find(self.today + timedelta(days=30), self.company), new)
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            policies.create({"name": "x", "date_from": self.today, "normal_days": 5})
        with self.assertRaises(ValidationError):
            policies.create(
                {"name": "x", "date_from": self.today, "normal_days": 7, "no_reason_days": 3}
            )
        with self.assertRaises(AccessError):
            policies.with_user(self.clerk).create({"name": "x", "date_from": self.today})

    def test_roles(self):
        """R14: who sees and does what."""
        rma = self.request(self.sale(self.rope), condition="good")
        for role in ("parts_keeper", "finance"):
            self.assertTrue(rma.with_user(self.users[role]).read(["name"]))
            with self.assertRaises(AccessError):
                rma.with_user(self.users[role]).action_decide()
        for role in ("other_dealer", "other_farmer"):
            with self.assertRaises(AccessError):
                rma.with_user(self.users[role]).read(["name"])
            with self.assertRaises(AccessError):
                self.env["jinxing.return.task"].with_user(self.users[role]).search([])
        foreign = self.env["res.company"].create({"name": "Other factory"})
        user = self.clerk.copy({"login": "foreign_clerk"})
        user.write({"company_id": foreign.id, "company_ids": [(6, 0, foreign.ids)]})
        with self.assertRaises(AccessError):
            rma.with_user(user).read(["name"])

    def test_each_role_opens_the_form(self):
        """R14: clerk, warehouse, supervisor, manager and finance open a return and its list."""
        rma = self.request(self.sale(self.part_battery), condition="good")
        rma.action_confirm()
        self.receive(rma)
        self.refund(rma)
        for role in ("clerk", "parts_keeper", "supervisor", "manager", "finance"):
            with self.subTest(role):
                self.env.invalidate_all()
                form = Form(
                    rma.with_user(self.users[role]), view="jinxing_return.return_view_form"
                )
                self.assertEqual(form.refund_amount, 100)
                self.assertEqual(form.order_id, rma.order_id)

    def test_query_count(self):
        """R9: deciding on fifty requests costs little more than on one."""
        order = self.sale(self.rope, quantity=60)
        one = self.request(order, condition="good")
        many = self.env["rma"].concat(
            *[self.request(order, condition="good") for _number in range(20)]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(120):
            one.action_decide()
            self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(200):
            many.action_decide()
            self.env.flush_all()
