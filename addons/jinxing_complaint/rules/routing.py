"""Where a contact goes, how urgent it is and until when it is answered (O21, C17).

A routing table names departments by kind and subject. The line that says most about a contact
decides; of two that say the same much, the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from odoo.addons.jinxing_base.rules.decision import Decision, Step

ROUTED = "routed"
NOT_ROUTED = "not_routed"
OUTCOMES = (ROUTED, NOT_ROUTED)

STEP_KEYS = (
    "route_contact",
    "route_line",
    "route_none",
    "route_urgent_line",
    "route_urgent_public",
    "route_urgent_caller",
    "route_answer",
)


@dataclass(frozen=True, slots=True)
class Route:
    """A line of the routing table; an empty kind or subject stands for any.

    ``answer_hours`` is None where the general policy holds.
    """

    key: int
    department: str
    kind: str = ""
    subject: int = 0
    urgent: bool = False
    answer_hours: float | None = None

    def fits(self, kind: str, subject: int) -> bool:
        """Tell whether a contact of this kind and subject is one of this line's."""
        return (not self.kind or self.kind == kind) and (
            not self.subject or self.subject == subject
        )

    @property
    def weight(self) -> int:
        """How much the line says: the subject more than the kind."""
        return 2 * bool(self.subject) + bool(self.kind)


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as registered; ``public`` is a complaint in the media or before an authority."""

    kind: str
    subject: int = 0
    subject_name: str = ""
    emergency: bool = False
    public: bool = False

    def to_json(self) -> dict:
        """Return what the decision is stored with."""
        return {
            "kind": self.kind,
            "subject": self.subject_name,
            "emergency": self.emergency,
            "public": self.public,
        }


@dataclass(frozen=True, slots=True)
class Routing:
    """The answer: the line taken, whether it is urgent, hours to answer, and why."""

    route: Route | None
    urgent: bool
    answer_hours: float
    decision: Decision


def find_route(contact: Contact, routes: Sequence[Route]) -> Route | None:
    """Return the line of the table that says most about a contact, None if none fits."""
    fitting = [route for route in routes if route.fits(contact.kind, contact.subject)]
    return max(fitting, key=lambda route: route.weight, default=None)


def route(
    contact: Contact, routes: Sequence[Route], hours: float, urgent_hours: float
) -> Routing:
    """Return where a contact goes and until when it is answered (O21).

    :param hours: within which a contact is answered that is not urgent
    :param urgent_hours: the same for an urgent one
    """
    found = find_route(contact, routes)
    steps = [Step.of("route_contact", kind=contact.kind, subject=contact.subject_name)]
    clauses = ["O21"]
    if found:
        steps.append(Step.of("route_line", department=found.department))
    else:
        steps.append(Step.of("route_none"))
    urgent = contact.emergency
    if contact.public:
        urgent = True
        clauses.append("C17")
        steps.append(Step.of("route_urgent_public"))
    elif found and found.urgent:
        urgent = True
        steps.append(Step.of("route_urgent_line"))
    elif contact.emergency:
        steps.append(Step.of("route_urgent_caller"))
    limit = urgent_hours if urgent else hours
    if found and found.answer_hours is not None:
        limit = min(found.answer_hours, limit)
    steps.append(Step.of("route_answer", hours=limit))
    decision = Decision(
        "contact_route",
        ROUTED if found else NOT_ROUTED,
        tuple(clauses),
        tuple(steps),
        contact.to_json(),
    )
    return Routing(found, urgent, limit, decision)


def answer_deadline(called: datetime, hours: float) -> datetime:
    """Return until when a contact must have been answered."""
    return called + timedelta(hours=hours)
