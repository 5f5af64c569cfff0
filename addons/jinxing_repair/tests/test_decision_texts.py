from odoo.tests import tagged

from odoo.addons.jinxing_base.rules.decision import Decision, Step
from odoo.addons.jinxing_base.tests.decision_texts import DecisionTexts

from ..rules import texts
from .common import RepairCase


@tagged("post_install", "-at_install")
class TestDecisionTexts(DecisionTexts, RepairCase):
    """A customer reads why in his own language, whatever was decided (S8.2-S8.11, G1.2-G3.4)."""

    def test_every_word_is_there_in_chinese(self):
        """S8.9: no reader of Chinese meets an English sentence; both speak of the same values."""
        self.assert_all_in_chinese(texts)

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
