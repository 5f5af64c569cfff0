"""Classes of parts, levels, counts, dead stock (B23, B25)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_parts.rules.classes import (
    Bounds,
    ClassFacts,
    abc_classes,
    count_due,
    decide_class,
    is_dead,
    stock_levels,
    variation,
    xyz_class,
)

BOUNDS = Bounds(0.8, 0.95, 0.5, 1.0)
TODAY = date(2026, 8, 20)


def test_b23_the_most_valuable_parts_are_a():
    assert abc_classes([800, 100, 60, 40, 0], BOUNDS) == ["A", "B", "B", "C", "C"]


def test_b23_the_part_that_crosses_the_bound_belongs_above_it():
    assert abc_classes([500, 400, 100], BOUNDS) == ["A", "A", "B"]


def test_b23_no_value_no_a():
    assert abc_classes([0, 0], BOUNDS) == ["C", "C"]
    assert abc_classes([], BOUNDS) == []


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_b23_more_value_is_never_a_lower_class(values):
    found = abc_classes(values, BOUNDS)
    ordered = [cls for _value, cls in sorted(zip(values, found, strict=True), reverse=True)]
    for first, second in zip(sorted(set(values)), sorted(set(values))[1:], strict=False):
        best = min(c for v, c in zip(values, found, strict=True) if v == second)
        worst = max(c for v, c in zip(values, found, strict=True) if v == first)
        assert best <= worst
    if max(values) > 0:
        assert ordered[0] == "A" or sorted(found)[0] == "A"


def test_b23_regularity():
    assert variation([4] * 12) == 0
    assert variation([0] * 12) is None and variation([]) is None
    assert variation([12] + [0] * 11) == pytest.approx(11**0.5)
    assert [xyz_class(cv, BOUNDS) for cv in (0, 0.5, 0.51, 1.0, 1.01, None)] == list("XXYYZZ")


@pytest.mark.parametrize("bounds", [(0, 0.5, 0, 1), (0.9, 0.8, 0, 1), (0.8, 0.9, 2, 1)])
def test_b23_bounds_are_ordered(bounds):
    with pytest.raises(ValueError, match="order"):
        Bounds(*bounds)


def test_b23_the_class_is_explained():
    facts = ClassFacts("皮带", "总部", 900.0, 0.0, 1000.0, 0.4, BOUNDS, target=98)
    decision = decide_class(facts)
    assert (decision.outcome, decision.clauses) == ("AX", ("B23",))
    keys = [step.key for step in decision.steps]
    assert keys == ["class_value", "class_share", "class_variation", "class_is", "class_policy"]
    dead = decide_class(
        ClassFacts("皮带", "总部", 0.0, 10.0, 10.0, None, BOUNDS, dead_months=24)
    )
    assert dead.outcome == "CZ"
    assert [step.key for step in dead.steps][-1] == "class_dead"


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 3) | st.none())
def test_b23_the_explanation_says_what_the_run_says(value, before, coefficient):
    total = value + before
    decision = decide_class(ClassFacts("p", "w", value, before, total, coefficient, BOUNDS))
    assert decision.outcome[1] == xyz_class(coefficient, BOUNDS)
    assert decision.outcome[0] in "ABC"
    if value == 0:
        assert decision.outcome[0] == "C"


def test_b25_counts_fall_due_by_class():
    assert count_due(None, 30, TODAY) == TODAY
    assert count_due(date(2026, 8, 1), 30, TODAY) == date(2026, 8, 31)
    with pytest.raises(ValueError, match="interval"):
        count_due(None, 0, TODAY)


@pytest.mark.parametrize(
    ("on_hand", "last", "known", "dead"),
    [
        (3, None, 900, True),
        (3, 800, 900, True),
        (3, 100, 900, False),
        (0, None, 900, False),
        (3, None, 100, False),
    ],
)
def test_b23_dead_stock(on_hand, last, known, dead):
    limit = TODAY - timedelta(days=730)
    last_day = None if last is None else TODAY - timedelta(days=last)
    assert is_dead(on_hand, last_day, TODAY - timedelta(days=known), limit) is dead


def test_b25_levels():
    assert stock_levels(30, 10, 5, 30) == (15, 45)
    assert stock_levels(0, 10, 5, 30) == (0, 0)
    assert stock_levels(1, 7, 0, 0) == (1, 1)
    with pytest.raises(ValueError, match="negative"):
        stock_levels(-1, 0, 0, 0)


@given(st.floats(0, 1000), st.integers(0, 90), st.integers(0, 60), st.integers(0, 90))
def test_b25_levels_cover_the_time(monthly, lead, safety, review):
    low, high = stock_levels(monthly, lead, safety, review)
    assert low <= high
    assert low + 1e-5 >= monthly / 30 * (lead + safety)
    assert low < monthly / 30 * (lead + safety) + 1
