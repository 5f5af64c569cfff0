from odoo.tests import tagged

from odoo.addons.jinxing_base.rules.decision import Decision, Step
from odoo.addons.jinxing_base.tests.decision_texts import DecisionTexts

from ..rules import texts
from .common import PartsCase


@tagged("post_install", "-at_install")
class TestDecisionTexts(DecisionTexts, PartsCase):
    """Whoever reads a decision reads it in his language (A2-A4, B23, B24, G1.2, G1.3)."""

    def test_every_word_is_there_in_chinese(self):
        """B22-B25: readers of Chinese meet no English; both speak of the same values."""
        self.assert_all_in_chinese(texts)

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
