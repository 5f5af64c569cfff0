from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_complaint.rules import figures

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_periods():
    """M26: the periods of the screen on one day."""
    today = date(2026, 5, 15)
    assert figures.period("month", today) == (date(2026, 5, 1), today)
    assert figures.period("last_month", today) == (date(2026, 4, 1), date(2026, 4, 30))
    assert figures.period("quarter", today) == (date(2026, 4, 1), today)
    assert figures.period("year", today) == (date(2026, 1, 1), today)
    assert figures.period("twelve_months", today) == (date(2025, 6, 1), today)
    december = (date(2025, 12, 1), date(2025, 12, 31))
    assert figures.period("last_month", date(2026, 1, 31)) == december
    with pytest.raises(ValueError, match="no such period"):
        figures.period("week", today)


@given(DAYS, st.sampled_from(figures.PERIODS))
def test_a_period_begins_with_a_month_and_never_ends_after_today(today, name):
    """M26: nothing of the future is counted."""
    first, last = figures.period(name, today)
    assert first.day == 1 and first <= last <= today


@given(DAYS)
def test_month_of(day):
    """M26: the month of the report holds its day and ends before the next."""
    first, last = figures.month_of(day)
    assert first <= day <= last
    assert figures.month_of(last) == (first, last)


def test_pareto():
    """M26: the largest first, with its share of all and the share so far."""
    lines, rest = figures.pareto({"reel": 6, "belt": 3, "seat": 0, "chain": 1}, 2)
    assert [(line.key, line.value) for line in lines] == [("reel", 6), ("belt", 3)]
    assert [line.share for line in lines] == [60, 30]
    assert [line.cumulative for line in lines] == [60, 90]
    assert rest == 1
    assert figures.pareto({}, 5) == ((), 0)


@given(st.dictionaries(st.integers(), st.integers(0, 10_000)), st.integers(1, 20))
def test_pareto_adds_up(values, top):
    """M26: nothing is lost or counted twice, and the order falls."""
    lines, rest = figures.pareto(values, top)
    assert sum(line.value for line in lines) + rest == sum(values.values())
    shown = [line.value for line in lines]
    assert shown == sorted(shown, reverse=True)
    assert all(0 < line.share <= line.cumulative <= 100.0001 for line in lines)


def test_bands():
    """M26: the cost of warranty by months in service."""
    cells, unknown = figures.by_band({1: 10, 3: 5, 4: 2, 13: 7, 40: 1, None: 4, 0: 1})
    assert cells == (15, 2, 0, 7, 1)
    assert unknown == 5


@given(st.integers(1, 600))
def test_every_month_has_one_band(month):
    """M26: the bands leave no gap."""
    first, last = figures.BANDS[figures.band_of(month)]
    assert first <= month and (last is None or month <= last)
