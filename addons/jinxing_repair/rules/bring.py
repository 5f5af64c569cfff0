"""What is taken along to a machine, and whether one may set out (S8.3).

Parts follow from the kind of fault: what was fitted for it before, and what is listed for it.
They lie in the technician's van, in his station's store, or nowhere. Each thing on the list is
taken along or left with a reason; so are work clothes, badge and the rest of the departure list.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from odoo.addons.jinxing_base.rules.decision import Decision, Step

#: Where a thing stands: with the technician, to be fetched, not to be had.
READY = "ready"
FETCH = "fetch"
MISSING = "missing"
STANDINGS = (READY, FETCH, MISSING)

NOT_NEEDED = "not_needed"
ON_SITE = "on_site"
LEFT_REASONS = (NOT_NEEDED, ON_SITE)

SET_OUT = "set_out"
REFUSED = "refused"
DEPARTURE_OUTCOMES = (SET_OUT, REFUSED)

STEP_KEYS = (
    "part_planned",
    "part_assessed",
    "part_fitted",
    "part_listed",
    "part_reserved",
    "part_short",
    "part_none",
    "part_reserved_for",
    "part_not_needed",
    "departure_unticked",
    "departure_open",
    "departure_ticked",
    "departure_taken",
    "departure_left",
    "departure_ready",
)


@dataclass(frozen=True, slots=True)
class Usage:
    """A part that may be wanted for an order.

    ``fitted`` counts the signed orders with this kind of fault it was fitted on, out of
    ``orders``; ``listed`` says that its component is listed for the kind of fault; ``planned``
    is the quantity the order asks for already, ``assessed`` that named by the preliminary
    assessment.
    """

    key: int
    name: str = ""
    fitted: int = 0
    orders: int = 0
    listed: bool = False
    planned: float = 0.0
    assessed: float = 0.0
    free: float = 0.0


@dataclass(frozen=True, slots=True)
class Want:
    """A part proposed: how many, and why."""

    key: int
    quantity: float
    because: tuple[Step, ...]


def choose_parts(
    usages: Iterable[Usage], *, least: int, most: int, months: int
) -> tuple[Want, ...]:
    """Return the parts to bring, the likeliest first (S8.3).

    What the order or its assessment asks for is always brought. Of the rest, at most ``most``:
    those fitted on at least ``least`` orders of the last ``months`` months, then those listed
    that are there, then the other listed ones.

    :raises ValueError: a limit is below zero
    """
    if least < 0 or most < 0 or months < 0:
        raise ValueError("a proposal has no negative limits")
    planned, others = [], []
    for usage in usages:
        often = usage.fitted and usage.fitted >= least
        because = []
        if usage.planned > 0:
            because.append(Step.of("part_planned", quantity=usage.planned))
        if usage.assessed > 0:
            because.append(Step.of("part_assessed", quantity=usage.assessed))
        if often:
            because.append(
                Step.of(
                    "part_fitted", fitted=usage.fitted, orders=usage.orders, months=months
                )
            )
        if usage.listed:
            because.append(Step.of("part_listed"))
        if not because:
            continue
        rank = (-usage.fitted if often else 0, usage.free <= 0, usage.name, usage.key)
        asked = max(usage.planned, usage.assessed)
        want = Want(usage.key, asked or 1.0, tuple(because))
        (planned if asked > 0 else others).append((rank, want))
    planned.sort(key=lambda pair: pair[0])
    others.sort(key=lambda pair: pair[0])
    return tuple(want for _rank, want in planned + others[:most])


@dataclass(frozen=True, slots=True)
class PartFacts:
    """Where a part wanted for an order lies.

    ``reserved`` of the quantity ``wanted`` is kept for this order at ``place``, which is his van
    when ``in_van``. ``places`` are where it was looked for, ``others`` the orders that have
    what is there.
    """

    wanted: float
    reserved: float = 0.0
    place: str = ""
    in_van: bool = False
    places: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    left: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a thing stands, and why."""

    standing: str
    steps: tuple[Step, ...] = ()


def judge_part(facts: PartFacts) -> Verdict:
    """Return where a part to bring stands (S8.3).

    :raises ValueError: nothing is wanted, or less than nothing is reserved
    """
    if facts.wanted <= 0 or facts.reserved < 0:
        raise ValueError(f"this is no part to bring: {facts!r}")
    steps = []
    if facts.reserved > 0:
        steps.append(Step.of("part_reserved", quantity=facts.reserved, place=facts.place))
    if facts.reserved >= facts.wanted:
        return Verdict(READY if facts.in_van else FETCH, tuple(steps))
    if facts.left == NOT_NEEDED:
        return Verdict(MISSING, (*steps, Step.of("part_not_needed")))
    if facts.reserved > 0:
        steps.append(Step.of("part_short", wanted=facts.wanted, reserved=facts.reserved))
    else:
        steps.append(Step.of("part_none", places=facts.places))
    if facts.others:
        steps.append(Step.of("part_reserved_for", orders=facts.others))
    return Verdict(MISSING, tuple(steps))


@dataclass(frozen=True, slots=True)
class Item:
    """A thing on the list to bring: taken along, or left with a reason, or still open."""

    name: str
    standing: str = READY
    taken: bool = False
    left: str = ""


def decide_departure(
    unticked: Collection[str], ticked: Collection[str], items: Iterable[Item]
) -> Decision:
    """Decide whether a technician may set out (S8.3).

    Every line of the departure list (clothes, badge, …) is ticked, and every thing to bring is
    taken along or left with a reason.

    :raises ValueError: a reason that is none
    """
    items = list(items)
    for item in items:
        if item.left and item.left not in LEFT_REASONS:
            raise ValueError(f"unknown reason: {item.left!r}")
    still_open = [item.name for item in items if not item.taken and not item.left]
    steps = []
    if unticked:
        steps.append(Step.of("departure_unticked", lines=tuple(unticked)))
    if still_open:
        steps.append(Step.of("departure_open", lines=tuple(still_open)))
    if ticked:
        steps.append(Step.of("departure_ticked", lines=tuple(ticked)))
    taken = [item.name for item in items if item.taken]
    if taken:
        steps.append(Step.of("departure_taken", lines=tuple(taken)))
    for reason in LEFT_REASONS:
        left = [item.name for item in items if item.left == reason and not item.taken]
        if left:
            steps.append(Step.of("departure_left", lines=tuple(left), left=reason))
    refused = bool(unticked or still_open)
    if not refused:
        steps.append(Step.of("departure_ready"))
    return Decision(
        kind="departure",
        outcome=REFUSED if refused else SET_OUT,
        clauses=("S8.3",),
        steps=tuple(steps),
        facts={
            "unticked": list(unticked),
            "ticked": list(ticked),
            "items": [
                {
                    "name": item.name,
                    "standing": item.standing,
                    "taken": item.taken,
                    "left": item.left,
                }
                for item in items
            ],
        },
    )
