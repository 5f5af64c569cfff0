"""Who supplies, on what terms, within what credit (A3, B22)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_parts.rules.routing import (
    Centre,
    CreditFacts,
    SupplyFacts,
    TermsFacts,
    decide_credit,
    decide_supply,
    decide_terms,
    reroute,
)

MIANYANG = Centre(1, "绵阳中心库")
NANCHONG = Centre(2, "南充中心库")


def keys(decision):
    return [step.key for step in decision.steps]


def supply(**facts):
    return decide_supply(SupplyFacts(**{"requester": "旌阳服务站", "key": 9, **facts}))


def test_a3_the_regions_centre_supplies():
    decision = supply(region="川西", region_centre=MIANYANG)
    assert (decision.kind, decision.outcome) == ("parts_supply", "centre")
    assert decision.facts["centre"] == 1
    assert decision.clauses == ("A3",)
    assert keys(decision) == ["supply_region", "supply_by"]


def test_a3_without_a_centre_headquarters_supplies():
    decision = supply(region="川东")
    assert decision.outcome == "headquarters"
    assert decision.facts["centre"] is None
    assert keys(decision) == ["supply_no_centre", "supply_headquarters"]


def test_a3_the_agreed_centre_goes_before_the_regions():
    decision = supply(named=NANCHONG, region="川西", region_centre=MIANYANG)
    assert decision.facts["centre"] == 2
    assert keys(decision) == ["supply_named", "supply_by"]


def test_a3_a_centre_asks_headquarters_not_itself():
    decision = supply(key=1, region="川西", region_centre=MIANYANG)
    assert decision.outcome == "headquarters"
    assert "supply_itself" in keys(decision)


def test_a3_a_centre_without_warehouse_supplies_nobody():
    decision = supply(region="川西", region_centre=Centre(1, "绵阳", stocked=False))
    assert decision.outcome == "headquarters"
    assert "supply_no_warehouse" in keys(decision)


centres = st.none() | st.builds(Centre, st.integers(1, 3), st.just("c"), st.booleans())


@given(st.integers(1, 3), centres, centres)
def test_a3_nobody_supplies_himself_nor_from_nowhere(key, named, region_centre):
    decision = supply(key=key, named=named, region_centre=region_centre)
    chosen = decision.facts["centre"]
    assert (chosen is None) is (decision.outcome == "headquarters")
    if chosen is not None:
        assert chosen != key
        first = named or region_centre
        assert first.key == chosen and first.stocked


def test_a3_another_supplier_needs_a_reason():
    decision = supply(region="川西", region_centre=MIANYANG)
    changed = reroute(decision, "总部", None, "库管", " 农忙急用 ")
    assert changed.outcome == "headquarters" and changed.facts["centre"] is None
    assert keys(changed)[-1] == "supply_rerouted"
    assert dict(changed.steps[-1].params)["reason"] == "农忙急用"
    assert reroute(decision, "南充", 2, "库管", "缺货").outcome == "centre"
    with pytest.raises(ValueError, match="reason"):
        reroute(decision, "总部", None, "库管", "  ")


@pytest.mark.parametrize(
    ("own", "warranty", "has_store", "outcome"),
    [
        (True, False, False, "internal"),
        (True, True, True, "internal"),
        (False, True, True, "consignment"),
        (False, True, False, "sale"),
        (False, False, True, "sale"),
        (False, False, False, "sale"),
    ],
)
def test_a3_terms(own, warranty, has_store, outcome):
    decision = decide_terms(TermsFacts("旌阳服务站", own, warranty, has_store))
    assert decision.outcome == outcome
    assert ("G1.3" in decision.clauses) is warranty


@pytest.mark.parametrize(
    ("owed", "ordered", "limit", "outcome"),
    [
        (0, 5000, None, "within"),
        (3000, 2000, 5000, "within"),
        (3000, 2000.01, 5000, "exceeded"),
        (0, 1, 0, "exceeded"),
        (-200, 150, 0, "within"),
    ],
)
def test_a3_credit(owed, ordered, limit, outcome):
    assert decide_credit(CreditFacts(owed, ordered, limit)).outcome == outcome


@pytest.mark.parametrize("facts", [(0, -1, None), (0, 1, -1)])
def test_a3_credit_refuses_nonsense(facts):
    with pytest.raises(ValueError, match="negative"):
        decide_credit(CreditFacts(*facts))
