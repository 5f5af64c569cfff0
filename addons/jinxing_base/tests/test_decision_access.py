from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BaseCase


@tagged("post_install", "-at_install")
class TestDecisionAccess(BaseCase):
    """Whoever may read the subject may read its decisions, nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        bulletins = cls.env["jinxing.bulletin"].create(
            [{"name": "Ours"}, {"name": "Theirs"}, {"name": "Moved"}]
        )
        cls.ours, cls.theirs, cls.moved = bulletins
        cls.theirs.company_id = cls.other_company
        made = cls.decide(bulletins)
        cls.for_ours, cls.for_theirs, cls.for_moved = (made[b.id] for b in bulletins)
        # Decided while it was everybody's, theirs since.
        cls.moved.company_id = cls.other_company
        cls.all = cls.for_ours | cls.for_theirs | cls.for_moved

    def seen(self, user, domain=()):
        found = self.env["jinxing.decision"].with_user(user).search(
            [("id", "in", self.all.ids), *domain]
        )
        return found.with_env(self.env)

    def test_search_follows_the_subject(self):
        """A search finds the decisions on what the user may read."""
        for role in ("nobody", "clerk", "manager"):
            self.assertEqual(self.seen(self.users[role]), self.for_ours, role)
        self.assertEqual(self.seen(self.users["foreign"]), self.all)
        self.assertEqual(self.seen(self.users["clerk"], [("outcome", "=", "free")]), self.for_ours)

    def test_search_with_other_ways_in(self):
        """Counting, grouping and reading through the clause do not see more than a search."""
        model = self.env["jinxing.decision"].with_user(self.users["clerk"])
        domain = [("id", "in", self.all.ids)]
        self.assertEqual(model.search_count(domain), 1)
        self.assertEqual(model._read_group(domain, [], ["__count"]), [(1,)])
        self.assertEqual(len(model.search_read(domain, ["outcome"])), 1)
        clause = self.env.ref("jinxing_base.clause_g4_1").with_user(self.users["clerk"])
        before = clause.decision_count
        self.decide(self.ours, kind="other")
        self.decide(self.theirs, kind="other")
        clause.invalidate_recordset()
        self.assertEqual(clause.decision_count, before + 1)
        action = clause.action_open_decisions()
        self.assertIn(self.for_ours.id, model.search(action["domain"]).ids)
        self.assertNotIn(self.for_moved.id, model.search(action["domain"]).ids)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_read_follows_the_subject(self):
        """Reading by id gives what a search gives, in any mixture."""
        user = self.users["clerk"]
        self.env.invalidate_all()
        self.assertEqual(self.for_ours.with_user(user).outcome, "free")
        for refused in (self.for_theirs, self.for_moved, self.for_ours | self.for_moved):
            with self.assertRaises(AccessError):
                refused.with_user(user).read(["outcome"])
        mixed = self.all.with_user(user)
        self.assertEqual(mixed._filtered_access("read").ids, self.for_ours.ids)
        self.assertFalse(mixed.has_access("read"))
        self.assertTrue(self.all.with_user(self.users["foreign"]).has_access("read"))

    def test_archived_subject(self):
        """An archived subject keeps its decisions readable."""
        self.ours.active = False
        self.assertEqual(self.seen(self.users["clerk"]), self.for_ours)
        self.assertTrue(self.for_ours.with_user(self.users["clerk"]).has_access("read"))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_subject_of_a_model_without_access(self):
        """A decision on what only administrators may see is not for clerks."""
        parameter = self.env["ir.config_parameter"].create({"key": "b_test", "value": "1"})
        record = self.decide(parameter)[parameter.id]
        clerk = record.with_user(self.users["clerk"])
        self.assertFalse(clerk.search([("id", "=", record.id)]))
        self.assertFalse(clerk.has_access("read"))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_subject_gone(self):
        """A decision outlives its subject; only the system sees it then."""
        self.ours.unlink()
        self.assertTrue(self.for_ours.exists())
        self.assertFalse(self.seen(self.users["manager"]))
        self.assertFalse(self.for_ours.with_user(self.users["manager"]).has_access("read"))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_portal_and_public_see_nothing(self):
        """Portal users and the public have no access to decisions at all."""
        for role in ("portal", "public"):
            with self.assertRaises(AccessError):
                self.seen(self.users[role])
            with self.assertRaises(AccessError):
                self.for_ours.with_user(self.users[role]).read(["outcome"])

    def test_models_with_decisions(self):
        """The names of the subjects' models are found once each, however many decisions."""
        names = self.env["jinxing.decision"]._subject_models()
        self.assertIn("jinxing.bulletin", names)
        self.assertEqual(len(names), len(set(names)))
