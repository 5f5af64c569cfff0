"""The steps of a dispatch order (派工单), in what order and with what output (S8.1-S8.11).

Each action names the states it starts from, the state it leads to, the outputs it demands and
the clause that asks for it. A done order is never reopened (G1.2): nothing leads back from
``signed``.
"""

from collections.abc import Collection
from dataclasses import dataclass

from odoo.addons.jinxing_base.rules.decision import Step

REGISTERED = "registered"
RETURNED = "returned"
APPROVED = "approved"
ASSIGNED = "assigned"
ACCEPTED = "accepted"
CONTACTED = "contacted"
ON_SITE = "on_site"
TAKEN_BACK = "taken_back"
REPAIRED = "repaired"
SIGNED = "signed"
HANDED_IN = "handed_in"
CLOSED = "closed"
CANCELLED = "cancelled"

#: The step each state of a dispatch order stands on in Odoo's repair order.
CORE_STATES = {
    REGISTERED: "draft",
    RETURNED: "draft",
    APPROVED: "confirmed",
    ASSIGNED: "confirmed",
    ACCEPTED: "confirmed",
    CONTACTED: "confirmed",
    ON_SITE: "under_repair",
    TAKEN_BACK: "under_repair",
    REPAIRED: "under_repair",
    SIGNED: "done",
    HANDED_IN: "done",
    CLOSED: "done",
    CANCELLED: "cancel",
}
STATES = tuple(CORE_STATES)

#: Work still lies ahead of these; deadlines are watched here.
OPEN = (
    REGISTERED, RETURNED, APPROVED, ASSIGNED, ACCEPTED, CONTACTED, ON_SITE, TAKEN_BACK, REPAIRED,
)
#: Faults, parts and labour may change here. What is repaired is taken up again first (resume),
#: so that the price the customer accepts is known before the work (S8.4).
CHANGEABLE = tuple(state for state in OPEN if state != REPAIRED)
#: Approved, and nobody has arrived yet.
BEFORE_ARRIVAL = (APPROVED, ASSIGNED, ACCEPTED, CONTACTED)
FINISHED = (SIGNED, HANDED_IN, CLOSED)

STEP_KEYS = ("flow_not_from", "flow_finished", "flow_cancelled")


@dataclass(frozen=True, slots=True)
class Action:
    """One step: from where, to where, with what outputs, by which clause."""

    name: str
    sources: tuple[str, ...]
    target: str
    outputs: tuple[str, ...] = ()
    clause: str = ""


ACTIONS = {
    action.name: action
    for action in (
        Action("submit", (RETURNED,), REGISTERED, ("customer", "address", "fault"), "S8.1"),
        Action("approve", (REGISTERED,), APPROVED, ("customer", "address", "fault"), "S8.1"),
        Action("return", (REGISTERED,), RETURNED, ("reason",), "S8.1"),
        Action("assign", (*BEFORE_ARRIVAL,), ASSIGNED, ("provider",), "S8.2"),
        Action("accept", (ASSIGNED,), ACCEPTED, ("technician",), "S8.2"),
        Action("decline", (ASSIGNED, ACCEPTED, CONTACTED), APPROVED, ("reason",), "G3.1"),
        Action("expire", (ASSIGNED,), APPROVED, (), "G3.1"),
        Action("contact", (ACCEPTED,), CONTACTED, ("contact",), "S8.2"),
        Action("arrive", (ACCEPTED, CONTACTED), ON_SITE, ("technician", "departure"), "S8.11"),
        Action("take_back", (ON_SITE,), TAKEN_BACK, ("receipt",), "S8.6"),
        Action(
            "finish",
            (ON_SITE, TAKEN_BACK),
            REPAIRED,
            ("faults", "cause", "quality", "acceptance"),
            "G1.2",
        ),
        Action("resume", (REPAIRED,), ON_SITE, ("reason",), "N9"),
        Action(
            "sign",
            (REPAIRED,),
            SIGNED,
            ("acceptance", "checklist", "signature", "delivered"),
            "N9",
        ),
        Action("hand_in", (SIGNED,), HANDED_IN, ("result",), "S8.9"),
        Action("close", (HANDED_IN,), CLOSED, ("quality_score",), "S8.9"),
        Action(
            "cancel",
            (REGISTERED, RETURNED, *BEFORE_ARRIVAL, ON_SITE, TAKEN_BACK),
            CANCELLED,
            ("reason", "delivered"),
            "S8.1",
        ),
    )
}


def allowed(action: str, state: str) -> bool:
    """Tell whether ``action`` may be taken from ``state``.

    :raises KeyError: no such action
    """
    return state in ACTIONS[action].sources


def check(action: str, state: str) -> Step | None:
    """Return why ``action`` is refused in ``state``, ``None`` when it may be taken.

    :raises KeyError: no such action or state
    """
    sources = ACTIONS[action].sources
    core = CORE_STATES[state]
    if state in sources:
        return None
    if core == "cancel":
        return Step.of("flow_cancelled", action=action)
    if core == "done" and not set(sources) & set(FINISHED):
        return Step.of("flow_finished", action=action, state=state)
    return Step.of("flow_not_from", action=action, state=state, allowed=sources)


def missing_outputs(action: str, given: Collection[str]) -> tuple[str, ...]:
    """Return the outputs that ``action`` demands and ``given`` lacks, in the order demanded."""
    return tuple(output for output in ACTIONS[action].outputs if output not in given)


def next_actions(state: str) -> tuple[str, ...]:
    """Return the names of the actions that may be taken from ``state``."""
    return tuple(name for name, action in ACTIONS.items() if state in action.sources)
