"""Tools in personal custody (B24)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_parts.rules.tools import (
    CompensationFacts,
    decide_compensation,
    decide_departure,
    months_used,
)

FACTS = CompensationFacts(
    tool="液压测试仪",
    event="lost",
    event_date=date(2026, 8, 20),
    cost=3600,
    bought_on=date(2025, 8, 20),
    life_months=36,
    floor=0.1,
    wear_from=0.5,
)


def amount(**change):
    return decide_compensation(replace(FACTS, **change)).facts["amount"]


def test_b24_months():
    assert months_used(date(2026, 1, 31), date(2026, 2, 28)) == 0
    assert months_used(date(2026, 1, 15), date(2026, 3, 15)) == 2
    assert months_used(date(2026, 3, 15), date(2026, 1, 1)) == 0


def test_b24_a_loss_costs_what_the_tool_was_worth():
    decision = decide_compensation(FACTS)
    assert (decision.outcome, decision.clauses) == ("compensate", ("B24",))
    assert decision.facts["amount"] == 2400


def test_b24_never_less_than_the_floor():
    assert amount(bought_on=date(2015, 1, 1)) == 360


def test_b24_a_damage_costs_its_repair_at_most_the_value():
    assert amount(event="damaged", repair_cost=500) == 500
    assert amount(event="damaged", repair_cost=5000) == 2400
    assert amount(event="damaged", repair_cost=None) == 2400
    assert amount(event="damaged", repair_cost=0) == 0


def test_b24_normal_wear_costs_nothing():
    worn = decide_compensation(replace(FACTS, event="worn", bought_on=date(2024, 1, 1)))
    assert (worn.outcome, worn.facts["amount"]) == ("nothing", 0)


def test_b24_wear_too_early_is_no_normal_wear_unless_confirmed():
    assert amount(event="worn") == 2400
    assert amount(event="worn", wear_confirmed=True) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"event": "sold"},
        {"cost": -1},
        {"life_months": 0},
        {"floor": 1.1},
        {"event": "damaged", "repair_cost": -1},
    ],
)
def test_b24_nonsense_is_refused(change):
    with pytest.raises(ValueError, match="unknown event|no value|no repair"):
        amount(**change)


@given(
    st.sampled_from(["lost", "damaged", "worn"]),
    st.floats(0, 1e5),
    st.dates(date(2015, 1, 1), date(2026, 8, 20)),
    st.none() | st.floats(0, 1e5),
)
def test_b24_nobody_pays_more_than_the_tool_cost(event, cost, bought, repair):
    paid = amount(event=event, cost=cost, bought_on=bought, repair_cost=repair)
    assert 0 <= paid <= cost + 0.01


def test_b24_who_leaves_hands_over_first():
    held = decide_departure("刘强", ["液压测试仪", "扭力扳手"])
    assert held.outcome == "hand_over"
    assert dict(held.steps[0].params)["tools"] == ["液压测试仪", "扭力扳手"]
    assert decide_departure("刘强", []).outcome == "clear"
