"""May a part be fitted to a model, and if not it, then its successor (G1.2)?"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from odoo.addons.jinxing_base.rules.decision import Decision, Step

FIT = "fit"
SUCCESSOR = "successor"
REFUSED = "refused"
FITTING_OUTCOMES = (FIT, SUCCESSOR, REFUSED)

STEP_KEYS = (
    "fitting_approved",
    "fitting_not_approved",
    "fitting_superseded",
    "fitting_use_up",
    "fitting_no_stock",
    "fitting_not_used_up",
    "fitting_successor",
    "fitting_successor_not_approved",
)


def chain(part: Hashable, successors: Mapping[Hashable, Hashable | None]) -> list[Hashable]:
    """Return the part and its successors, the current one last.

    :raises ValueError: the chain comes back to itself
    """
    found = [part]
    seen = {part}
    while (following := successors.get(found[-1])) is not None:
        if following in seen:
            raise ValueError(f"{following!r} would succeed itself")
        found.append(following)
        seen.add(following)
    return found


@dataclass(frozen=True, slots=True)
class FittingFacts:
    """A part for a machine of ``model``.

    ``successor`` is the last of its chain, empty when it is current. ``use_up`` tells whether
    what is left of a superseded part may still be fitted, ``in_stock`` whether any is left.
    """

    part: str
    model: str
    approved: bool
    successor: str = ""
    successor_approved: bool = False
    use_up: bool = True
    in_stock: bool = True

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {name: getattr(self, name) for name in self.__slots__}


def decide_fitting(facts: FittingFacts) -> Decision:
    """Decide whether the part may be fitted (G1.2).

    ``"successor"``: not this one, but the part that has taken its place is approved. A superseded
    part that is approved and may be used up is fitted as long as there is any.
    """
    steps = []
    outcome = REFUSED
    if facts.approved:
        steps.append(Step.of("fitting_approved", part=facts.part, model=facts.model))
        outcome = FIT
    else:
        steps.append(Step.of("fitting_not_approved", part=facts.part, model=facts.model))
    if facts.successor:
        steps.append(
            Step.of("fitting_superseded", part=facts.part, successor=facts.successor)
        )
        if outcome == FIT:
            if not facts.use_up:
                outcome = REFUSED
                steps.append(Step.of("fitting_not_used_up", part=facts.part))
            elif not facts.in_stock:
                outcome = REFUSED
                steps.append(Step.of("fitting_no_stock", part=facts.part))
            else:
                steps.append(Step.of("fitting_use_up", part=facts.part))
        if outcome == REFUSED and facts.successor_approved:
            outcome = SUCCESSOR
            steps.append(
                Step.of("fitting_successor", successor=facts.successor, model=facts.model)
            )
        elif outcome == REFUSED:
            steps.append(
                Step.of(
                    "fitting_successor_not_approved",
                    successor=facts.successor,
                    model=facts.model,
                )
            )
    return Decision(
        kind="fitting",
        outcome=outcome,
        clauses=("G1.2",),
        steps=tuple(steps),
        facts=facts.to_json(),
    )
