"""Which period the manager looks at, and what weighs most in it (M26).

Numbers come in as they were counted; here they are put in order, shared out and bundled.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

#: Periods offered, in the order of the screen.
PERIODS = ("month", "last_month", "quarter", "year", "twelve_months")

#: Months in service shown together, first and last; the last band is open.
BANDS = ((1, 3), (4, 6), (7, 12), (13, 24), (25, None))


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a Pareto list: its value, its share and the share so far, in per cent."""

    key: Hashable
    value: float
    share: float
    cumulative: float


def month_of(day: date) -> tuple[date, date]:
    """Return first and last day of the month ``day`` lies in."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _months_before(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    return date(year, month + 1, 1)


def period(name: str, today: date) -> tuple[date, date]:
    """Return first and last day of a period named in :data:`PERIODS`.

    A period under way ends today: what has not come yet has no figures.

    :raises ValueError: there is no such period
    """
    first = today.replace(day=1)
    if name == "month":
        return first, today
    if name == "last_month":
        return month_of(first - timedelta(days=1))
    if name == "quarter":
        return _months_before(first, (today.month - 1) % 3), today
    if name == "year":
        return date(today.year, 1, 1), today
    if name == "twelve_months":
        return _months_before(first, 11), today
    raise ValueError(f"no such period: {name}")


def pareto(values: Mapping[Hashable, float], top: int) -> tuple[tuple[Share, ...], float]:
    """Return the ``top`` largest values in order with their shares, and the sum of the rest.

    Shares are of all values, the rest included. Equal values keep the order they came in; what
    is not above zero is left out.
    """
    items = sorted(
        ((key, value) for key, value in values.items() if value > 0),
        key=lambda item: item[1],
        reverse=True,
    )
    total = sum(value for _key, value in items)
    lines, so_far = [], 0.0
    for key, value in items[:top]:
        so_far += value
        lines.append(Share(key, value, 100 * value / total, 100 * so_far / total))
    return tuple(lines), total - so_far


def band_of(month: int | None) -> int | None:
    """Return which of :data:`BANDS` a month in service belongs to, None when it is unknown."""
    if not month or month < 1:
        return None
    return next(
        number
        for number, (first, last) in enumerate(BANDS)
        if month >= first and (last is None or month <= last)
    )


def by_band(costs: Mapping[int | None, float]) -> tuple[tuple[float, ...], float]:
    """Return the cost of each band of months in service, and of what has no known month."""
    cells, unknown = [0.0] * len(BANDS), 0.0
    for month, cost in costs.items():
        band = band_of(month)
        if band is None:
            unknown += cost
        else:
            cells[band] += cost
    return tuple(cells), unknown
