"""Tools in personal custody: what is paid for a loss, what must be handed over (B24)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from odoo.addons.jinxing_base.rules.decision import Decision, Step

LOST = "lost"
DAMAGED = "damaged"
WORN = "worn"
EVENTS = (LOST, DAMAGED, WORN)

COMPENSATE = "compensate"
NOTHING = "nothing"
COMPENSATION_OUTCOMES = (COMPENSATE, NOTHING)

CLEAR = "clear"
HAND_OVER = "hand_over"
DEPARTURE_OUTCOMES = (CLEAR, HAND_OVER)

STEP_KEYS = (
    "tool_worn",
    "tool_worn_early",
    "tool_value",
    "tool_no_value",
    "tool_lost",
    "tool_damaged",
    "tool_amount",
    "tools_none",
    "tools_held",
    "tools_hand_over",
)


@dataclass(frozen=True, slots=True)
class CompensationFacts:
    """A tool that was lost, damaged or is worn out.

    ``cost`` and ``bought_on`` are those of its purchase; it loses its value evenly over
    ``life_months``, down to the share ``floor``. ``repair_cost`` of a damage is ``None`` when it
    cannot be repaired. Wear is normal; before the share ``wear_from`` of the life it needs a
    second look, which ``wear_confirmed`` states.
    """

    tool: str
    event: str
    event_date: date
    cost: float
    bought_on: date
    life_months: int
    floor: float
    repair_cost: float | None = None
    wear_from: float = 0.0
    wear_confirmed: bool = False

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {name: getattr(self, name) for name in self.__slots__}


def months_used(bought: date, day: date) -> int:
    """Return the full months between two days, 0 when the second comes first."""
    months = (day.year - bought.year) * 12 + day.month - bought.month
    if day.day < bought.day:
        months -= 1
    return max(months, 0)


def residual(facts: CompensationFacts) -> float:
    """Return what the tool was still worth that day.

    :raises ValueError: a negative cost, no life, or a floor that is no share
    """
    if facts.cost < 0 or facts.life_months <= 0 or not 0 <= facts.floor <= 1:
        raise ValueError(f"no value can be told of {facts!r}")
    used = months_used(facts.bought_on, facts.event_date) / facts.life_months
    return round(facts.cost * max(1.0 - used, facts.floor), 2)


def decide_compensation(facts: CompensationFacts) -> Decision:
    """Decide what a holder pays: a loss its value, a damage its repair at most, wear nothing.

    The fact ``amount`` is what he pays.

    :raises ValueError: unknown event, or facts without sense
    """
    if facts.event not in EVENTS:
        raise ValueError(f"unknown event: {facts.event!r}")
    if facts.repair_cost is not None and facts.repair_cost < 0:
        raise ValueError(f"no repair costs {facts.repair_cost!r}")
    value = residual(facts)
    used = months_used(facts.bought_on, facts.event_date)
    steps = []
    amount = 0.0
    early = used < facts.wear_from * facts.life_months and not facts.wear_confirmed
    if facts.event == WORN and not early:
        steps.append(Step.of("tool_worn", tool=facts.tool, months=used))
    else:
        steps.append(
            Step.of(
                "tool_value",
                tool=facts.tool,
                cost=facts.cost,
                months=used,
                life=facts.life_months,
                value=value,
            )
        )
        if facts.event == WORN:
            amount = value
            steps.append(Step.of("tool_worn_early", tool=facts.tool, months=used))
        elif facts.event == LOST:
            amount = value
            steps.append(Step.of("tool_lost", tool=facts.tool))
        else:
            amount = value if facts.repair_cost is None else min(facts.repair_cost, value)
            steps.append(Step.of("tool_damaged", tool=facts.tool, amount=amount))
        if amount:
            steps.append(Step.of("tool_amount", amount=amount))
        else:
            steps.append(Step.of("tool_no_value", tool=facts.tool))
    return Decision(
        kind="tool_compensation",
        outcome=COMPENSATE if amount else NOTHING,
        clauses=("B24",),
        steps=tuple(steps),
        facts={**facts.to_json(), "amount": amount},
    )


def decide_departure(person: str, tools: Collection[str]) -> Decision:
    """Decide whether a person who leaves his post has tools to hand over (B24)."""
    held = list(tools)
    steps = (
        (Step.of("tools_held", person=person, tools=held), Step.of("tools_hand_over"))
        if held
        else (Step.of("tools_none", person=person),)
    )
    return Decision(
        kind="tool_departure",
        outcome=HAND_OVER if held else CLEAR,
        clauses=("B24",),
        steps=steps,
        facts={"person": person, "tools": held},
    )
