from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .money_common import MoneyData
from .test_settlement import SettlementData


@tagged("post_install", "-at_install")
class TestPortalSettlement(SettlementData, MoneyData, HttpCase):
    """G1.3: a provider reads, disputes and confirms his own settlements, and no other's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ("station_man", "other_dealer", "farmer"):
            cls.users[role].password = cls.users[role].login
        cls.order_ = cls.station_order()
        cls.settlement = cls.reviewed(cls.build())
        cls.url = f"/my/settlements/{cls.settlement.id}"
        cls.line = cls.settlement.line_ids[0]

    def login(self, role):
        login = self.users[role].login
        self.authenticate(login, login)

    def send(self):
        self.as_("supervisor", self.settlement).action_send()

    def post(self, path, token=True, **data):
        if token:
            data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(self.url + path, data=data, allow_redirects=False)

    def test_g1_3_the_provider_reads_his_own(self):
        """G1.3: list and page show the settlement, its lines and how they came about."""
        self.login("station_man")
        self.assertNotIn(self.settlement.name, self.url_open("/my/settlements").text)
        self.assertEqual(self.url_open(self.url).url.rsplit("/", 1)[1], "settlements")
        self.send()
        self.assertIn(self.settlement.name, self.url_open("/my/settlements").text)
        text = self.url_open(self.url).text
        for expected in (self.settlement.name, self.order_.name, "6 × 50 = 300"):
            self.assertIn(expected, text)
        home = self.make_jsonrpc_request("/my/counters", {"counters": ["settlement_count"]})
        self.assertEqual(home["settlement_count"], 1)

    def test_g1_3_nobody_else_gets_anything(self):
        """G1.3: another dealer, a farmer and a visitor get no data and change nothing."""
        self.send()
        for role in ("other_dealer", "farmer"):
            self.login(role)
            for path in ("", "/print"):
                answer = self.url_open(self.url + path)
                self.assertNotIn(self.settlement.name, answer.text, role)
            self.assertNotIn(self.settlement.name, self.url_open("/my/settlements").text)
            self.post("/dispute", line_id=self.line.id, text="Mine")
            self.post("/confirm")
            home = self.make_jsonrpc_request("/my/counters", {"counters": ["settlement_count"]})
            self.assertEqual(home["settlement_count"], 0)
        self.logout()
        for path in ("", "/print"):
            self.assertIn("/web/login", self.url_open(self.url + path).url)
        self.assertIn("/web/login", self.url_open("/my/settlements").url)
        self.assertEqual((self.line.state, self.settlement.confirmed_at), ("approved", False))

    def test_g1_3_disputed_by_form(self):
        """G1.3: a line is disputed by POST with a token; without words it says what is missing."""
        self.send()
        self.login("station_man")
        self.post("/dispute", line_id=self.line.id, text=" ")
        self.assertIn("alert-danger", self.url_open(self.url).text)
        self.assertNotEqual(self.line.state, "disputed")
        self.post("/dispute", line_id=self.line.id, text="It was eight hours")
        self.assertEqual(self.line.state, "disputed")
        self.assertIn("It was eight hours", self.url_open(self.url).text)
        self.post("/confirm")
        self.assertFalse(self.settlement.confirmed_at)
        self.as_("supervisor", self.line).action_approve()
        self.post("/confirm")
        self.assertEqual(self.settlement.confirmed_by_id, self.users["station_man"])

    def test_g1_3_a_line_of_another_settlement(self):
        """G1.3: a foreign or invented line under one's own settlement changes nothing."""
        dealers = self.build(partners=self.other_dealer)
        foreign = self.as_("supervisor", self.env["jinxing.settlement.line"]).create(
            {"settlement_id": dealers.id, "kind": "other", "name": "Crane", "unit_amount": 300}
        )
        self.send()
        self.login("station_man")
        for line_id in (foreign.id, 0, "x", ""):
            answer = self.post("/dispute", line_id=line_id, text="Mine")
            self.assertEqual(answer.status_code, 303)
        self.assertEqual(foreign.state, "to_review")

    @mute_logger("odoo.http")
    def test_g1_3_forged_and_by_a_mere_link(self):
        """G1.3: without the token, or by GET, nothing happens."""
        self.send()
        self.login("station_man")
        for path in ("/confirm", "/dispute"):
            answer = self.post(path, token=False, line_id=self.line.id, text="Forged")
            self.assertEqual(answer.status_code, 400)
            self.assertIn(self.url_open(self.url + path).status_code, (404, 405))
        self.assertEqual((self.line.state, self.settlement.confirmed_at), ("approved", False))

    def test_g1_3_a_cancelled_one_is_gone(self):
        """G1.3: what was cancelled is not shown any more."""
        self.send()
        self.as_("supervisor", self.settlement).action_cancel()
        self.login("station_man")
        self.assertNotIn(self.settlement.name, self.url_open(self.url).text)
