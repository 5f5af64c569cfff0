"""The guarantee of a repair and who answers for a rework (G1.2, G1.4, N7)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_repair.rules.guarantee import (
    CAUSES,
    LIABILITY_OUTCOMES,
    GuaranteeFacts,
    LiabilityFacts,
    PastRepair,
    decide_guarantee,
    decide_rework_cost,
    guarantee_until,
)

REPAIRED = date(2026, 8, 1)
DAY = timedelta(days=1)


def guarantee(day, component="belt", repairs=None, days=30):
    past = (PastRepair("belt", REPAIRED, "PG-1"),) if repairs is None else repairs
    return decide_guarantee(GuaranteeFacts(component, REPAIRED + day * DAY, days, past))


def keys(decision):
    return [step.key for step in decision.steps]


@pytest.mark.parametrize(
    ("day", "outcome"), [(0, "rework"), (29, "rework"), (30, "rework"), (31, "none")]
)
def test_g1_2_thirty_days_of_guarantee(day, outcome):
    decision = guarantee(day)
    assert (decision.kind, decision.outcome) == ("guarantee", outcome)
    assert decision.until == date(2026, 8, 31)
    assert decision.facts["rework_of"] == ("PG-1" if outcome == "rework" else "")
    assert decision.clauses[0] == "G1.2"
    assert ("N7" in decision.clauses) is (outcome == "rework")


def test_g1_2_only_the_same_component():
    decision = guarantee(3, component="bearing")
    assert (decision.outcome, decision.until) == ("none", None)
    assert keys(decision) == ["guarantee_no_repair"]


@pytest.mark.parametrize("component", ["belt", "chain"])
def test_g1_2_the_component_is_shown_by_its_name(component):
    past = (PastRepair("belt", REPAIRED, "PG-1"),)
    named = decide_guarantee(GuaranteeFacts(component, REPAIRED, 30, past, name="皮带"))
    assert dict(named.steps[0].params)["component"] == "皮带"
    bare = decide_guarantee(GuaranteeFacts(component, REPAIRED, 30, past))
    assert dict(bare.steps[0].params)["component"] == component


def test_g1_2_a_later_repair_does_not_guarantee_an_earlier_fault():
    assert guarantee(-1).outcome == "none"
    assert guarantee(-1, days=10_000).outcome == "none"


def test_g1_2_the_newest_repair_counts():
    repairs = (
        PastRepair("belt", REPAIRED, "PG-1"),
        PastRepair("belt", REPAIRED + 25 * DAY, "PG-2"),
        PastRepair("belt", REPAIRED + 90 * DAY, "PG-3"),
    )
    decision = guarantee(40, repairs=repairs)
    assert (decision.outcome, decision.facts["rework_of"]) == ("rework", "PG-2")
    assert decision.until == REPAIRED + 55 * DAY


def test_g1_2_no_negative_guarantee():
    with pytest.raises(ValueError, match="guarantee"):
        guarantee_until(REPAIRED, -1)


@given(st.integers(-50, 400), st.integers(0, 400), st.integers(0, 100))
def test_g1_2_a_longer_guarantee_never_takes_a_rework_away(day, days, more):
    if guarantee(day, days=days).outcome == "rework":
        assert guarantee(day, days=days + more).outcome == "rework"


# -- who bears it ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "outcome", "clause", "key"),
    [
        (LiabilityFacts(), "free_so_far", "G1.2", "liability_free_to_begin"),
        (
            LiabilityFacts("repairer"),
            "provider",
            "G1.4",
            "liability_from_settlement",
        ),
        (LiabilityFacts("repairer", own_staff=True), "provider", "G1.4", "liability_to_hr"),
        (LiabilityFacts("part"), "producer", "G1.2", "liability_recover"),
        (LiabilityFacts("misuse", evidence="photo"), "customer", "G5.1", "liability_misuse"),
        (
            LiabilityFacts("misuse", evidence=" "),
            "free_so_far",
            "G1.2",
            "liability_misuse_no_evidence",
        ),
        (LiabilityFacts("other"), "free_so_far", "G1.2", "liability_other_undecided"),
        (LiabilityFacts("other", covered=True), "producer", "G1.2", "liability_other_free"),
        (
            LiabilityFacts("other", covered=False),
            "customer",
            "G1.2",
            "liability_other_chargeable",
        ),
    ],
)
def test_g1_2_g1_4_liability_follows_the_diagnosis(facts, outcome, clause, key):
    decision = decide_rework_cost(facts)
    assert (decision.kind, decision.outcome, decision.clauses[0]) == (
        "liability",
        outcome,
        clause,
    )
    assert key in keys(decision)


def test_g1_4_the_amount_is_named_once_somebody_bears_it():
    assert "liability_amount" in keys(decide_rework_cost(LiabilityFacts("repairer", amount=120)))
    assert "liability_amount" not in keys(decide_rework_cost(LiabilityFacts(amount=120)))


def test_g1_4_bad_input_is_refused():
    with pytest.raises(ValueError, match="unknown cause"):
        decide_rework_cost(LiabilityFacts("weather"))
    with pytest.raises(ValueError, match="negative"):
        decide_rework_cost(LiabilityFacts("part", amount=-1))


@given(
    st.builds(
        LiabilityFacts,
        cause=st.sampled_from([None, *CAUSES]),
        own_staff=st.booleans(),
        evidence=st.sampled_from(["", " ", "photo"]),
        covered=st.sampled_from([None, True, False]),
    )
)
def test_g1_2_nobody_pays_without_a_diagnosis_and_no_customer_without_a_ground(facts):
    decision = decide_rework_cost(facts)
    assert decision.outcome in LIABILITY_OUTCOMES
    if facts.cause is None:
        assert decision.outcome == "free_so_far"
    if decision.outcome == "customer":
        assert facts.evidence.strip() if facts.cause == "misuse" else facts.covered is False
