"""New part against old (G1.3, G3.4)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_parts.rules.old_parts import (
    ChargeFacts,
    DebtFacts,
    FateFacts,
    age_bracket,
    decide_charge,
    decide_debt,
    decide_fate,
    due_date,
)

DAY = date(2026, 8, 20)
ONE = timedelta(days=1)
DEBT = DebtFacts("变速箱壳体", 1, DAY, 30, must_return=True, covered=True)


@pytest.mark.parametrize(
    ("change", "outcome", "key"),
    [
        ({}, "owed", "debt_covered"),
        ({"covered": False}, "not_owed", "debt_paid"),
        ({"covered": False, "also_paid": True}, "owed", "debt_paid_too"),
        ({"must_return": False}, "not_owed", "debt_not_asked"),
        ({"must_return": False, "against_old": True}, "owed", "debt_right"),
        ({"quantity": 0}, "not_owed", "debt_not_asked"),
    ],
)
def test_g1_3_what_opens_a_debt(change, outcome, key):
    decision = decide_debt(replace(DEBT, **change))
    assert decision.outcome == outcome
    assert decision.steps[0].key == key
    assert decision.until == (date(2026, 9, 19) if outcome == "owed" else None)


def test_g3_4_a_part_granted_in_the_season_is_granted_against_the_old_one():
    decision = decide_debt(replace(DEBT, must_return=False, covered=False, against_old=True))
    assert decision.clauses[0] == "G3.4" and decision.outcome == "owed"


def test_g1_3_days_are_not_negative():
    with pytest.raises(ValueError, match="within"):
        due_date(DAY, -1)


def test_g1_3_ageing():
    found = [age_bracket(DAY - days * ONE, DAY, (30, 60, 90)) for days in (0, 30, 31, 90, 91)]
    assert found == [0, 0, 1, 2, 3]
    with pytest.raises(ValueError, match="rise"):
        age_bracket(DAY, DAY, (60, 30))


FATE = FateFacts("油泵", DAY, "无锡泵业", True, DAY, refurbishable=True, usable=True)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, "supplier_recovery"),
        ({"supplier_until": None}, "supplier_recovery"),
        ({"supplier_until": DAY - ONE}, "refurbish"),
        ({"supplier_fault": False}, "refurbish"),
        ({"supplier": ""}, "refurbish"),
        ({"supplier_fault": False, "usable": False}, "scrap"),
        ({"supplier_fault": False, "refurbishable": False}, "scrap"),
    ],
)
def test_g1_3_fate(change, outcome):
    decision = decide_fate(replace(FATE, **change))
    assert decision.outcome == outcome
    assert decision.steps


CHARGE = ChargeFacts("油泵", 2, DAY, DAY + 20 * ONE, 10, 150.0)


@pytest.mark.parametrize(
    ("change", "amount", "key"),
    [
        ({}, 300, "charge_overdue"),
        ({"settled_on": DAY + 10 * ONE}, 0, "charge_in_time"),
        ({"owed": 0}, 0, "charge_returned"),
        ({"already": 300}, 0, "charge_done"),
    ],
)
def test_g1_3_what_does_not_come_back_is_charged_once(change, amount, key):
    decision = decide_charge(replace(CHARGE, **change))
    assert decision.facts["amount"] == amount
    assert decision.outcome == ("charged" if amount else "not_charged")
    assert decision.steps[0].key == key


@given(st.integers(0, 60), st.integers(0, 30), st.integers(0, 5))
def test_g1_3_nothing_is_charged_before_the_grace_is_over(days, grace, owed):
    decision = decide_charge(
        replace(CHARGE, settled_on=DAY + days * ONE, grace_days=grace, owed=owed)
    )
    assert (decision.outcome == "charged") is (days > grace and owed > 0)
