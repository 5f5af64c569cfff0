"""Date arithmetic of cover periods (L24a, L-down).

The invoice day does not count, the last day does: twelve months from 15 March end with
15 March of the next year. A month without that day ends with its last day.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def add_months(start: date, months: int) -> date:
    """Return the same day ``months`` later, or the last day of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    if start.day <= 28:
        return date(year, month, start.day)
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def merge_intervals(intervals: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return disjoint, sorted intervals covering the same days (both ends included).

    :raises ValueError: when an interval ends before it starts
    """
    merged: list[tuple[date, date]] = []
    for first, last in sorted(intervals):
        if last < first:
            raise ValueError(f"interval ends before it starts: {first} > {last}")
        if merged and first <= merged[-1][1] + ONE_DAY:
            if last > merged[-1][1]:
                merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return merged


def count_days(intervals: Iterable[tuple[date, date]]) -> int:
    """Return how many different days the intervals hold."""
    return sum((last - first).days + 1 for first, last in merge_intervals(intervals))


def extend_by_downtime(
    start: date, end: date, downtime: Iterable[tuple[date, date]]
) -> tuple[date, int]:
    """Take the days of ``downtime`` out of the cover from ``start`` to ``end`` (L-down).

    Return the new last day and the number of days given back. Days on or before ``start`` do
    not count; days after the end count when the end was moved onto them.
    """
    given = 0
    for first, last in merge_intervals(downtime):
        first = max(first, start + ONE_DAY)
        if last < first:
            continue
        if first > end:
            break
        days = (last - first).days + 1
        given += days
        end += timedelta(days=days)
    return end, given


def next_working_day(day: date, holidays: Collection[date]) -> date:
    """Return ``day``, or the first day after it that is no public holiday (L-down)."""
    while day in holidays:
        day += ONE_DAY
    return day


def cover_end(
    start: date,
    months: int,
    downtime: Iterable[tuple[date, date]] = (),
    holidays: Collection[date] = (),
) -> date:
    """Return the last day of a cover of ``months`` from the invoice day ``start``."""
    end, _given = extend_by_downtime(start, add_months(start, months), downtime)
    return next_working_day(end, holidays)
