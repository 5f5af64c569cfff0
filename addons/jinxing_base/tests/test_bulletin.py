from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DAY, BaseCase


@tagged("post_install", "-at_install")
class TestBulletin(BaseCase):
    """G3.3: information for own staff and for the network."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env["jinxing.bulletin"]
        cls.network, cls.internal, cls.future, cls.foreign, cls.archived = cls.model.create(
            [
                {"name": "Belt tension", "body": "<p>60 to 80 N</p>"},
                {"name": "Internal", "audience": "internal"},
                {"name": "Tomorrow", "date": cls.today + DAY},
                {"name": "Foreign", "company_id": cls.other_company.id},
                {"name": "Archived", "active": False},
            ]
        )
        cls.all = cls.network | cls.internal | cls.future | cls.foreign | cls.archived

    def seen(self, role):
        found = self.model.with_user(self.users[role]).with_context(active_test=False)
        return found.search([("id", "in", self.all.ids)]).with_env(self.env)

    def test_staff_reads_its_company(self):
        """G3.3: own staff reads all bulletins of its company and those of all companies."""
        for role in ("nobody", "technician", "clerk", "manager"):
            self.assertEqual(self.seen(role), self.all - self.foreign, role)
        self.assertEqual(self.seen("foreign"), self.all)

    def test_portal_reads_what_is_published(self):
        """G3.3: the network reads what is meant for it, from its day on."""
        self.assertEqual(self.seen("portal"), self.network)
        self.assertEqual(self.network.with_user(self.users["portal"]).name, "Belt tension")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_portal_reads_nothing_else_by_id(self):
        """G3.3: internal, coming, foreign and archived bulletins are not for the network."""
        self.env.invalidate_all()
        for bulletin in self.all - self.network:
            with self.assertRaises(AccessError):
                bulletin.with_user(self.users["portal"]).read(["name"])

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_public_reads_nothing(self):
        """G3.3: bulletins are for the network, not for everybody."""
        with self.assertRaises(AccessError):
            self.seen("public")

    def test_newest_first(self):
        """G3.3: the newest bulletin comes first."""
        old = self.model.create({"name": "Old", "date": "2020-01-01"})
        found = self.model.search([("id", "in", (self.network | old).ids)])
        self.assertEqual(found, self.network | old)
        self.assertEqual(found[0], self.network)

    def test_body_is_cleaned(self):
        """G3.3: a bulletin holds text and pictures, no scripts."""
        self.network.body = "<p>Check</p><script>alert(1)</script>"
        self.assertNotIn("script", self.network.body)
