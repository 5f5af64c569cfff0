from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import RepairCase, RepairData

ORDER = "jinxing_repair.report_dispatch_order"
TICKET = "jinxing_repair.report_registration"


class PrintCase:
    """Prints as the reader's own rights let them."""

    def html(self, report, records, user=None):
        """Return the printed form as the browser would show it."""
        reports = self.env["ir.actions.report"]
        if user:
            reports = reports.with_user(self.users[user])
        return reports._render_qweb_html(report, records.ids)[0].decode()


@tagged("post_install", "-at_install")
class TestPrints(PrintCase, RepairCase):
    """S8.1, S8.9: the dispatch order and the registration form on paper."""

    def test_order_with_free_and_chargeable_fault(self):
        """S8.1, S8.4: both faults with their clauses, each line free or with its price."""
        order = self.signed()
        order.with_user(self.users["technician"]).action_hand_in()
        order.with_user(self.users["supervisor"]).action_close(quality_score=4)
        html = self.html(ORDER, order, "clerk")
        for text in (
            order.name, order.ticket_id.number, "Zhang Defu", "13980123456", "4LZ-4.0",
            "JY20250001", order.card_id.name, "Gearbox leaks oil, battery empty",
            "Oil leak", "Casting flaw", "G4.2", "G4.3", "Gearbox housing", "Battery 12V",
            "Check the oil", self.technician.name,
        ):
            self.assertIn(text, html)
        lines = order._print_lines()
        self.assertEqual([line["fault"] for line in lines], [1, 1, 2, 2])
        self.assertEqual([bool(line["amount"]) for line in lines], [False, False, True, True])
        self.assertAlmostEqual(
            sum(line["amount"] or 0 for line in lines), order.quote_amount, places=2
        )
        self.assertAlmostEqual(order._print_total(), order.accepted_amount, places=2)
        self.assertEqual(html.count("data:image/png;base64"), 4)  # codes and two signatures

    def test_empty_form(self):
        """S8.3: before the visit it has lines to be filled in by hand, and no price."""
        order = self.approved()
        html = self.html(ORDER, order, "supervisor")
        self.assertFalse(order._print_lines())
        self.assertEqual(html.count('class="tall"'), 6)
        self.assertIn("客户签字：", html)

    def test_installation(self):
        """S-inst: an installation order has its own list and no fault lines."""
        ticket = self.register(kind="installation")
        ticket.action_create_dispatch_order()
        html = self.html(ORDER, ticket.order_ids, "clerk")
        self.assertNotIn('class="tall"', html)
        closing = ticket.order_ids.check_ids.filtered(lambda c: c.phase == "closing")
        for name in closing.item_id.with_context(lang="zh_CN").mapped("name"):
            self.assertIn(name, html)

    def test_registration(self):
        """S8.1: customer, address, machine, model, fault, cover and what came of it."""
        order = self.approved(service_address="Luxi 5, drying ground")
        ticket = order.ticket_id
        html = self.html(TICKET, ticket, "clerk")
        for text in (
            ticket.number, self.farmer.name, "13980123456", "Luxi 5, drying ground", "4LZ-4.0",
            "JY20250001", ticket.card_id.name, "Gearbox leaks oil, battery empty", order.name,
            self.users["supervisor"].name,
        ):
            self.assertIn(text, html)

    def test_who_prints_an_order(self):
        """S8.9: our people print what they read; outside only who does the work."""
        order = self.on_site()
        for role in ("clerk", "supervisor", "manager", "parts_keeper", "finance", "technician"):
            with self.subTest(role=role):
                self.assertIn(order.name, self.html(ORDER, order, role))
        for role in ("nobody", "dealer", "other_dealer", "station", "farmer", "other_farmer"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.html(ORDER, order, role)
        with self.assertRaises(AccessError):
            order.with_user(self.users["farmer"]).action_print()

    def test_station_prints_its_own(self):
        """G1.1: the station that has the order prints it; the marks of the factory do not show."""
        order = self.approved(category_ids=[Command.set(self.electrical_category.ids)])
        order.with_user(self.users["clerk"]).action_assign(
            technician_id=self.station_man.id, reason="Nearest"
        )
        for role in ("station", "station_man"):
            self.assertIn(order.name, self.html(ORDER, order, role))
        order.sudo().write({"closed_at": order.approved_at, "time_mark": 77.25})
        self.assertIn("77.25", self.html(ORDER, order, "supervisor"))
        self.assertNotIn("77.25", self.html(ORDER, order, "station"))

    def test_another_technicians_order(self):
        """S8.9: a technician prints his own orders only."""
        order = self.approved()
        with self.assertRaises(AccessError):
            self.html(ORDER, order, "technician")

    def test_who_prints_a_registration(self):
        """S8.1: registrations are for our people, whatever the portal may read of its own."""
        ticket = self.register()
        self.assertIn(ticket.number, self.html(TICKET, ticket, "clerk"))
        for role in ("dealer", "station", "farmer", "other_farmer"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.html(TICKET, ticket, role)

    def test_only_dispatch_orders(self):
        """A repair order of Odoo's own has Odoo's print; ours is offered for ours alone."""
        plain = self.env["repair.order"].create({"product_id": self.part_housing.id})
        with self.assertRaisesRegex(UserError, "no dispatch order"):
            self.html(ORDER, plain)
        order = self.order()
        ours = self.env.ref("jinxing_repair.action_report_dispatch_order")
        core = self.env.ref("repair.action_report_repair_order")
        both = ours | core
        self.assertEqual(both.get_valid_action_reports("repair.order", order.ids), [ours.id])
        self.assertEqual(both.get_valid_action_reports("repair.order", plain.ids), [core.id])

    def test_print_button(self):
        """S8.1: the buttons of both forms open the print of the record."""
        order = self.order()
        action = order.with_user(self.users["clerk"]).action_print()
        self.assertEqual(action["report_name"], ORDER)
        action = order.ticket_id.with_user(self.users["clerk"]).action_print_registration()
        self.assertEqual(action["report_name"], TICKET)

    def test_queries(self):
        """A stack of orders prints without queries for each (lines, steps, checks)."""
        orders = self.order() | self.order(self.other_machine)
        self.html(ORDER, orders, "clerk")
        counts = []
        for records in (orders[0], orders):
            self.env.invalidate_all()
            self.env.cr.flush()
            before = self.cr.sql_log_count
            self.html(ORDER, records, "clerk")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 3, counts)


@tagged("post_install", "-at_install")
class TestPortalPrint(RepairData, HttpCase):
    """S8.9: who does the work prints the dispatch order from his page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order_ = cls.approved(category_ids=[Command.set(cls.electrical_category.ids)])
        cls.order_.with_user(cls.users["clerk"]).action_assign(
            technician_id=cls.station_man.id, reason="Nearest"
        )
        cls.path = f"/my/dispatch/{cls.order_.id}/print"

    def test_station(self):
        """G1.1: station and technician get the paper, and find it on their page."""
        for login in ("r_station", "r_station_man"):
            self.authenticate(login, login)
            page = self.url_open(f"/my/dispatch/{self.order_.id}")
            self.assertIn(self.path, page.text)
            answer = self.url_open(self.path)
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.headers["Content-Type"], "application/pdf")
            self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_others(self):
        """S8.9: owner and dealer follow the order but do not print it; strangers find nothing."""
        for login in ("r_farmer", "r_dealer", "r_other_dealer", "r_other_farmer"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(self.path).status_code, 404, login)
            self.assertNotIn(self.path, self.url_open(f"/my/dispatch/{self.order_.id}").text)

    def test_no_login(self):
        """Without a login there is the login page, and no paper."""
        answer = self.url_open(self.path)
        self.assertNotEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("/web/login", answer.url)

    def test_report_route(self):
        """The general print route of Odoo asks the same question."""
        self.authenticate("r_farmer", "r_farmer")
        with mute_logger("odoo.http"):
            answer = self.url_open(f"/report/html/{ORDER}/{self.order_.id}")
        self.assertNotIn(self.order_.name, answer.text)
        self.assertGreaterEqual(answer.status_code, 400)
