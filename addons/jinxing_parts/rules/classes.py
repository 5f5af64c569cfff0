"""Classes of parts: ABC by value, XYZ by regularity; levels, counts and dead stock (B23, B25).

The shares and bounds are the company's policy and come as arguments. The monthly run computes the
same over all parts in the database; the tests hold both to the same answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt

from odoo.addons.jinxing_base.rules.decision import Decision, Step

ABC = ("A", "B", "C")
XYZ = ("X", "Y", "Z")
CLASS_OUTCOMES = tuple(a + x for a in ABC for x in XYZ)

#: Quantities closer than this are equal.
EPSILON = 1e-6

STEP_KEYS = (
    "class_value",
    "class_no_value",
    "class_share",
    "class_variation",
    "class_no_demand",
    "class_is",
    "class_policy",
    "class_dead",
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The policy of the classes.

    ``a_share`` and ``b_share`` are shares of the yearly value (0.8, 0.95): A reaches up to the
    first, B up to the second. ``x_max`` and ``y_max`` are the highest coefficients of variation.

    :raises ValueError: the bounds are not ordered
    """

    a_share: float
    b_share: float
    x_max: float
    y_max: float

    def __post_init__(self):
        if not 0 < self.a_share <= self.b_share <= 1:
            raise ValueError(f"shares out of order: {self.a_share!r}, {self.b_share!r}")
        if not 0 <= self.x_max <= self.y_max:
            raise ValueError(f"variations out of order: {self.x_max!r}, {self.y_max!r}")

    def to_json(self) -> dict:
        """Return the bounds as plain data."""
        return {
            "a_share": self.a_share,
            "b_share": self.b_share,
            "x_max": self.x_max,
            "y_max": self.y_max,
        }


def abc_class(before: float, value: float, total: float, bounds: Bounds) -> str:
    """Return the class by value; ``before`` is the sum of all more valuable parts.

    The part that crosses a bound still belongs above it; one without value is C.
    """
    if total <= 0 or value <= 0:
        return "C"
    share = before / total
    if share < bounds.a_share:
        return "A"
    return "B" if share < bounds.b_share else "C"


def abc_classes(values: Sequence[float], bounds: Bounds) -> list[str]:
    """Return the class of each yearly value, in the order given.

    Of equal values the earlier one counts as the more valuable.
    """
    total = sum(value for value in values if value > 0)
    order = sorted(range(len(values)), key=lambda index: (-values[index], index))
    found = [""] * len(values)
    before = 0.0
    for index in order:
        found[index] = abc_class(before, values[index], total, bounds)
        before += max(values[index], 0.0)
    return found


def variation(monthly: Sequence[float]) -> float | None:
    """Return the coefficient of variation of monthly demand, ``None`` without demand."""
    count = len(monthly)
    total = sum(monthly)
    if not count or total <= 0:
        return None
    mean = total / count
    spread = sum((value - mean) ** 2 for value in monthly) / count
    return sqrt(spread) / mean


def xyz_class(coefficient: float | None, bounds: Bounds) -> str:
    """Return the class by regularity; without demand a part is Z."""
    if coefficient is None or coefficient > bounds.y_max:
        return "Z"
    return "X" if coefficient <= bounds.x_max else "Y"


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A part at a warehouse: its yearly value among the others', and its monthly demand.

    ``before`` is the value of all more valuable parts, ``total`` that of all; ``variation`` is
    ``None`` without demand. ``target`` is the service level its class aims at, in per cent.
    """

    part: str
    warehouse: str
    value: float
    before: float
    total: float
    variation: float | None
    bounds: Bounds
    target: float | None = None
    dead_months: int = 0

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "part": self.part,
            "warehouse": self.warehouse,
            "value": self.value,
            "before": self.before,
            "total": self.total,
            "variation": self.variation,
            "bounds": self.bounds.to_json(),
            "target": self.target,
            "dead_months": self.dead_months,
        }


def decide_class(facts: ClassFacts) -> Decision:
    """Explain the class of a part at a warehouse (B23); the outcome is like ``"AX"``."""
    abc = abc_class(facts.before, facts.value, facts.total, facts.bounds)
    xyz = xyz_class(facts.variation, facts.bounds)
    steps = []
    if facts.value > 0:
        steps.append(
            Step.of("class_value", part=facts.part, warehouse=facts.warehouse, value=facts.value)
        )
        steps.append(
            Step.of(
                "class_share",
                share=round(100 * facts.before / facts.total, 2) if facts.total else 0.0,
                a_share=round(100 * facts.bounds.a_share, 2),
                b_share=round(100 * facts.bounds.b_share, 2),
            )
        )
    else:
        steps.append(Step.of("class_no_value", part=facts.part, warehouse=facts.warehouse))
    if facts.variation is None:
        steps.append(Step.of("class_no_demand"))
    else:
        steps.append(
            Step.of(
                "class_variation",
                variation=round(facts.variation, 3),
                x_max=facts.bounds.x_max,
                y_max=facts.bounds.y_max,
            )
        )
    steps.append(Step.of("class_is", part_class=abc + xyz))
    if facts.target is not None:
        steps.append(Step.of("class_policy", target=facts.target))
    if facts.dead_months:
        steps.append(Step.of("class_dead", months=facts.dead_months))
    return Decision(
        kind="part_class",
        outcome=abc + xyz,
        clauses=("B23",),
        steps=tuple(steps),
        facts=facts.to_json(),
    )


def count_due(last_counted: date | None, interval_days: int, today: date) -> date:
    """Return the day the next count is due (B25): at once when never counted.

    :raises ValueError: the interval is not positive
    """
    if interval_days <= 0:
        raise ValueError(f"no interval between counts: {interval_days!r}")
    if last_counted is None:
        return today
    return last_counted + timedelta(days=interval_days)


def is_dead(on_hand: float, last_demand: date | None, known_since: date, limit: date) -> bool:
    """Tell whether stock is dead: there is some, and no demand since ``limit``.

    A part known only since after ``limit`` had no chance yet.
    """
    if on_hand <= EPSILON or known_since > limit:
        return False
    return last_demand is None or last_demand < limit


def stock_levels(
    monthly: float, lead_days: int, safety_days: int, review_days: int
) -> tuple[float, float]:
    """Return (lowest, highest) stock in whole pieces (B25).

    The lowest covers lead time and safety, the highest the time to the next review beside; a
    month has 30 days here.

    :raises ValueError: a negative number of days or demand
    """
    if min(monthly, lead_days, safety_days, review_days) < 0:
        raise ValueError("neither demand nor days are negative")
    daily = monthly / 30.0
    low = ceil(daily * (lead_days + safety_days) - EPSILON)
    high = ceil(daily * (lead_days + safety_days + review_days) - EPSILON)
    return float(low), float(max(high, low))
