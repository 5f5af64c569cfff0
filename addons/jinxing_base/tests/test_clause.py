from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BaseCase


def numbered(prefix, first, last):
    return [f"{prefix}{number}" for number in range(first, last + 1)]


HANDBOOK = [
    *numbered("G1.", 1, 5),
    *numbered("G2.", 1, 2),
    *numbered("G3.", 1, 4),
    *numbered("G4.", 1, 3),
    *numbered("G5.", 1, 5),
    *numbered("T", 0, 5),
    *numbered("N", 1, 10),
    "S-inst",
    "S7",
    *numbered("S8.", 1, 11),
    *numbered("R", 9, 11),
    *numbered("R12.", 1, 3),
    *numbered("R", 13, 16),
    "C17",
    "C18",
    *numbered("C19.", 1, 9),
    *numbered("O", 20, 21),
    *numbered("B", 22, 25),
    *numbered("M", 26, 27),
    *numbered("A", 1, 4),
]
STATUTE = ["L24a", "L24b", "L-own", "L-err", "L-free", "L-30wd", "L-rep2", "L-down", "L-new"]


@tagged("post_install", "-at_install")
class TestClause(BaseCase):
    """The handbook as data: complete, cited by code, and holding."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env["jinxing.clause"]
        cls.floor = cls.env.ref("jinxing_base.clause_l24b")

    def clause(self, code="X1", **values):
        return self.model.create(
            {"code": code, "title": "Own", "document": "Own", "chapter": "Own", **values}
        )

    def test_handbook_complete(self):
        """G1.1 to A4: all 81 clauses are there, in their order, with both texts."""
        clauses = self.model.search([("kind", "=", "handbook"), ("code", "in", HANDBOOK)])
        self.assertEqual(len(HANDBOOK), 81)
        self.assertEqual(clauses.mapped("code"), HANDBOOK)
        for clause in clauses:
            self.assertTrue(clause.enabled, clause.code)
            self.assertTrue(clause.text_zh and clause.text_en, clause.code)

    def test_statute_complete(self):
        """L24a to L-new: nine facts of the law, each with the grade of its source."""
        clauses = self.model.search([("kind", "=", "statute"), ("code", "in", STATUTE)])
        self.assertEqual(clauses.mapped("code"), STATUTE)
        self.assertTrue(all(clauses.mapped("source_grade")))

    def test_titles_in_chinese(self):
        """G3.1: title, chapter and name are Chinese for Chinese readers."""
        self.chinese()
        clause = self.env.ref("jinxing_base.clause_g3_1")
        self.assertEqual(clause.display_name, "G3.1 Who sells, serves")
        chinese = clause.with_context(lang="zh_CN")
        self.assertEqual(chinese.display_name, "G3.1 谁销售、谁服务")
        self.assertEqual(chinese.chapter, "总体原则")
        untranslated = [
            clause.code
            for clause in self.model.with_context(lang="zh_CN").search(
                [("code", "in", HANDBOOK + STATUTE)]
            )
            if clause.title.isascii() or clause.chapter.isascii()
        ]
        self.assertFalse(untranslated)

    def test_by_codes_keeps_the_order(self):
        """G5.1, G4.1: clauses come in the order asked for; an unknown code is named."""
        self.assertEqual(
            self.model._by_codes(["G5.1", "G4.1"]).mapped("code"), ["G5.1", "G4.1"]
        )
        with self.assertRaisesRegex(UserError, "G9.9"):
            self.model._by_codes(["G4.1", "G9.9"])

    def test_new_clause_is_known_at_once(self):
        """A clause that is added, renamed or deleted changes what rules find."""
        self.assertNotIn("X1", self.model._ids_by_code())
        clause = self.clause()
        self.assertEqual(self.model._by_codes(["X1"]), clause)
        clause.sudo().code = "X2"
        self.assertEqual(self.model._by_codes(["X2"]), clause)
        clause.unlink()
        self.assertNotIn("X2", self.model._ids_by_code())

    def test_handbook_cannot_be_switched_off(self):
        """G4.1: a clause of the handbook always holds."""
        clause = self.env.ref("jinxing_base.clause_g4_1")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            clause.enabled = False
            self.env.flush_all()

    def test_handbook_cannot_be_turned_into_law(self):
        """G4.1: nor can it be switched off by calling it law, or another code, first."""
        clause = self.env.ref("jinxing_base.clause_g4_1").with_user(self.users["manager"])
        for vals in ({"kind": "statute"}, {"kind": "statute", "enabled": False}, {"code": "X9"}):
            with self.assertRaises(UserError):
                clause.write(vals)
        clause.write({"code": "G4.1", "kind": "handbook", "text_en": "One year."})
        self.assertEqual(clause.text_en, "One year.")

    def test_statute_switch_clears_the_cache(self):
        """L24b, L-down: rules learn at once when a manager switches a fact of the law."""
        self.assertIn("L24b", self.model._enabled_statutes())
        self.assertNotIn("L-down", self.model._enabled_statutes())
        self.floor.with_user(self.users["manager"]).enabled = False
        self.assertNotIn("L24b", self.model._enabled_statutes())
        self.env.ref("jinxing_base.clause_l_down").with_user(self.users["manager"]).enabled = True
        self.assertIn("L-down", self.model._enabled_statutes())
        self.assertNotIn("G4.1", self.model._enabled_statutes())

    def test_statute_known_to_everybody(self):
        """L24b: what the law says does not depend on who asks."""
        for role in ("portal", "public", "nobody"):
            self.assertIn("L24b", self.model.with_user(self.users[role])._enabled_statutes())

    def test_cited_clause_cannot_be_deleted(self):
        """A clause a decision rests on stays, whoever may see the decision."""
        clause = self.clause()
        theirs = self.partner("Theirs", company_id=self.other_company.id)
        self.decide(theirs, self.decision(clauses=("X1",)))
        manager = clause.with_user(self.users["manager"])
        self.assertEqual(manager.decision_count, 0)
        with self.assertRaisesRegex(UserError, "rest on"):
            manager.unlink()
        self.assertTrue(clause.exists())

    def test_shipped_clause_cannot_be_deleted(self):
        """A3: a clause rules may cite any day stays; an own clause nobody cites may go."""
        with self.assertRaisesRegex(UserError, "came with the system"):
            self.env.ref("jinxing_base.clause_a3").with_user(self.users["manager"]).unlink()
        self.clause().with_user(self.users["manager"]).unlink()

    def test_code_unique(self):
        """G4.1: one clause a code."""
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.clause("G4.1")

    def test_dates_ordered(self):
        """A clause cannot end before it begins."""
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.clause(date_from="2026-02-01", date_to="2026-01-31")

    def test_decisions_counted_in_one_query(self):
        """The counter of a page of clauses costs a fixed number of queries."""
        clauses = self.model.search([("code", "in", HANDBOOK)])
        self.decide(self.partner("Farmer"), self.decision(clauses=("G4.1", "G4.2")))
        counts = dict(zip(clauses.mapped("code"), clauses.mapped("decision_count"), strict=True))
        self.assertGreaterEqual(counts["G4.1"], 1)
        self.env.invalidate_all()
        clauses[:1].mapped("decision_count")
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            clauses.mapped("decision_count")
