"""The guarantee of a repair and who answers for a rework (G1.2, G1.4, N7).

A component that fails again within the guarantee of its repair is repaired again, free to begin
with. Only the diagnosis says whose fault it was, and only then money follows it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from odoo.addons.jinxing_base.rules.decision import Decision, Step

REWORK = "rework"
NONE = "none"
GUARANTEE_OUTCOMES = (REWORK, NONE)

#: Causes a diagnosis can find.
CAUSE_REPAIRER = "repairer"
CAUSE_PART = "part"
CAUSE_MISUSE = "misuse"
CAUSE_OTHER = "other"
CAUSES = (CAUSE_REPAIRER, CAUSE_PART, CAUSE_MISUSE, CAUSE_OTHER)

FREE_SO_FAR = "free_so_far"
PROVIDER = "provider"
PRODUCER = "producer"
CUSTOMER = "customer"
LIABILITY_OUTCOMES = (FREE_SO_FAR, PROVIDER, PRODUCER, CUSTOMER)

STEP_KEYS = (
    "guarantee_no_repair",
    "guarantee_repair",
    "guarantee_within",
    "guarantee_after",
    "guarantee_rework",
    "liability_free_to_begin",
    "liability_repairer",
    "liability_part",
    "liability_misuse",
    "liability_misuse_no_evidence",
    "liability_other",
    "liability_other_free",
    "liability_other_chargeable",
    "liability_other_undecided",
    "liability_from_settlement",
    "liability_to_hr",
    "liability_recover",
    "liability_amount",
)


def guarantee_until(repaired: date, days: int) -> date:
    """Return the last day of a repair's guarantee; the day of the repair is day 0 (G1.2).

    :raises ValueError: ``days`` is negative
    """
    if days < 0:
        raise ValueError(f"a guarantee lasts no {days!r} days")
    return repaired + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class PastRepair:
    """A completed repair of a component; ``order`` names the dispatch order."""

    component: str | int
    repaired_date: date
    order: str = ""

    def to_json(self) -> dict:
        """Return the repair as plain data."""
        return {
            "component": self.component,
            "repaired_date": self.repaired_date,
            "order": self.order,
        }


@dataclass(frozen=True, slots=True)
class GuaranteeFacts:
    """A new fault and what was repaired before on the machine; ``days`` is the policy's number."""

    component: str | int
    fault_date: date
    days: int
    repairs: Collection[PastRepair] = ()
    name: str = ""

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "component": self.component,
            "fault_date": self.fault_date,
            "days": self.days,
            "repairs": [repair.to_json() for repair in self.repairs],
        }


def covering_repair(facts: GuaranteeFacts) -> PastRepair | None:
    """Return the newest repair of the component up to the fault's day, in guarantee or not."""
    past = [
        repair
        for repair in facts.repairs
        if repair.component == facts.component and repair.repaired_date <= facts.fault_date
    ]
    return max(past, key=lambda repair: (repair.repaired_date, repair.order), default=None)


def decide_guarantee(facts: GuaranteeFacts) -> Decision:
    """Decide whether a fault falls within the guarantee of an earlier repair (G1.2).

    ``"rework"`` when the same component was repaired at most ``days`` days before; ``until`` is
    the last day of that guarantee. ``"none"`` otherwise.
    """
    repair = covering_repair(facts)
    if repair is None:
        return Decision(
            kind="guarantee",
            outcome=NONE,
            clauses=("G1.2",),
            steps=(Step.of("guarantee_no_repair", component=facts.name or facts.component),),
            facts=facts.to_json(),
        )
    until = guarantee_until(repair.repaired_date, facts.days)
    within = facts.fault_date <= until
    steps = [
        Step.of(
            "guarantee_repair",
            component=facts.name or facts.component,
            order=repair.order,
            repaired_date=repair.repaired_date,
            days=facts.days,
            end_date=until,
        ),
        Step.of(
            "guarantee_within" if within else "guarantee_after",
            fault_date=facts.fault_date,
            days=(facts.fault_date - repair.repaired_date).days,
        ),
    ]
    if within:
        steps.append(Step.of("guarantee_rework"))
    return Decision(
        kind="guarantee",
        outcome=REWORK if within else NONE,
        clauses=("G1.2", "N7") if within else ("G1.2",),
        steps=tuple(steps),
        facts={**facts.to_json(), "rework_of": repair.order if within else ""},
        until=until,
    )


@dataclass(frozen=True, slots=True)
class LiabilityFacts:
    """What the diagnosis of a rework found.

    ``cause`` is ``None`` before it. ``evidence`` must show a misuse. ``own_staff`` tells
    whether our own people did the first repair. ``covered`` is the cover of the fault itself,
    asked for when the cause is another one; ``None`` while it is not decided. ``amount`` is
    what the rework cost, in the company's currency.
    """

    cause: str | None = None
    own_staff: bool = False
    evidence: str = ""
    covered: bool | None = None
    amount: float = 0.0

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "cause": self.cause,
            "own_staff": self.own_staff,
            "evidence": self.evidence,
            "covered": self.covered,
            "amount": self.amount,
        }


def decide_rework_cost(facts: LiabilityFacts) -> Decision:
    """Decide who bears a rework (G1.2, G1.4).

    ``"free_so_far"`` until the diagnosis says more: the customer pays nothing to begin with.
    ``"provider"``: the repairer's fault, taken from his settlement or told to HR for own staff.
    ``"producer"``: the part's fault, or another cause inside the cover. ``"customer"``: misuse
    shown by evidence (G5.1), or another cause outside the cover.

    :raises ValueError: unknown cause, or a negative amount
    """
    if facts.cause is not None and facts.cause not in CAUSES:
        raise ValueError(f"unknown cause: {facts.cause!r}")
    if facts.amount < 0:
        raise ValueError(f"a rework costs no negative amount: {facts.amount!r}")
    clauses: tuple[str, ...] = ("G1.2",)
    steps = []
    if facts.cause is None:
        outcome = FREE_SO_FAR
        steps.append(Step.of("liability_free_to_begin"))
    elif facts.cause == CAUSE_REPAIRER:
        outcome, clauses = PROVIDER, ("G1.4", "G1.2", "N7")
        steps.append(Step.of("liability_repairer"))
        key = "liability_to_hr" if facts.own_staff else "liability_from_settlement"
        steps.append(Step.of(key))
    elif facts.cause == CAUSE_PART:
        outcome = PRODUCER
        steps += [Step.of("liability_part"), Step.of("liability_recover")]
    elif facts.cause == CAUSE_MISUSE:
        evidence = facts.evidence.strip()
        if evidence:
            outcome, clauses = CUSTOMER, ("G5.1", "G1.2")
            steps.append(Step.of("liability_misuse", evidence=evidence))
        else:
            outcome, clauses = FREE_SO_FAR, ("G1.2", "G5.1")
            steps.append(Step.of("liability_misuse_no_evidence"))
    else:
        steps.append(Step.of("liability_other"))
        outcome, key = {
            None: (FREE_SO_FAR, "liability_other_undecided"),
            True: (PRODUCER, "liability_other_free"),
            False: (CUSTOMER, "liability_other_chargeable"),
        }[facts.covered]
        steps.append(Step.of(key))
    if facts.amount and outcome != FREE_SO_FAR:
        steps.append(Step.of("liability_amount", amount=facts.amount))
    return Decision(
        kind="liability",
        outcome=outcome,
        clauses=clauses,
        steps=tuple(steps),
        facts=facts.to_json(),
    )
