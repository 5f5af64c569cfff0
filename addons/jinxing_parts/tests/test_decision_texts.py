import re

from odoo import Command
from odoo.tests import tagged

from odoo.addons.jinxing_base.rules.decision import Decision, Step

from ..rules import texts
from .common import PartsCase

_VALUE = re.compile(r"%\((\w+)\)s")


@tagged("post_install", "-at_install")
class TestDecisionTexts(PartsCase):
    """Whoever reads a decision reads it in his language (A2-A4, B23, B24, G1.2, G1.3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        languages = cls.env["res.lang"].with_context(active_test=False)
        chinese = languages.search([("code", "=", "zh_CN")])
        cls.env["base.language.install"].create(
            {"lang_ids": [Command.set(chinese.ids)], "overwrite": True}
        ).lang_install()

    def chinese(self, text):
        return str(self.env["jinxing.decision"].with_context(lang="zh_CN").env._(text))

    def test_every_word_is_there_in_chinese(self):
        """B22-B25: readers of Chinese meet no English; both speak of the same values."""
        words = self.env["jinxing.decision"]
        said = {
            **words._texts(), **words._value_texts(), **words._kind_texts(),
            **words._outcome_texts(),
        }
        ours = {*texts.TEXTS, *texts.VALUES, *texts.KINDS, *texts.OUTCOMES}
        self.assertLessEqual(ours, set(said))
        for key in ours:
            with self.subTest(key):
                told = self.chinese(said[key])
                self.assertRegex(told, "[\u4e00-\u9fff]")
                english = str(said[key])
                self.assertEqual(sorted(_VALUE.findall(told)), sorted(_VALUE.findall(english)))

    def test_a_decision_reads_well_in_both_languages(self):
        """A2: one stored decision, told to each reader in his words."""
        answer = Decision(
            kind="supplier",
            outcome="refused",
            clauses=("A2",),
            steps=(
                Step.of("supplier_expired", approval="ZR-1", end_date="2026-09-12"),
                Step.of("supplier_may_not", supplier="Wu", part="Belt"),
            ),
        )
        cart = self.requisition()
        decision = cart._record_decisions("supplier", {cart.id: answer})[cart.id]
        self.assertIn("Approval ZR-1 ended on", decision.explanation)
        chinese = decision.with_context(lang="zh_CN")
        self.assertIn("因此Wu不得供应Belt。", chinese.explanation)
        self.assertRegex(chinese.outcome_label, "[\u4e00-\u9fff]")
        self.assertRegex(chinese.kind_label, "[\u4e00-\u9fff]")
