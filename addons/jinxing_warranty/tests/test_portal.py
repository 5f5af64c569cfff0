from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WarrantyWeb


@tagged("post_install", "-at_install")
class TestPortal(WarrantyWeb):
    """G4: dealers and owners see their machines and cards, and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.card(cls.machine(dealer_id=cls.dealer.id))
        cls.waiting = cls.draft(cls.machine(dealer_id=cls.dealer.id))
        cls.bare = cls.machine(dealer_id=cls.dealer.id)
        cls.old = cls.card(invoice_date=cls.today - timedelta(days=900))
        cls.theirs = cls.card(
            cls.machine(name="RIVAL-1"), dealer_id=cls.rival.id, owner_id=cls.buyer.id
        )

    def page(self, path, role="dealer"):
        self.authenticate(f"b_{role}" if role else None, f"b_{role}" if role else None)
        return self.url_open(path)

    def shown(self, **params):
        """Which machines a list shows."""
        query = "&".join(f"{name}={value}" for name, value in params.items())
        text = self.page(f"/my/machines?{query}").text
        lots = self.mine.lot_id | self.waiting.lot_id | self.bare | self.old.lot_id
        return {lot for lot in lots | self.theirs.lot_id if f'/my/machines/{lot.id}"' in text}

    def test_list(self):
        """G4: all of one's own, with owner and state, none of another dealer's."""
        self.assertEqual(
            self.shown(), {self.mine.lot_id, self.waiting.lot_id, self.bare, self.old.lot_id}
        )
        text = self.page("/my/machines").text
        for words in ("张德福", "三包期内", "待启用", "未登记"):
            self.assertIn(words, text)
        self.assertNotIn("李国全", text)

    def test_filters(self):
        """G4: in cover, out of cover, waiting, not yet registered; an unknown filter is all."""
        for name, lots in (
            ("cover", {self.mine.lot_id}),
            ("ended", {self.old.lot_id}),
            ("draft", {self.waiting.lot_id}),
            ("none", {self.bare}),
        ):
            self.assertEqual(self.shown(filterby=name), lots, name)
        self.assertEqual(len(self.shown(filterby="x' or 1=1")), 4)

    def test_search(self):
        """S8.1: by serial, card, owner or phone; another's machine is not found."""
        for text in (self.mine.serial, self.mine.name, self.mine.lot_id.engine_number):
            self.assertEqual(self.shown(search=text), {self.mine.lot_id}, text)
        self.assertEqual(len(self.shown(search="张德福")), 3)
        self.assertEqual(self.shown(search="RIVAL-1"), set())
        self.assertEqual(self.shown(search="%"), set())
        self.assertEqual(self.shown(search="%00"), {
            self.mine.lot_id, self.waiting.lot_id, self.bare, self.old.lot_id
        })

    def test_pager(self):
        """G4: twenty a page, search and filter kept."""
        for _i in range(22):
            self.machine(dealer_id=self.dealer.id)
        first = self.page("/my/machines?filterby=none").text
        self.assertIn("/my/machines/page/2?", first)
        self.assertIn("filterby=none", first.split("/my/machines/page/2?")[1][:60])
        second = self.page("/my/machines/page/2?filterby=none")
        self.assertIn(self.bare.name, second.text)
        self.assertNotIn(self.bare.name, first)

    def test_machine(self):
        """G4: cover with its last days, the numbers on the card, the bulletins."""
        self.env["jinxing.bulletin"].create(
            [
                {
                    "name": "Belt tension",
                    "product_tmpl_ids": [(6, 0, self.model.product_tmpl_id.ids)],
                },
                {
                    "name": "For staff only",
                    "audience": "internal",
                    "product_tmpl_ids": [(6, 0, self.model.product_tmpl_id.ids)],
                },
            ]
        )
        text = self.page(f"/my/machines/{self.mine.lot_id.id}").text
        for words in (self.mine.name, self.mine.invoice_number, "电瓶", "Belt tension"):
            self.assertIn(words, text)
        self.assertNotIn("For staff only", text)
        self.assertNotIn("/my/machines/register", text)
        text = self.page(f"/my/machines/{self.bare.id}").text
        self.assertIn(f"/my/machines/register?serial={self.bare.name}", text)
        text = self.url_open(f"/my/machines/register?serial={self.bare.name}").text
        self.assertIn(f'value="{self.bare.name}"', text)
        self.assertNotIn(self.mine.lot_id.qr_token, text)

    @mute_logger("odoo.http")
    def test_another_dealers_machine(self):
        """G4: another's, a missing one and a part lead back to the list, with no data."""
        part = self.env["product.product"].create(
            {"name": "Belt", "is_storable": True, "tracking": "lot"}
        )
        lot = self.env["stock.lot"].create({"name": "PARTLOT", "product_id": part.id})
        for number in (self.theirs.lot_id.id, lot.id, 99999999):
            for path in ("", "/card"):
                answer = self.page(f"/my/machines/{number}{path}")
                self.assertTrue(answer.url.endswith("/my/machines"))
                for secret in ("RIVAL-1", "李国全", "13881110099", "PARTLOT"):
                    self.assertNotIn(secret, answer.text)

    def test_another_dealers_card_of_ones_own_machine(self):
        """G4: a void registration of another dealer is not shown with the machine."""
        lot = self.machine(dealer_id=self.dealer.id)
        other = self.draft(lot, dealer_id=self.rival.id, owner_id=self.buyer.id)
        for path in (f"/my/machines/{lot.id}", "/my/machines"):
            text = self.page(path).text
            self.assertIn(lot.name, text)
            self.assertNotIn("李国全", text)
            self.assertNotIn(other.invoice_number, text)

    def test_no_login(self):
        """G4: every page leads to the login."""
        lot = self.mine.lot_id.id
        for path in ("/my/machines", f"/my/machines/{lot}", f"/my/machines/{lot}/card"):
            answer = self.page(path, None)
            self.assertIn("/web/login", answer.url)
            self.assertNotIn(self.mine.serial, answer.text)

    def test_owner_sees_his_machine(self):
        """L-own: with a login of his own; he cannot register."""
        user = self.users["portal"]
        self.mine.action_transfer_owner(user.partner_id, self.today, "13900001111")
        text = self.page("/my/machines", "portal").text
        self.assertIn(self.mine.serial, text)
        self.assertNotIn("jx_register", text)
        self.assertNotIn(self.waiting.serial, text)

    def test_card_as_a_file(self):
        """G4: the active card's print; a draft has none."""
        with patch.object(
            self.env.registry["ir.actions.report"],
            "_render_qweb_pdf",
            lambda *args, **kw: (b"%PDF", "pdf"),
        ):
            answer = self.page(f"/my/machines/{self.mine.lot_id.id}/card")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        answer = self.page(f"/my/machines/{self.waiting.lot_id.id}/card")
        self.assertTrue(answer.url.endswith("/my/machines"))

    def test_home(self):
        """G4: the portal home counts one's own machines."""
        self.assertIn("/my/machines", self.page("/my/home").text)
        counted = self.make_jsonrpc_request("/my/counters", {"counters": ["machine_count"]})
        self.assertEqual(counted["machine_count"], 4)

    def test_staff_sees_the_pages(self):
        """G4: a clerk who looks is not the dealer."""
        answer = self.page("/my/machines", "clerk")
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn(self.mine.serial, answer.text)

    def test_queries_of_the_list(self):
        """G4: no query a row: with twenty machines no more than with four, and few."""
        self.page("/my/machines")
        self.url_open("/my/machines")
        few = self.count("/my/machines")
        for _i in range(18):
            self.card(self.machine(dealer_id=self.dealer.id))
        many = self.count("/my/machines")
        self.assertLessEqual(many, few + 1)
        self.assertLessEqual(many, 30)

    def count(self, path):
        self.env.flush_all()
        before = self.cr.sql_log_count
        self.assertEqual(self.url_open(path).status_code, 200)
        return self.cr.sql_log_count - before
