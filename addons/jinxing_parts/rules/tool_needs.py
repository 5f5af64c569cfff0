"""Which tools a kind of fault needs, and where a technician finds them (S8.3, B24).

A tool is in one person's custody (B24) or lies in a store. Measuring tools count only while
their inspection is valid.
"""

from dataclasses import dataclass
from datetime import date

from odoo.addons.jinxing_base.rules.decision import Step
from odoo.addons.jinxing_repair.rules.bring import FETCH, MISSING, READY, Verdict

STEP_KEYS = (
    "need_for",
    "need_held",
    "need_inspected",
    "need_expired",
    "need_not_inspected",
    "need_stored",
    "need_with_others",
    "need_none",
    "technician_lacks",
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One tool of a kind: its name, until when its inspection holds, the store it lies in."""

    key: int
    name: str
    valid_until: date | None = None
    store: str = ""


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """A kind of tool a technician needs on a day.

    ``held`` are the pieces in his custody, ``stored`` those free in his stores, the nearest
    first, ``others`` the people who hold the remaining ones. ``inspected`` kinds count only with
    a valid inspection.
    """

    person: str
    day: date
    inspected: bool = False
    held: tuple[Piece, ...] = ()
    stored: tuple[Piece, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Where a tool stands, and the piece that is meant, ``None`` when there is none."""

    verdict: Verdict
    piece: Piece | None = None


def is_usable(piece: Piece, facts: NeedFacts) -> bool:
    """Tell whether a piece may be worked with that day: its inspection holds, or needs none."""
    if not facts.inspected:
        return True
    return piece.valid_until is not None and piece.valid_until >= facts.day


def _inspection(piece: Piece, facts: NeedFacts) -> tuple[Step, ...]:
    if not facts.inspected:
        return ()
    if piece.valid_until is None:
        return (Step.of("need_not_inspected", tool=piece.name),)
    key = "need_inspected" if piece.valid_until >= facts.day else "need_expired"
    return (Step.of(key, tool=piece.name, valid_date=piece.valid_until),)


def find_tool(facts: NeedFacts) -> Found:
    """Return where a technician finds a tool of a kind (S8.3, B24).

    In his custody and usable: ready. Else usable in one of his stores: to be fetched. Else it is
    missing, and the reason says what stands against each piece.
    """
    steps = []
    for piece in facts.held:
        said = (
            Step.of("need_held", person=facts.person, tool=piece.name),
            *_inspection(piece, facts),
        )
        if is_usable(piece, facts):
            return Found(Verdict(READY, said), piece)
        steps += said
    for piece in facts.stored:
        said = (
            Step.of("need_stored", tool=piece.name, store=piece.store),
            *_inspection(piece, facts),
        )
        if is_usable(piece, facts):
            return Found(Verdict(FETCH, (*steps, *said)), piece)
        steps += said
    if facts.others:
        steps.append(Step.of("need_with_others", people=facts.others))
    elif not steps:
        steps.append(Step.of("need_none"))
    return Found(Verdict(MISSING, tuple(steps)))
