import re

from odoo import Command
from odoo.tests import tagged

from odoo.addons.jinxing_base.rules.decision import Decision, Step

from ..rules import texts
from .common import RepairCase

_VALUE = re.compile(r"%\((\w+)\)s")


@tagged("post_install", "-at_install")
class TestDecisionTexts(RepairCase):
    """A customer reads why in his own language, whatever was decided (S8.2-S8.11, G1.2-G3.4)."""

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
        """S8.9: no reader of Chinese meets an English sentence; both speak of the same values."""
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
        """S8.2: one stored decision, told with codes as words to each reader."""
        answer = Decision(
            kind="exchange_right",
            outcome="none",
            clauses=("G2.1",),
            steps=(Step.of("exchange_parts_cause", due_date="2026-09-12", cause="customer"),),
        )
        order = self.order()
        decision = order._record_decisions("exchange_right", {order.id: answer})[order.id]
        self.assertIn("the cause is another: the customer", decision.explanation)
        self.assertEqual(decision.outcome_label, "No right")
        chinese = decision.with_context(lang="zh_CN")
        self.assertIn("等待原因另有所在：客户", chinese.explanation)
        self.assertEqual(chinese.outcome_label, "无权利")
        self.assertEqual(chinese.kind_label, "是否有权换新件、换货或退货？")
