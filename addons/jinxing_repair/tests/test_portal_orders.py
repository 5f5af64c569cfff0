from lxml import html

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import RepairData
from .common_onsite import PICTURE, OnsiteData


@tagged("post_install", "-at_install")
class TestPortalOrders(OnsiteData, RepairData, HttpCase):
    """G1.1, G3.1, S8.9: dealers, stations and owners follow their dispatch orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.speak_english()

    def sign_in(self, user):
        login = self.users[user].login if user else None
        self.authenticate(login, login)

    def page(self, path, user=None):
        if user:
            self.sign_in(user)
        return self.url_open(path)

    def said(self, answer):
        """What stands against the answer given."""
        return html.fromstring(answer.text).xpath("string(//div[@role='alert'])")

    def post(self, path, **data):
        return self.url_open(
            path, data={"csrf_token": Request.csrf_token(self), **data}, allow_redirects=False
        )

    def offered(self, machine=None):
        """An order offered to the station, which names the technician itself."""
        order = self.approved(machine)
        order.with_user(self.users["supervisor"]).action_assign(
            provider_id=self.station.id, reason="It is near"
        )
        return order

    def test_list(self):
        """Each sees the orders that concern him, and nobody else's."""
        mine, other = self.at_work(), self.offered(self.other_machine)
        for user, seen in (
            ("dealer", mine), ("farmer", mine | other), ("station", other),
            ("other_dealer", other), ("station_man", other), ("technician", mine),
        ):
            with self.subTest(user=user):
                text = self.page("/my/dispatch", user).text
                for order in mine | other:
                    check = self.assertIn if order in seen else self.assertNotIn
                    check(order.name, text)
        for user in ("other_farmer", "nobody"):
            text = self.page("/my/dispatch", user).text
            self.assertNotIn(mine.name, text)
            self.assertIn("No dispatch order found", text)

    def test_search_and_filter(self):
        """By number, serial, model, customer or phone, and by step."""
        mine, other = self.at_work(), self.offered(self.other_machine)
        self.sign_in("farmer")
        for search in (mine.name, "JY20250001", "0001"):
            text = self.page(f"/my/dispatch?search={search}").text
            self.assertIn(f"/my/dispatch/{mine.id}", text)
            self.assertNotIn(f"/my/dispatch/{other.id}", text)
        self.assertIn(other.name, self.page("/my/dispatch?search=r_farmer").text)
        self.assertIn(other.name, self.page("/my/dispatch?search=80123456").text)
        text = self.page("/my/dispatch?filterby=new").text
        self.assertIn(other.name, text)
        self.assertNotIn(mine.name, text)
        self.assertIn(mine.name, self.page("/my/dispatch?filterby=under_way").text)
        self.assertIn(mine.name, self.page("/my/dispatch?filterby=nonsense").text)

    def test_searching_finds_nothing_of_others(self):
        """A search cannot tell whether another's customer exists."""
        self.at_work()
        text = self.page("/my/dispatch?search=r_farmer", "other_dealer").text
        self.assertIn("No dispatch order found", text)

    @mute_logger("odoo.http")
    def test_detail_of_others(self):
        """Another's, a plain and a missing order are all not found."""
        order = self.at_work()
        plain = self.env["repair.order"].create({"partner_id": self.other_farmer.id})
        for user in ("other_dealer", "station", "other_farmer", "nobody", "station_man"):
            for number in (order.id, plain.id, plain.id + 10**6):
                answer = self.page(f"/my/dispatch/{number}", user)
                self.assertEqual(answer.status_code, 404, user)
                self.assertNotIn(order.name, answer.text)

    def test_no_login(self):
        """Without login all pages lead to the login."""
        order = self.offered()
        self.sign_in(None)
        for path in ("", f"/{order.id}", f"/{order.id}/photo/1"):
            answer = self.page(f"/my/dispatch{path}")
            self.assertIn("/web/login", answer.url)
            self.assertNotIn(order.name, answer.text)

    def test_detail(self):
        """G4.3, S8.9: steps, technician with phone and time, faults with verdict and reason."""
        self.technician.phone = "13700000001"
        order = self.signed()
        for user in ("farmer", "dealer"):
            text = self.page(f"/my/dispatch/{order.id}", user).text
            for part in (order.name, self.technician.name, "tel:13700000001", "Battery",
                         "Chargeable", "Free", "G4.3", "Why?", "Check the oil"):
                self.assertIn(part, text, user)
        tree = html.fromstring(self.page(f"/my/dispatch/{order.id}", "farmer").text)
        self.assertEqual(len(tree.xpath("//li[contains(@class, 'jx_taken')]")), 8)

    def test_internal_parts_do_not_show(self):
        """Assessment, reasons, notes of the office and prices of others never show."""
        order = self.signed()
        order.with_user(self.users["technician"]).action_hand_in()
        order.with_user(self.users["supervisor"]).action_close(2, note="Sloppy work")
        order.with_user(self.users["clerk"]).message_post(body="Customer complains a lot")
        for user in ("farmer", "dealer"):
            text = self.page(f"/my/dispatch/{order.id}", user).text
            for secret in ("Sloppy", "complains a lot", "Dealer has no technician free"):
                self.assertNotIn(secret, text)
            # what the customer pays is between him and who repairs
            check = self.assertIn if user == "farmer" else self.assertNotIn
            check("710.00", text)
        self.assertNotIn("13980123456", self.page(f"/my/dispatch/{order.id}", "farmer").text)
        self.assertIn("13980123456", self.page(f"/my/dispatch/{order.id}", "dealer").text)

    def test_accept(self):
        """G1.1, T3: the provider names one of his technicians, whose grade must do."""
        order = self.offered()
        path = f"/my/dispatch/{order.id}/accept"
        self.sign_in("station")
        answer = self.post(path, technician_id=self.station_man.id)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("may not be sent", self.said(answer))
        self.assertEqual(order.service_state, "assigned")
        order.with_user(self.users["clerk"]).category_ids = self.electrical_category
        answer = self.post(path, technician_id=self.technician.id)
        self.assertIn("no technician of the provider", self.said(answer))
        self.post(path, technician_id="")
        self.post(path, technician_id="x")
        self.assertEqual(order.service_state, "assigned")
        answer = self.post(path, technician_id=self.station_man.id)
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(order.service_state, "accepted")
        self.assertEqual(order.technician_id, self.station_man)
        self.assertIn(order.name, self.page("/my/jobs", "station_man").text)

    def test_decline(self):
        """G3.1: declining needs a reason; the order then is not the station's any more."""
        order = self.offered()
        path = f"/my/dispatch/{order.id}/decline"
        self.sign_in("station")
        answer = self.post(path, reason="  ")
        self.assertIn("reason is needed", self.said(answer))
        self.assertEqual(order.service_state, "assigned")
        answer = self.post(path, reason="All men are out")
        self.assertEqual(answer.status_code, 303, self.said(answer))
        self.assertTrue(answer.headers["Location"].endswith("/my/dispatch"))
        self.assertEqual((order.service_state, order.provider_id.id), ("approved", False))
        step = order.step_ids.filtered(lambda s: s.action == "decline")
        self.assertEqual(step.reason, "All men are out")

    @mute_logger("odoo.http")
    def test_answering_is_for_the_provider(self):
        """Nobody else answers for the provider, whoever may see the order."""
        order = self.offered()
        for user in ("dealer", "farmer", "other_dealer", "other_farmer", "technician", "clerk"):
            self.sign_in(user)
            for path, data in (("accept", {"technician_id": self.station_man.id}),
                               ("decline", {"reason": "No"})):
                answer = self.post(f"/my/dispatch/{order.id}/{path}", **data)
                self.assertEqual(answer.status_code, 404, (user, path))
        self.assertEqual(order.service_state, "assigned")

    @mute_logger("odoo.http")
    def test_forged(self):
        """State changes are POST with a token of the session."""
        order = self.offered()
        self.sign_in("station")
        for path in ("accept", "decline"):
            url = f"/my/dispatch/{order.id}/{path}"
            self.assertEqual(self.url_open(url).status_code, 405)
            forged = self.url_open(url, data={"reason": "No", "technician_id": "1"})
            self.assertEqual(forged.status_code, 400)
            wrong = self.url_open(url, data={"reason": "No", "csrf_token": "0" * 40 + "o9999"})
            self.assertEqual(wrong.status_code, 400)
        self.assertEqual(order.service_state, "assigned")

    def test_receipt(self):
        """S8.6: the receipt for the machine is there to print, for those concerned only."""
        order = self.at_work()
        self.change(order, "take_back", {"condition": "Dusty", "handed_over_by": "Zhang Defu",
                                         "signature": PICTURE})
        path = f"/my/dispatch/{order.id}/receipt/{order.receipt_ids.id}"
        self.assertIn(path, self.page(f"/my/dispatch/{order.id}", "farmer").text)
        answer = self.page(path)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn(b"Dusty", answer.content)  # in tests a page stands for the PDF
        for user in ("other_farmer", "other_dealer", "station"):
            self.assertEqual(self.page(path, user).status_code, 404)
        missing = f"/my/dispatch/{order.id}/receipt/{order.receipt_ids.id + 1000}"
        self.assertEqual(self.page(missing, "farmer").status_code, 404)

    def test_home(self):
        """The portal home has a card with the number of orders, technicians one of their own."""
        self.at_work()
        counters = {"counters": ["dispatch_count", "job_count"]}
        for user, orders, jobs in (("farmer", 1, 0), ("dealer", 1, 0), ("other_dealer", 0, 0),
                                   ("technician", 1, 1), ("nobody", 0, 0)):
            text = self.page("/my/home", user).text
            self.assertIn("/my/dispatch", text)
            check = self.assertIn if user == "technician" else self.assertNotIn
            check('href="/my/jobs"', text)
            counted = self.make_jsonrpc_request("/my/counters", counters)
            self.assertEqual((counted["dispatch_count"], counted["job_count"]), (orders, jobs))

    def test_pager_and_queries(self):
        """The list costs the same for many orders, at most 15 queries."""
        counts, orders = {}, self.env["repair.order"]
        self.sign_in("dealer")
        for wanted in (1, 50):
            while orders.search_count([("dealer_id", "=", self.dealer.id)]) < wanted:
                self.approved()
            self.page("/my/dispatch")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            text = self.page("/my/dispatch").text
            counts[wanted] = self.cr.sql_log_count - before
        self.assertIn("/my/dispatch/page/2", text)
        self.assertIn("/my/dispatch/page/3", self.page("/my/dispatch/page/2").text)
        self.assertLessEqual(counts[50], 15)
        self.assertLessEqual(counts[50], counts[1] + 1)
