import re
from contextlib import contextmanager
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.stock_lot import StockLot
from .common import WarrantyWeb, photo

HISTORY = [
    {
        "date": "2026-05-04",
        "fault": "Gearbox leaks",
        "result": "Housing replaced",
        "parts": "JX-BSX-01",
        "guarantee_until": "2026-06-03",
    }
]


@tagged("post_install", "-at_install")
class TestPublic(WarrantyWeb):
    """G1.5: what the QR code opens, without login, and what it does not give away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"phone": "0838-2901234"})
        cls.lot = cls.card(name="JS-4711").lot_id
        cls.other = cls.card(name="JS-4712", owner_id=cls.buyer.id).lot_id

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def post(self, lot, path, token=None, files=None, csrf=True, **values):
        page = self.url_open(f"/w/{lot.qr_token}").text
        if csrf:
            values["csrf_token"] = page.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(f"/w/{token or lot.qr_token}/{path}", data=values, files=files)

    def history(self, card="JS-4711", last4="3456", lot=None, **kw):
        return self.post(lot or self.lot, "history", card=card, last4=last4, **kw)

    @contextmanager
    def repairs(self):
        lots = self.env.registry["stock.lot"]
        with patch.object(lots, "_repair_history", lambda _self: HISTORY):
            yield

    # -- the page ------------------------------------------------------------------------------

    def test_page(self):
        """G1.5: cover of each class, its last day and state, hotline; no person's data."""
        answer = self.url_open(f"/w/{self.lot.qr_token}")
        self.assertEqual(answer.status_code, 200)
        for words in (self.lot.name, "Combine A", 'href="tel:0838-2901234"', "三包期内"):
            self.assertIn(words, answer.text)
        for secret in ("张德福", "13980123456", "3456", "JS-4711", self.dealer.name, "/my/"):
            self.assertNotIn(secret, answer.text)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(answer.headers["X-Robots-Tag"], "noindex")

    def test_page_in_chinese(self):
        """G1.5: whatever language the phone asks for."""
        answer = self.url_open(f"/w/{self.lot.qr_token}", headers={"Accept-Language": "en"})
        self.assertIn("整机", answer.text)
        self.assertIn("报修", answer.text)
        for english in ("Cover", "Serial number", "Repair history", "Report a fault"):
            self.assertNotIn(f">{english}", answer.text)

    def test_machine_without_card(self):
        """G1.5: the page says so, and the history stays shut."""
        lot = self.machine()
        self.assertIn("尚未登记三包凭证", self.url_open(f"/w/{lot.qr_token}").text)
        for card, last4 in (("", ""), ("-", "-"), ("/", "0000")):
            self.assertIn("不符", self.history(card, last4, lot).text)

    # -- one answer to everything that is wrong ------------------------------------------------

    def test_wrong_tokens(self):
        """G1.5: wrong, guessed, malformed or a part's: one same answer, a 404."""
        real = self.lot.qr_token
        tokens = (
            "x",
            "A" * 24,
            real[:-1] + ("A" if real[-1] != "A" else "B"),
            real[:-1],
            real + "A",
            real.swapcase(),
            "%25" * 8,
            "%00" * 8,
            "登" * 8,
            "' OR 1=1 --",
            "A" * 2000,
        )
        answers = [self.url_open(f"/w/{token}") for token in tokens]
        self.assertEqual({answer.status_code for answer in answers}, {404})
        # the page's own token against forged posts is new each second
        texts = {re.sub(r'csrf_token: "\w+"', "", answer.text) for answer in answers}
        self.assertEqual(len(texts), 1)
        self.assertNotIn(self.lot.name, answers[0].text)

    def test_wrong_card_or_phone(self):
        """G1.5: another machine's card, a wrong number, a wrong phone: one same answer."""
        texts = set()
        for card, last4 in (
            ("JS-4712", "0099"),
            ("JS-4712", "3456"),
            ("JS-4711", "0099"),
            ("JS-4711", ""),
            ("", "3456"),
        ):
            answer = self.history(card, last4)
            self.assertEqual(answer.status_code, 200)
            body = answer.text.split('id="history"')[1].split("csrf_token")[0]
            texts.add(body)
        self.assertEqual(len(texts), 1)
        self.assertIn("不符", texts.pop())

    def test_odd_characters(self):
        """G1.5: Chinese, full-width digits, zero bytes: an answer, no error of the server."""
        for card, last4 in (("三包凭证", "三四五六"), ("JS\x004711", "\x00"), ("é", "é")):
            self.assertEqual(self.history(card, last4).status_code, 200)
        self.env["jinxing.public.try"].search([]).unlink()
        with self.repairs():
            self.assertIn("Gearbox leaks", self.history(" js-4711 ", "３４５６").text)

    def test_timing_class(self):
        """G1.5: a wrong token takes as long as another wrong one, a wrong card as a wrong phone."""
        limit = self.env["jinxing.policy.parameter"].search([("key", "=", "public_page_tries")])
        limit.value_ids.value = "1000"

        def spent(call):
            call()
            times = []
            for _i in range(9):
                began = perf_counter()
                call()
                times.append(perf_counter() - began)
            return median(times)

        guessed = spent(lambda: self.url_open(f"/w/{'A' * 24}"))
        malformed = spent(lambda: self.url_open("/w/x"))
        self.assertLess(abs(guessed - malformed), max(guessed, malformed) / 2 + 0.01)
        card = spent(lambda: self.history("JS-4712", "3456"))
        number = spent(lambda: self.history("JS-4711", "0099"))
        self.assertLess(abs(card - number), max(card, number) / 2 + 0.01)

    def test_queries(self):
        """G1.5: the page in fewer than ten queries beyond the session's own."""
        path = f"/w/{self.lot.qr_token}"
        self.url_open(path)
        self.url_open(path)
        before = self.cr.sql_log_count
        self.url_open(path)
        self.assertLessEqual(self.cr.sql_log_count - before, 20)

    # -- history -------------------------------------------------------------------------------

    def test_history(self):
        """G1.5: date, fault, parts, result, guarantee until; nothing before the proof."""
        with self.repairs():
            self.assertNotIn("Gearbox leaks", self.url_open(f"/w/{self.lot.qr_token}").text)
            self.assertNotIn("Gearbox leaks", self.history(last4="0000").text)
            text = self.history().text
        for words in ("Gearbox leaks", "Housing replaced", "JX-BSX-01", "2026"):
            self.assertIn(words, text)
        self.assertNotIn("张德福", text)

    def test_history_of_another_machine(self):
        """G1.5: card and phone are right, but of another machine."""
        with self.repairs():
            self.assertNotIn("Gearbox leaks", self.history(lot=self.other).text)

    def test_history_after_a_change_of_owner(self):
        """L-own: the new owner's phone opens it, the old one's no longer."""
        self.lot.card_id.action_transfer_owner(self.buyer, self.today)
        with self.repairs():
            self.assertNotIn("Gearbox leaks", self.history().text)
            self.assertIn("Gearbox leaks", self.history(last4="0099").text)

    @mute_logger("odoo.http")
    def test_history_is_asked_by_post(self):
        """G1.5: never by a link, never without the page's own token."""
        self.assertEqual(self.url_open(f"/w/{self.lot.qr_token}/history").status_code, 405)
        self.assertEqual(self.history(csrf=False).status_code, 400)
        self.assertEqual(self.history(token="A" * 24).status_code, 404)

    # -- five tries an hour --------------------------------------------------------------------

    def test_five_tries_an_hour(self):
        """G1.5: the sixth is refused, even with the right answer; the next hour it is not."""
        with self.repairs():
            for _i in range(5):
                self.assertEqual(self.history(last4="0000").status_code, 200)
            answer = self.history()
            self.assertEqual(answer.status_code, 429)
            self.assertIn("尝试次数过多", answer.text)
            self.assertNotIn("Gearbox leaks", answer.text)
            self.assertEqual(self.history(card="JS-4712", last4="0099", lot=self.other).status_code,
                             200, "another machine is another count")

    def test_counting(self):
        """G1.5: for each machine and address; refused tries do not make it longer."""
        tries = self.env["jinxing.public.try"]
        start = datetime(2026, 5, 4, 8)
        with freeze_time(start) as clock:
            for _i in range(5):
                self.assertTrue(tries._allow("t", "1.1.1.1"))
                clock.tick(timedelta(minutes=5))
            self.assertFalse(tries._allow("t", "1.1.1.1"))
            self.assertFalse(tries._allow("t", "1.1.1.1"))
            self.assertTrue(tries._allow("t", "2.2.2.2"))
            self.assertTrue(tries._allow("u", "1.1.1.1"))
            self.assertTrue(tries._allow("t", "1.1.1.1", "fault"))
            clock.move_to(start + timedelta(minutes=61))
            self.assertTrue(tries._allow("t", "1.1.1.1"), "the first one is over an hour ago")
            self.assertFalse(tries._allow("t", "1.1.1.1"), "the other four are not")
            self.assertEqual(tries.search_count([]), 4)
            clock.move_to(start + timedelta(days=2))
            tries._gc_tries()
            self.assertFalse(tries.search_count([]))

    def test_nothing_readable_is_kept(self):
        """G1.5: neither token nor address."""
        tries = self.env["jinxing.public.try"]
        tries._allow("secret-token", "1.1.1.1")
        kept = str(tries.search([]).read())
        self.assertNotIn("secret-token", kept)
        self.assertNotIn("1.1.1.1", kept)

    def test_number_of_tries_is_policy(self):
        """G1.5: the five is data."""
        parameter = self.env["jinxing.policy.parameter"].search(
            [("key", "=", "public_page_tries")]
        )
        parameter.value_ids.value = "1"
        tries = self.env["jinxing.public.try"]
        self.assertTrue(tries._allow("t", "1.1.1.1"))
        self.assertFalse(tries._allow("t", "1.1.1.1"))

    # -- a fault -------------------------------------------------------------------------------

    def fault(self, files=None, **changes):
        # as this addon takes a report by itself; dispatch makes a registration of it
        self.patch(self.registry["stock.lot"], "_report_fault", StockLot._report_fault)
        values = {"name": "王秀英", "number": "15983210987", "fault": "割台不动了", **changes}
        return self.post(self.lot, "fault", files=files, **values)

    def test_report_a_fault(self):
        """S8.1: a message on the machine with the photo, a task for a clerk, thanks."""
        answer = self.fault(files={"photo": ("f.jpg", photo(), "image/jpeg")})
        self.assertIn("reported=1", answer.url)
        self.assertIn("谢谢", answer.text)
        message = self.lot.message_ids[0]
        for words in ("王秀英", "15983210987", "割台不动了"):
            self.assertIn(words, message.body)
        self.assertEqual(len(message.attachment_ids), 1)
        activity = self.lot.activity_ids
        self.assertTrue(activity.user_id.has_group("jinxing_base.group_clerk"))
        self.assertIn("15983210987", activity.summary)

    def test_report_is_escaped(self):
        """S8.1: what a stranger writes is text."""
        self.fault(fault="<script>alert(1)</script>")
        self.assertNotIn("<script>", self.lot.message_ids[0].body)
        self.assertIn("&lt;script&gt;", self.lot.message_ids[0].body)

    def test_errors_stay_beside_their_fields(self):
        """S8.1: nothing is lost, nothing is sent."""
        answer = self.fault(name="", number="12", fault="割台不动了")
        self.assertEqual(answer.text.count('class="invalid-feedback"'), 2)
        self.assertIn("割台不动了", answer.text)
        self.assertFalse(self.lot.activity_ids)
        answer = self.fault(fault="", files={"photo": ("f.pdf", b"%PDF", "image/jpeg")})
        self.assertIn("只接受照片", answer.text)
        self.assertFalse(self.lot.activity_ids)

    @mute_logger("odoo.http")
    def test_reports_are_limited_and_guarded(self):
        """S8.1: as many an hour as tries, by POST, with the page's own token."""
        self.assertEqual(self.url_open(f"/w/{self.lot.qr_token}/fault").status_code, 405)
        self.assertEqual(self.fault(csrf=False).status_code, 400)
        self.assertEqual(self.fault(token="A" * 24).status_code, 404)
        for _i in range(5):
            self.fault()
        self.assertEqual(self.fault().status_code, 429)
        self.assertEqual(len(self.lot.activity_ids), 5)
