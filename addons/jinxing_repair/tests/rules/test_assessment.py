"""The assessment of time and quality (S8.9)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_repair.rules.assessment import (
    DUE_KINDS,
    AssessmentFacts,
    AssessmentPolicy,
    DueFacts,
    check_quality,
    decide_assessment,
    time_mark,
)

NOON = datetime(2026, 8, 20, 4)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
POLICY = AssessmentPolicy(
    time_full=100, per_hour=5, time_pass=60, quality_min=0, quality_max=100, quality_pass=60
)


def facts(*late, quality=80):
    """Facts of an order whose arrival or promises were done so much after their deadlines."""
    due = tuple(
        DueFacts("arrival" if index == 0 else "promise", NOON, NOON + delay)
        for index, delay in enumerate(late)
    )
    return AssessmentFacts(POLICY, NOON + 48 * HOUR, due, quality)


@pytest.mark.parametrize(
    ("late", "mark"),
    [
        (-HOUR, 100),
        (0 * HOUR, 100),
        (SECOND, 95),
        (HOUR, 95),
        (HOUR + SECOND, 90),
        (8 * HOUR, 60),
        (20 * HOUR, 0),
        (500 * HOUR, 0),
    ],
)
def test_s8_9_each_hour_begun_too_late_costs(late, mark):
    assert time_mark(facts(late)) == mark
    assert decide_assessment(facts(late)).facts["time_mark"] == mark


def test_s8_9_every_deadline_counts():
    assert time_mark(facts(HOUR, 2 * HOUR)) == 85
    assert time_mark(facts()) == 100
    nothing = [step.key for step in decide_assessment(facts()).steps]
    assert nothing[0] == "assessment_nothing_due"
    assert "assessment_nothing_due" not in [s.key for s in decide_assessment(facts(HOUR)).steps]


def test_s8_9_what_was_never_done_counts_until_the_hand_in():
    never = AssessmentFacts(POLICY, NOON + 3 * HOUR, (DueFacts("promise", NOON),), 80)
    assert time_mark(never) == 85
    assert decide_assessment(never).clauses == ("S8.9", "N5")


@pytest.mark.parametrize(
    ("late", "quality", "outcome"),
    [
        (8 * HOUR, 60, "satisfactory"),
        (8 * HOUR + SECOND, 60, "too_late"),
        (8 * HOUR, 59.5, "too_poor"),
        (9 * HOUR, 0, "both_lacking"),
    ],
)
def test_s8_9_marks_just_reached_are_enough(late, quality, outcome):
    decision = decide_assessment(facts(late, quality=quality))
    assert (decision.kind, decision.outcome) == ("assessment", outcome)
    assert decision.clauses == ("S8.9", "S8.11")


@pytest.mark.parametrize(
    ("quality", "key"),
    [
        (None, "assessment_quality_missing"),
        (-0.1, "assessment_quality_range"),
        (100.1, "assessment_quality_range"),
        (float("nan"), "assessment_quality_range"),
    ],
)
def test_s8_9_quality_must_lie_on_its_scale(quality, key):
    assert check_quality(quality, POLICY).key == key
    with pytest.raises(ValueError, match=key):
        decide_assessment(facts(quality=quality))


@pytest.mark.parametrize("quality", [0, 100])
def test_s8_9_ends_of_the_scale_are_on_it(quality):
    assert check_quality(quality, POLICY) is None


def test_unknown_deadline_is_refused():
    with pytest.raises(ValueError, match="unknown deadline"):
        DueFacts("lunch", NOON)


delays = st.integers(-(10**5), 10**6).map(lambda seconds: seconds * SECOND)


@given(st.lists(st.tuples(st.sampled_from(DUE_KINDS), delays), max_size=4), delays, delays)
def test_s8_9_later_is_never_better(others, delay, more):
    due = tuple(DueFacts(kind, NOON, NOON + late) for kind, late in others)
    base = facts()
    first = replace(base, due=(*due, DueFacts("promise", NOON, NOON + delay)))
    second = replace(base, due=(*due, DueFacts("promise", NOON, NOON + delay + abs(more))))
    assert 0 <= time_mark(second) <= time_mark(first) <= POLICY.time_full
