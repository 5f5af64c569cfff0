"""Parts through proper channels only (A2)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from odoo.addons.jinxing_parts.rules.suppliers import (
    Approval,
    Paper,
    SupplierFacts,
    decide_supplier,
)

DAY = date(2026, 8, 20)
ONE = timedelta(days=1)
LICENCE = Paper("营业执照", "91510", DAY - 300 * ONE, DAY + 300 * ONE)
REPORT = Paper("检验报告", "JY-7", None, DAY + 30 * ONE)
APPROVAL = Approval("SA-1", DAY - 100 * ONE, DAY + 100 * ONE, papers=(LICENCE, REPORT))
FACTS = SupplierFacts("成都轴承厂", "轴承", DAY, ("营业执照", "检验报告"), (APPROVAL,))


def keys(decision):
    return [step.key for step in decision.steps]


def test_a2_an_approved_supplier_with_valid_papers_may_supply():
    decision = decide_supplier(FACTS)
    assert (decision.outcome, decision.clauses) == ("approved", ("A2",))
    assert decision.until == DAY + 30 * ONE
    assert keys(decision)[-1] == "supplier_may_supply"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"valid_to": DAY - ONE}, "supplier_expired"),
        ({"valid_from": DAY + ONE}, "supplier_not_yet"),
        ({"suspended": True}, "supplier_suspended"),
        ({"papers": (LICENCE,)}, "supplier_paper_missing"),
        ({"papers": (LICENCE, replace(REPORT, valid_to=DAY - ONE))}, "supplier_paper_expired"),
        ({"papers": (LICENCE, replace(REPORT, valid_from=DAY + ONE))}, "supplier_paper_not_yet"),
    ],
)
def test_a2_refused_with_the_reason(change, key):
    decision = decide_supplier(replace(FACTS, approvals=(replace(APPROVAL, **change),)))
    assert decision.outcome == "refused" and decision.until is None
    assert key in keys(decision)
    assert keys(decision)[-1] == "supplier_may_not"


def test_a2_the_last_day_counts():
    last = replace(APPROVAL, valid_to=DAY, papers=(LICENCE, replace(REPORT, valid_to=DAY)))
    assert decide_supplier(replace(FACTS, approvals=(last,))).outcome == "approved"


def test_a2_no_approval_at_all():
    decision = decide_supplier(replace(FACTS, approvals=()))
    assert keys(decision) == ["supplier_not_for_part", "supplier_may_not"]
    unknown = decide_supplier(replace(FACTS, approvals=(), known=False))
    assert keys(unknown) == ["supplier_unknown", "supplier_may_not"]


def test_a2_one_approval_that_holds_is_enough():
    ended = replace(APPROVAL, number="SA-0", valid_to=DAY - ONE)
    assert decide_supplier(replace(FACTS, approvals=(ended, APPROVAL))).outcome == "approved"


def test_a2_of_two_papers_of_a_kind_the_valid_one_counts():
    old = replace(REPORT, valid_to=DAY - ONE)
    approval = replace(APPROVAL, papers=(LICENCE, old, REPORT))
    assert decide_supplier(replace(FACTS, approvals=(approval,))).outcome == "approved"


def test_a2_no_papers_asked_no_end():
    decision = decide_supplier(
        replace(FACTS, required=(), approvals=(Approval("SA-2", DAY),))
    )
    assert (decision.outcome, decision.until) == ("approved", None)
