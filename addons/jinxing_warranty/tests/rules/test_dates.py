"""Date arithmetic of cover periods (L24a, L-down), example and property tests."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_warranty.rules.dates import (
    add_months,
    count_days,
    cover_end,
    extend_by_downtime,
    merge_intervals,
    next_working_day,
)

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
MONTHS = st.integers(0, 60)
INTERVALS = st.lists(
    st.tuples(DAYS, st.integers(0, 200)).map(lambda p: (p[0], p[0] + timedelta(days=p[1]))),
    max_size=8,
)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 3, 15), 12, date(2025, 3, 15)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),  # leap year, shorter month
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2024, 11, 30), 3, date(2025, 2, 28)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
        (date(2024, 8, 31), 3, date(2024, 11, 30)),
        (date(2024, 5, 1), 0, date(2024, 5, 1)),
    ],
)
def test_add_months(start, months, end):
    assert add_months(start, months) == end


def test_overlapping_downtime_counts_once():
    """L-down: overlapping and touching intervals of the ledger are merged."""
    ledger = [
        (date(2025, 6, 10), date(2025, 6, 20)),
        (date(2025, 6, 15), date(2025, 6, 25)),
        (date(2025, 6, 26), date(2025, 6, 26)),
        (date(2025, 8, 1), date(2025, 8, 1)),
    ]
    assert merge_intervals(ledger) == [
        (date(2025, 6, 10), date(2025, 6, 26)),
        (date(2025, 8, 1), date(2025, 8, 1)),
    ]
    assert count_days(ledger) == 18


def test_downtime_reaching_over_the_end():
    """L-down: an interval that starts inside the cover counts whole, one after it not."""
    start, end = date(2025, 1, 1), date(2025, 4, 1)
    assert extend_by_downtime(start, end, [(date(2025, 4, 1), date(2025, 4, 10))]) == (
        date(2025, 4, 11),
        10,
    )
    assert extend_by_downtime(start, end, [(date(2025, 4, 2), date(2025, 4, 10))]) == (end, 0)
    moved, days = extend_by_downtime(
        start,
        end,
        [(date(2025, 3, 1), date(2025, 3, 2)), (date(2025, 4, 3), date(2025, 4, 4))],
    )
    assert (moved, days) == (date(2025, 4, 5), 4)  # moved onto the second interval


def test_downtime_before_the_start_does_not_count():
    start, end = date(2025, 1, 10), date(2025, 4, 10)
    assert extend_by_downtime(start, end, [(date(2024, 1, 1), date(2025, 1, 10))]) == (end, 0)
    assert extend_by_downtime(start, end, [(date(2024, 1, 1), date(2025, 1, 12))])[1] == 2


def test_wrong_interval_is_refused():
    with pytest.raises(ValueError, match="ends before"):
        merge_intervals([(date(2025, 2, 2), date(2025, 2, 1))])


def test_last_day_on_a_holiday_moves():
    holidays = {date(2025, 10, 1) + timedelta(days=i) for i in range(8)}
    assert next_working_day(date(2025, 10, 3), holidays) == date(2025, 10, 9)
    assert cover_end(date(2024, 10, 1), 12, holidays=holidays) == date(2025, 10, 9)


@given(DAYS, MONTHS, MONTHS)
def test_more_months_never_end_earlier(start, fewer, more):
    fewer, more = sorted((fewer, more))
    assert add_months(start, fewer) <= add_months(start, more)


@given(DAYS, st.integers(0, 400), MONTHS)
def test_later_start_never_ends_earlier(start, shift, months):
    assert add_months(start, months) <= add_months(start + timedelta(days=shift), months)


@given(DAYS, MONTHS, INTERVALS, INTERVALS)
def test_more_downtime_never_shortens(start, months, ledger, more):
    assert cover_end(start, months, ledger) >= add_months(start, months)
    assert cover_end(start, months, ledger + more) >= cover_end(start, months, ledger)


@given(DAYS, MONTHS, INTERVALS)
def test_days_given_back_are_days_of_the_ledger(start, months, ledger):
    """The cover without its downtime is exactly as long as it was promised."""
    end = add_months(start, months)
    moved, given_back = extend_by_downtime(start, end, ledger)
    down = {
        first + timedelta(days=i)
        for first, last in ledger
        for i in range((last - first).days + 1)
        if start < first + timedelta(days=i) <= moved
    }
    assert (moved - end).days == given_back == len(down)


@given(INTERVALS)
def test_merge_keeps_the_days(ledger):
    merged = merge_intervals(ledger)
    days = {
        first + timedelta(days=i)
        for first, last in ledger
        for i in range((last - first).days + 1)
    }
    assert count_days(ledger) == len(days)
    assert all(a[1] + timedelta(days=1) < b[0] for a, b in zip(merged, merged[1:], strict=False))
