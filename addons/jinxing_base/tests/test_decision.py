from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged, warmup
from odoo.tools import format_date, format_datetime, mute_logger

from ..rules.decision import Step
from .common import BaseCase


@tagged("post_install", "-at_install")
class TestDecision(BaseCase):
    """Every automatic outcome is a record that stays and can be read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env["jinxing.decision"]
        cls.farmer = cls.partner("Farmer Wang")

    def texts(self, texts, words=None):
        """Let the decisions speak these sentences only."""
        registered = type(self.model)
        return (
            patch.object(registered, "_texts", lambda self: texts),
            patch.object(registered, "_value_texts", lambda self: words or {}),
        )

    # -- what is stored -----------------------------------------------------------------------

    def test_stored_as_decided(self):
        """G4.1, L24a: answer, clauses in their order, facts, steps, who and when."""
        answer = self.decision(
            clauses=("G4.2", "L24a"),
            steps=(Step.of("cover_period", end_date=date(2026, 5, 1)),),
            facts={"invoice_date": date(2024, 5, 1), "months": 24},
            until=date(2026, 5, 1),
        )
        record = self.decide(self.farmer.with_user(self.users["clerk"]), answer)[self.farmer.id]
        self.assertEqual(record.res_model, "res.partner")
        self.assertEqual(record.res_id, self.farmer.id)
        self.assertEqual(record.subject, "Farmer Wang")
        self.assertEqual(record.outcome, "free")
        self.assertEqual(record.until, date(2026, 5, 1))
        self.assertEqual(record.clause_codes, ["G4.2", "L24a"])
        self.assertEqual(set(record.clause_ids.mapped("code")), {"G4.2", "L24a"})
        self.assertEqual(record.facts, {"invoice_date": "2024-05-01", "months": 24})
        self.assertEqual(record.steps, [["cover_period", {"end_date": "2026-05-01"}]])
        self.assertEqual(record.user_id, self.users["clerk"])
        self.assertTrue(record.date)
        self.assertTrue(record.is_current)

    def test_company_of_the_subject(self):
        """A decision belongs to the company of its subject."""
        ours = self.partner("Ours", company_id=self.company.id)
        made = self.decide(ours | self.farmer)
        self.assertEqual(made[ours.id].company_id, self.company)
        self.assertFalse(made[self.farmer.id].company_id)

    def test_superseded_not_replaced(self):
        """G1.3: a new answer supersedes the old one, and both stay."""
        old = self.decide(self.farmer)[self.farmer.id]
        new = self.decide(self.farmer, self.decision("chargeable", ("G5.1",)))[self.farmer.id]
        self.assertEqual(new.supersedes_id, old)
        self.assertEqual(old.superseded_by_id, new)
        self.assertFalse(old.is_current)
        self.assertTrue(new.is_current)
        self.assertEqual(old.outcome, "free")
        self.assertEqual(self.model.search([("res_id", "=", self.farmer.id)]), new | old)

    def test_same_decision_stored_once(self):
        """The same answer from the same facts is not stored again; other facts are."""
        facts = {"altered": False, "exclusions": {"G5.1"}, "day": date(2026, 1, 1)}
        for number, looked_at in enumerate(({}, facts, {**facts, "altered": True}), start=1):
            first = self.decide(self.farmer, self.decision(facts=looked_at))
            self.env.invalidate_all()
            again = self.decide(self.farmer, self.decision(facts=dict(looked_at)))
            self.assertEqual(first, again)
            self.assertEqual(self.model.search_count([("res_id", "=", self.farmer.id)]), number)

    def test_another_question_does_not_supersede(self):
        """Two questions on one record have an answer each."""
        cover = self.decide(self.farmer)[self.farmer.id]
        price = self.decide(self.farmer, kind="refund_price")[self.farmer.id]
        self.assertTrue(cover.is_current)
        self.assertTrue(price.is_current)
        self.assertFalse(price.supersedes_id)

    def test_several_questions_at_once(self):
        """G1.3: answers to several questions are stored together, each in place of its own."""
        mixin = self.env.registry["jinxing.decision.mixin"]
        answers = {kind: {self.farmer.id: self.decision()} for kind in ("cover", "refund_price")}
        first = mixin._record_answers(self.farmer, answers, first=True)
        answers["cover"] = {self.farmer.id: self.decision("chargeable", ("G5.1",))}
        self.env.flush_all()
        self.env.invalidate_all()
        then = mixin._record_answers(self.farmer, answers)
        self.assertEqual(then["refund_price"], first["refund_price"])
        old = first["cover"][self.farmer.id]
        self.assertEqual(then["cover"][self.farmer.id].supersedes_id, old)
        self.assertFalse(old.is_current)

    def test_unknown_clause_refused(self):
        """A decision cannot rest on a clause the handbook does not have."""
        with self.assertRaisesRegex(UserError, "G9.9"):
            self.decide(self.farmer, self.decision(clauses=("G4.1", "G9.9")))

    # -- never by hand, never edited, never deleted --------------------------------------------

    def hand_made(self):
        return {
            "res_model": "res.partner",
            "res_id": self.farmer.id,
            "kind": "cover",
            "outcome": "free",
            "date": "2026-01-01 00:00:00",
        }

    def test_not_made_by_hand(self):
        """G1.3: nobody makes a decision by hand, the manager included."""
        for role in ("manager", "clerk", "nobody", "portal"):
            with self.assertRaises(UserError):
                self.model.with_user(self.users[role]).create(self.hand_made())

    def test_not_edited(self):
        """G1.3: nobody edits a decision, not even the system with full rights."""
        record = self.decide(self.farmer)[self.farmer.id]
        for vals in (
            {"outcome": "chargeable"},
            {"clause_ids": [(5,)]},
            {"facts": {}},
            {"date": "2020-01-01 00:00:00"},
            {"superseded_by_id": record.id, "outcome": "x"},
        ):
            with self.assertRaises(UserError):
                record.sudo().write(vals)
            with self.assertRaises(UserError):
                record.with_user(self.users["manager"]).write(vals)
        with self.assertRaises(UserError):
            record.with_user(self.users["manager"]).write({"superseded_by_id": record.id})
        self.assertEqual(record.outcome, "free")

    def test_not_deleted(self):
        """G1.3: nobody deletes a decision."""
        record = self.decide(self.farmer)[self.farmer.id]
        with self.assertRaises(UserError):
            record.sudo().unlink()
        with self.assertRaises(UserError):
            record.with_user(self.users["manager"]).unlink()
        self.assertTrue(record.exists())

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models.unlink")
    def test_not_touched_over_rpc(self):
        """G1.3: no public method and no context opens a way around."""
        record = self.decide(self.farmer)[self.farmer.id]
        forged = {"context": {"su": True, "install_mode": True, "module_uninstall": True}}
        manager = self.model.with_user(self.users["manager"]).with_env(
            self.env(user=self.users["manager"].id)
        )
        calls = (
            ("create", [[self.hand_made()]]),
            ("write", [record.ids, {"outcome": "chargeable"}]),
            ("web_save", [record.ids, {"outcome": "chargeable"}, {"outcome": {}}]),
            ("unlink", [record.ids]),
            ("copy", [record.ids]),
            ("_record_decisions", [record.ids, "cover", {}]),
        )
        for name, args in calls:
            with self.subTest(name), self.assertRaises(UserError):
                call_kw(manager, name, args, dict(forged))
        loaded = call_kw(
            manager,
            "load",
            [["res_model", "res_id", "kind", "outcome", "date"], [list(self.hand_made().values())]],
            dict(forged),
        )
        self.assertFalse(loaded["ids"])
        self.assertEqual(self.model.search([("res_id", "=", self.farmer.id)]), record)

    def test_not_edited_through_its_clauses(self):
        """G1.3: the relation cannot be changed from the clause's side either."""
        record = self.decide(self.farmer)[self.farmer.id]
        clause = self.env.ref("jinxing_base.clause_g4_1")
        for vals in ({"decision_ids": [(5,)]}, {"decision_ids": [(3, record.id)]}):
            with self.assertRaises(UserError):
                clause.with_user(self.users["manager"]).write(vals)
        with self.assertRaises(UserError):
            self.env["jinxing.clause"].with_user(self.users["manager"]).create(
                {
                    "code": "X1",
                    "title": "x",
                    "document": "x",
                    "chapter": "x",
                    "decision_ids": [(4, record.id)],
                }
            )
        self.assertEqual(record.clause_ids, clause)

    # -- told in the reader's language ---------------------------------------------------------

    def test_explanation_in_both_languages(self):
        """G4.1, L24a: the same decision is told to each reader in his own language."""
        self.chinese()
        answer = self.decision(
            clauses=("G4.1", "L24a"),
            steps=(Step.of("told", end_date=date(2026, 5, 1), proof=True, answer="cover"),),
        )
        record = self.decide(self.farmer, answer)[self.farmer.id]
        texts, words = self.texts(
            {"told": "%(end_date)s / %(proof)s / %(answer)s"}, {("answer", "cover"): "Is it free?"}
        )
        with texts, words:
            english = record.with_context(lang="en_US")
            day = format_date(english.env, "2026-05-01")
            self.assertIn(f"{day} / yes / Is it free?", english.explanation)
            self.assertIn("Whole machine one year", english.explanation)
            self.assertIn("Clauses it rests on:", english.explanation)
            self.assertEqual(english.kind_label, "Is it free?")
            chinese = record.with_context(lang="zh_CN")
            day = format_date(chinese.env, "2026-05-01")
            self.assertIn(f"{day} / 是 / 是否免费修理？", chinese.explanation)
            self.assertIn("整机三包一年", chinese.explanation)
            self.assertIn("自购机发票之日起算", chinese.explanation)
            self.assertIn("依据条款：", chinese.explanation)
            self.assertEqual(chinese.kind_label, "是否免费修理？")

    def told(self, reader, **params):
        """Return how a reader is told these values of a step."""
        record = self.decide(self.farmer, self.decision(steps=(Step.of("told", **params),)))
        sentence = " / ".join(f"%({name})s" for name in params)
        texts, words = self.texts({"told": sentence})
        self.env.invalidate_all()
        with texts, words:
            return record[self.farmer.id].with_env(reader).explanation

    def test_moments_in_the_readers_time_zone(self):
        """S8.2: a moment is told in the reader's time zone, else where the service is given."""
        moment = datetime(2026, 9, 12, 20, 30)
        env = self.env(context={"lang": "en_US"})
        self.env.user.tz = False
        there = format_datetime(env, moment, tz="Asia/Shanghai")
        self.assertIn("13", there)
        self.assertIn(there, self.told(env, done_at=moment))
        self.env.user.tz = "Asia/Tokyo"
        there = format_datetime(env, moment, tz="Asia/Tokyo")
        self.assertIn(there, self.told(env, done_at=moment))
        env = self.env(context={"lang": "en_US", "tz": "Europe/Berlin"})
        there = format_datetime(env, moment, tz="Europe/Berlin")
        self.assertIn(there, self.told(env, done_at=moment))

    def test_numbers_without_idle_zeros(self):
        """S8.9: marks and amounts are told as people write them."""
        self.assertIn("4 / 4.5 / 1234567.89", self.told(self.env, a=4.0, b=4.5, c=1234567.891))
        self.assertIn("10 / 0", self.told(self.env, a=10, b=0.0))

    def test_clauses_in_deciding_order(self):
        """G5.1 before G4.1: the deciding clause is told first."""
        record = self.decide(self.farmer, self.decision("chargeable", ("G5.1", "G4.1")))
        text = record[self.farmer.id].explanation
        self.assertLess(text.index("G5.1"), text.index("G4.1"))

    def test_texts_are_escaped(self):
        """What people wrote into the facts is shown, not run."""
        step = Step.of("told", evidence="<script>alert(1)</script>")
        record = self.decide(self.farmer, self.decision(steps=(step,)))[self.farmer.id]
        texts, words = self.texts({"told": "Evidence: %(evidence)s"})
        with texts, words:
            self.assertNotIn("<script", record.explanation)
            self.assertIn("alert(1)", record.explanation)

    @mute_logger("odoo.addons.jinxing_base.models.jinxing_decision")
    def test_old_words_stay_readable(self):
        """A step whose text is gone or has changed shows raw instead of failing."""
        steps = (Step.of("gone", part="belt"), Step.of("changed", part="belt"))
        record = self.decide(self.farmer, self.decision(steps=steps))[self.farmer.id]
        texts, words = self.texts({"changed": "Another value: %(other)s"})
        with texts, words:
            self.assertIn("gone: {", record.explanation)
            self.assertIn("changed: {", record.explanation)

    def test_lists_are_joined(self):
        """G2.1: several values of one step are told as a list of words."""
        step = Step.of("told", parts=("belt", "knife"))
        record = self.decide(self.farmer, self.decision(steps=(step,)))[self.farmer.id]
        texts, words = self.texts({"told": "Parts: %(parts)s"})
        with texts, words:
            self.assertIn("Parts: belt, knife", record.explanation)

    # -- "Why?" ---------------------------------------------------------------------------------

    def test_why_opens_the_decision_in_force(self):
        """"Why?" opens the one decision in force, or the list of several."""
        mixin = self.env.registry["jinxing.decision.mixin"]
        self.decide(self.farmer)
        new = self.decide(self.farmer, self.decision("chargeable", ("G5.1",)))[self.farmer.id]
        action = mixin.action_why(self.farmer.with_user(self.users["clerk"]))
        self.assertEqual(action["res_id"], new.id)
        self.decide(self.farmer, kind="refund_price")
        action = mixin.action_why(self.farmer.with_user(self.users["clerk"]))
        self.assertEqual(len(self.model.search(action["domain"])), 3)
        subject = new.action_open_subject()
        self.assertEqual((subject["res_model"], subject["res_id"]), ("res.partner", self.farmer.id))

    # -- cost -----------------------------------------------------------------------------------

    def decide_many(self, count):
        partners = self.env["res.partner"].create([{"name": f"P{i}"} for i in range(count)])
        self.decide(partners)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            self.decide(partners, self.decision("chargeable", ("G5.1", "G4.1")))
            self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            self.decide(partners, self.decision("chargeable", ("G5.1", "G4.1")))
            self.env.flush_all()

    @warmup
    def test_queries_for_one(self):
        """Superseding one decision, and finding one unchanged."""
        self.decide_many(1)

    @warmup
    def test_queries_for_fifty(self):
        """Fifty decisions cost as many queries as one."""
        self.decide_many(50)
