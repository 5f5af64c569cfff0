from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import DAY, BaseData


@tagged("post_install", "-at_install")
class TestPortal(BaseData, HttpCase):
    """G3.3: the network reads its bulletins in the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network, cls.internal, cls.future, cls.foreign = cls.env["jinxing.bulletin"].create(
            [
                {"name": "Belt tension", "number": "JX-XX-1", "body": "<p>60 to 80 N</p>"},
                {"name": "Only for us", "audience": "internal"},
                {"name": "From tomorrow", "date": cls.today + DAY},
                {"name": "Of another factory", "company_id": cls.other_company.id},
            ]
        )
        cls.hidden = cls.internal | cls.future | cls.foreign

    def page(self, path, role="portal"):
        if role:
            self.authenticate(f"b_{role}", f"b_{role}")
        return self.url_open(path)

    def test_list(self):
        """G3.3: the list shows what is published to the network, and nothing else."""
        for role in ("portal", "clerk"):
            answer = self.page("/my/bulletins", role)
            self.assertEqual(answer.status_code, 200)
            self.assertIn("Belt tension", answer.text)
            self.assertIn(f"/my/bulletins/{self.network.id}", answer.text)
            for bulletin in self.hidden:
                self.assertNotIn(bulletin.name, answer.text)

    def test_detail(self):
        """G3.3: a bulletin opens with its text."""
        answer = self.page(f"/my/bulletins/{self.network.id}")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("60 to 80 N", answer.text)
        self.assertIn("JX-XX-1", answer.text)

    @mute_logger("odoo.http")
    def test_not_for_the_reader(self):
        """G3.3: internal, coming, foreign and missing bulletins are all not found."""
        missing = self.network.copy().id + 1000
        for number in (*self.hidden.ids, missing):
            answer = self.page(f"/my/bulletins/{number}")
            self.assertEqual(answer.status_code, 404)
            for bulletin in self.hidden:
                self.assertNotIn(bulletin.name, answer.text)

    def test_no_login(self):
        """G3.3: without login both pages lead to the login."""
        self.authenticate(None, None)
        for path in ("/my/bulletins", f"/my/bulletins/{self.network.id}"):
            answer = self.page(path, None)
            self.assertIn("/web/login", answer.url)
            self.assertNotIn("Belt tension", answer.text)

    def test_home_card(self):
        """G3.3: the portal home has a card, counted when asked for."""
        self.assertIn("/my/bulletins", self.page("/my/home").text)
        counted = self.make_jsonrpc_request("/my/counters", {"counters": ["bulletin_count"]})
        expected = (
            self.env["jinxing.bulletin"].with_user(self.users["portal"]).search_count([])
        )
        self.assertEqual(counted["bulletin_count"], expected)
        self.assertGreaterEqual(expected, 1)
