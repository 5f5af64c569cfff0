"""May an assembly be fitted whole? Repair comes first (能修则修, 以修为主, G3.2).

An assembly is exchanged by a right to it, or with a supervisor's approval that says why repair
will not do, whoever pays for it. Readings: who may have the machine exchanged may have less, any
of its assemblies; a right to a new part gives one of its component; an assembly that fails within
the guarantee of the repair that fitted it is given again without asking (G1.2).
"""

from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.jinxing_base.rules.decision import Decision, Step

from .exchange_facts import EXCHANGE, NEW_PART, RETURN, USER_CHOICE

NO_ASSEMBLY = "no_assembly"
ENTITLED = "entitled"
APPROVED = "approved"
WAITING = "waiting"
REFUSED = "refused"
TO_ASK = "to_ask"
ASSEMBLY_OUTCOMES = (NO_ASSEMBLY, ENTITLED, APPROVED, WAITING, REFUSED, TO_ASK)
#: With these it may be fitted.
FITTABLE = (NO_ASSEMBLY, ENTITLED, APPROVED)

BEYOND_REPAIR = "beyond_repair"
NO_PARTS = "no_parts"
DEARER = "dearer"
UNSAFE = "unsafe"
CUSTOMER = "customer"
OTHER = "other"
#: Why repair will not do. What the customer asks for and pays is asked for in writing.
REASON_KINDS = (BEYOND_REPAIR, NO_PARTS, DEARER, UNSAFE, CUSTOMER, OTHER)

_MACHINE = (EXCHANGE, USER_CHOICE, RETURN)

STEP_KEYS = (
    "assembly_none",
    "assembly_asked_for",
    "assembly_right_machine",
    "assembly_right_part",
    "assembly_guaranteed",
    "assembly_approved",
    "assembly_waiting",
    "assembly_refused",
    "assembly_short",
    "assembly_to_ask",
)


@dataclass(frozen=True, slots=True)
class AssemblyRight:
    """A right in force for the machine: by which clause, what it gives, of which component."""

    name: str
    clause: str
    outcome: str
    component: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """What a supervisor was asked for, and what he said.

    ``answer`` is ``"approved"``, ``"refused"`` or ``"waiting"``; ``reason`` why repair will not
    do, ``note`` the supervisor's own word.
    """

    quantity: Decimal
    answer: str
    reason: str = ""
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class AssemblyFacts:
    """One part of an order: how many are to be fitted, and what lets them be.

    ``components`` are the part's own and those of the faults it is fitted for. ``approvals`` are
    those of this order, machine and part alone, the newest last. ``guaranteed`` is how many of
    this very part an order fitted whose guarantee is running.
    """

    part: str
    is_assembly: bool
    quantity: Decimal
    components: tuple[str, ...] = ()
    rights: tuple[AssemblyRight, ...] = ()
    approvals: tuple[Approval, ...] = ()
    guaranteed: Decimal = Decimal(0)

    def to_json(self) -> dict:
        """Return what the decision is stored with."""
        return {
            "part": self.part,
            "is_assembly": self.is_assembly,
            "quantity": str(self.quantity),
            "components": list(self.components),
            "rights": [f"{one.clause} {one.name}" for one in self.rights],
            "approvals": [
                {"quantity": str(one.quantity), "answer": one.answer, "by": one.by}
                for one in self.approvals
            ],
            "guaranteed": str(self.guaranteed),
        }


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _answer(facts, outcome, clauses, steps):
    return Decision(
        "assembly_exchange", outcome, tuple(dict.fromkeys((*clauses, "G3.2"))), tuple(steps),
        facts.to_json(),
    )


def decide_assembly(facts: AssemblyFacts) -> Decision:
    """Decide whether a part may be fitted whole (G3.2).

    The outcome is ``no_assembly``, ``entitled`` (by a right or the guarantee), ``approved``,
    ``waiting`` for the supervisor, ``refused`` by him, or ``to_ask``. What a right gives counts
    first, the rest of the quantity must have been approved.
    """
    if not facts.is_assembly or facts.quantity <= 0:
        return _answer(facts, NO_ASSEMBLY, (), [Step.of("assembly_none", part=facts.part)])
    steps = [
        Step.of("assembly_asked_for", part=facts.part, quantity=_number(facts.quantity))
    ]
    clauses = []
    open_quantity = facts.quantity
    for right in facts.rights:
        if right.outcome in _MACHINE:
            step = Step.of("assembly_right_machine", right=right.name, clause=right.clause)
            return _answer(facts, ENTITLED, (right.clause,), [*steps, step])
        if right.outcome == NEW_PART and right.component in facts.components and open_quantity > 0:
            clauses.append(right.clause)
            steps.append(Step.of("assembly_right_part", right=right.name, clause=right.clause))
            open_quantity -= 1
    if facts.guaranteed > 0 and open_quantity > 0:
        clauses.append("G1.2")
        steps.append(Step.of("assembly_guaranteed", quantity=_number(facts.guaranteed)))
        open_quantity -= facts.guaranteed
    if open_quantity <= 0:
        return _answer(facts, ENTITLED, clauses, steps)
    return _judge_approvals(facts, clauses, steps, open_quantity)


def _judge_approvals(facts, clauses, steps, open_quantity):
    """Judge what neither right nor guarantee gives by what the supervisor said."""
    approved = Decimal(0)
    for one in facts.approvals:
        if one.answer != APPROVED:
            continue
        approved += one.quantity
        steps.append(
            Step.of(
                "assembly_approved",
                approver=one.by,
                quantity=_number(one.quantity),
                reason=one.reason,
                note=one.note,
            )
        )
    if approved >= open_quantity:
        return _answer(facts, APPROVED, clauses, steps)
    if approved > 0:
        steps.append(Step.of("assembly_short", quantity=_number(open_quantity - approved)))
    last = facts.approvals[-1] if facts.approvals else None
    if last and last.answer == WAITING:
        steps.append(
            Step.of("assembly_waiting", quantity=_number(last.quantity), reason=last.reason)
        )
        return _answer(facts, WAITING, clauses, steps)
    if last and last.answer == REFUSED:
        steps.append(Step.of("assembly_refused", approver=last.by, note=last.note))
        return _answer(facts, REFUSED, clauses, steps)
    steps.append(Step.of("assembly_to_ask"))
    return _answer(facts, TO_ASK, clauses, steps)


def open_quantity(facts: AssemblyFacts) -> Decimal:
    """Return how many must still be asked for: beyond rights, guarantee and approvals (G3.2)."""
    if not facts.is_assembly or any(right.outcome in _MACHINE for right in facts.rights):
        return Decimal(0)
    by_right = sum(
        1 for r in facts.rights if r.outcome == NEW_PART and r.component in facts.components
    )
    asked = sum(
        (one.quantity for one in facts.approvals if one.answer in (APPROVED, WAITING)), Decimal(0)
    )
    return max(facts.quantity - by_right - facts.guaranteed - asked, Decimal(0))


#: What keeps an order's assemblies from being fitted goes before what lets them.
_WORST_FIRST = (TO_ASK, REFUSED, WAITING, APPROVED, ENTITLED, NO_ASSEMBLY)


def combine(decisions) -> Decision:
    """Return one decision of all the assemblies of an order; the worst answer is the order's.

    :raises ValueError: there is none
    """
    found = sorted(decisions, key=lambda decision: _WORST_FIRST.index(decision.outcome))
    if not found:
        raise ValueError("no assembly to decide on")
    return Decision(
        "assembly_exchange",
        found[0].outcome,
        tuple(dict.fromkeys(clause for decision in found for clause in decision.clauses)),
        tuple(step for decision in found for step in decision.steps),
        {"assemblies": [decision.facts for decision in found]},
    )
