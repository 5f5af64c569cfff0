"""Every warranty part is fitted, returned, or unaccounted for (G1.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_parts.rules.warranty_parts import AuditLine, reconcile


def test_g1_3_all_accounted_for():
    line = AuditLine("皮带", opening=2, issued=10, fitted=7, returned=1, counted=4, price=55)
    decision = reconcile("旌阳服务站", [line])
    assert (decision.outcome, decision.clauses) == ("accounted", ("G1.3",))
    assert [step.key for step in decision.steps] == ["audit_fits"]


def test_g1_3_missing_parts_have_their_price():
    lines = [
        AuditLine("皮带", issued=10, fitted=7, counted=1, price=55),
        AuditLine("电瓶", issued=2, fitted=2, counted=0, price=430),
    ]
    decision = reconcile("旌阳服务站", lines)
    assert decision.outcome == "unaccounted"
    assert decision.facts["amount"] == 110
    assert len(decision.facts["lines"]) == 1


def test_g1_3_a_surplus_of_one_part_does_not_pay_for_another():
    lines = [
        AuditLine("皮带", issued=10, fitted=9, counted=0, price=55),
        AuditLine("电瓶", issued=0, counted=1, price=430),
    ]
    decision = reconcile("旌阳服务站", lines)
    assert (decision.outcome, decision.facts["amount"]) == ("unaccounted", 55)
    assert {"audit_missing", "audit_surplus"} <= {step.key for step in decision.steps}
    assert reconcile("旌阳服务站", lines[1:]).outcome == "surplus"


def test_g1_3_what_counts_in_the_period_took_off_is_missing_though_nobody_counts_again():
    line = AuditLine("皮带", issued=10, fitted=7, corrected=1, price=55)
    assert (line.book, line.missing) == (2, 1)
    decision = reconcile("旌阳服务站", [line])
    assert decision.outcome == "unaccounted"
    assert {"audit_corrected", "audit_not_counted"} <= {s.key for s in decision.steps}


quantities = st.integers(0, 50)


@given(quantities, quantities, quantities, quantities, st.integers(-5, 5), quantities)
def test_g1_3_nothing_gets_lost_in_the_sum(opening, issued, fitted, returned, off, counted):
    line = AuditLine("p", opening, issued, fitted, returned, off, counted, 1.0)
    assert opening + issued == fitted + returned + counted + line.missing
    outcome = reconcile("s", [line]).outcome
    assert outcome == (
        "unaccounted" if line.missing > 0 else "surplus" if line.missing else "accounted"
    )


@pytest.mark.parametrize("lines", [[], [AuditLine("p")]])
def test_g1_3_nothing_issued_nothing_missing(lines):
    assert reconcile("s", lines).outcome == "accounted"
