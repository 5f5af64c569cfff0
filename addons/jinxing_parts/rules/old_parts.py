"""New part against old: the debt, its age, the fate of what comes back, what is charged.

A covered repair takes the old part off the machine, and it is the factory's (G1.3); a part granted
in the farm season is granted only against the old one (G3.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from odoo.addons.jinxing_base.rules.decision import Decision, Step

OWED = "owed"
NOT_OWED = "not_owed"
DEBT_OUTCOMES = (OWED, NOT_OWED)

SCRAP = "scrap"
RECOVERY = "supplier_recovery"
REFURBISH = "refurbish"
FATES = (SCRAP, RECOVERY, REFURBISH)

CHARGED = "charged"
NOT_CHARGED = "not_charged"
CHARGE_OUTCOMES = (CHARGED, NOT_CHARGED)

STEP_KEYS = (
    "debt_right",
    "debt_covered",
    "debt_paid_too",
    "debt_paid",
    "debt_not_asked",
    "debt_until",
    "fate_supplier",
    "fate_supplier_over",
    "fate_refurbish",
    "fate_not_usable",
    "fate_scrap",
    "charge_returned",
    "charge_in_time",
    "charge_overdue",
    "charge_amount",
    "charge_done",
)


@dataclass(frozen=True, slots=True)
class DebtFacts:
    """A part fitted: must its kind come back, was it free, was it granted against the old one.

    ``also_paid`` is the policy on parts the customer paid for; ``days`` how long a provider has.
    """

    part: str
    quantity: float
    fitted_on: date
    days: int
    must_return: bool
    covered: bool
    against_old: bool = False
    also_paid: bool = False

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "part": self.part,
            "quantity": self.quantity,
            "fitted_on": self.fitted_on,
            "days": self.days,
            "must_return": self.must_return,
            "covered": self.covered,
            "against_old": self.against_old,
            "also_paid": self.also_paid,
        }


def due_date(fitted: date, days: int) -> date:
    """Return the last day for the old part to come back.

    :raises ValueError: ``days`` is negative
    """
    if days < 0:
        raise ValueError(f"nobody returns a part within {days!r} days")
    return fitted + timedelta(days=days)


def decide_debt(facts: DebtFacts) -> Decision:
    """Decide whether fitting a part opens a debt of the old one; ``until`` is its last day."""
    clauses: tuple[str, ...] = ("G1.3",)
    owed = False
    if facts.quantity <= 0:
        step = Step.of("debt_not_asked", part=facts.part)
    elif facts.against_old:
        owed, clauses = True, ("G3.4", "G1.3")
        step = Step.of("debt_right", part=facts.part)
    elif not facts.must_return:
        step = Step.of("debt_not_asked", part=facts.part)
    elif facts.covered:
        owed = True
        step = Step.of("debt_covered", part=facts.part)
    elif facts.also_paid:
        owed = True
        step = Step.of("debt_paid_too", part=facts.part)
    else:
        step = Step.of("debt_paid", part=facts.part)
    steps = [step]
    until = None
    if owed:
        until = due_date(facts.fitted_on, facts.days)
        steps.append(
            Step.of("debt_until", quantity=facts.quantity, days=facts.days, due_date=until)
        )
    return Decision(
        kind="old_part_debt",
        outcome=OWED if owed else NOT_OWED,
        clauses=clauses,
        steps=tuple(steps),
        facts=facts.to_json(),
        until=until,
    )


def age_bracket(issued: date, today: date, bounds: Sequence[int]) -> int:
    """Return the index of the bracket of a debt's age: 0 up to the first bound of days.

    :raises ValueError: the bounds do not rise
    """
    if list(bounds) != sorted(set(bounds)):
        raise ValueError(f"bounds of age do not rise: {bounds!r}")
    age = (today - issued).days
    return sum(age > bound for bound in bounds)


@dataclass(frozen=True, slots=True)
class FateFacts:
    """An inspected old part: whose fault, is its supplier still bound, can it be made good.

    ``supplier_until`` is the last day of the supplier's own guarantee on the part.
    """

    part: str
    today: date
    supplier: str = ""
    supplier_fault: bool = False
    supplier_until: date | None = None
    refurbishable: bool = False
    usable: bool = False

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "part": self.part,
            "today": self.today,
            "supplier": self.supplier,
            "supplier_fault": self.supplier_fault,
            "supplier_until": self.supplier_until,
            "refurbishable": self.refurbishable,
            "usable": self.usable,
        }


def decide_fate(facts: FateFacts) -> Decision:
    """Propose what becomes of an old part: claimed from its supplier, refurbished, scrapped."""
    steps = []
    outcome = SCRAP
    if facts.supplier and facts.supplier_fault:
        if facts.supplier_until is None or facts.supplier_until >= facts.today:
            outcome = RECOVERY
            steps.append(Step.of("fate_supplier", part=facts.part, supplier=facts.supplier))
        else:
            steps.append(
                Step.of(
                    "fate_supplier_over",
                    supplier=facts.supplier,
                    end_date=facts.supplier_until,
                )
            )
    if outcome == SCRAP and facts.refurbishable:
        if facts.usable:
            outcome = REFURBISH
            steps.append(Step.of("fate_refurbish", part=facts.part))
        else:
            steps.append(Step.of("fate_not_usable", part=facts.part))
    if outcome == SCRAP:
        steps.append(Step.of("fate_scrap", part=facts.part))
    return Decision(
        kind="old_part_fate",
        outcome=outcome,
        clauses=("G1.3",),
        steps=tuple(steps),
        facts=facts.to_json(),
    )


@dataclass(frozen=True, slots=True)
class ChargeFacts:
    """A debt at a settlement: what is still owed, since when it is due, what a piece is worth.

    ``grace_days`` is how long past the due day a provider is not charged; ``already`` what an
    earlier settlement charged for it.
    """

    part: str
    owed: float
    due_on: date
    settled_on: date
    grace_days: int
    price: float
    already: float = 0.0

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "part": self.part,
            "owed": self.owed,
            "due_on": self.due_on,
            "settled_on": self.settled_on,
            "grace_days": self.grace_days,
            "price": self.price,
            "already": self.already,
        }


def decide_charge(facts: ChargeFacts) -> Decision:
    """Decide whether an old part that did not come back is taken off a settlement (G1.3).

    The fact ``amount`` is what is charged.

    :raises ValueError: a negative number of days
    """
    last = due_date(facts.due_on, facts.grace_days)
    amount = 0.0
    if facts.owed <= 0:
        step = Step.of("charge_returned", part=facts.part)
    elif facts.already > 0:
        step = Step.of("charge_done", part=facts.part, amount=facts.already)
    elif facts.settled_on <= last:
        step = Step.of("charge_in_time", part=facts.part, due_date=last)
    else:
        amount = round(facts.owed * facts.price, 2)
        step = Step.of(
            "charge_overdue",
            part=facts.part,
            due_date=last,
            days=(facts.settled_on - last).days,
        )
    steps = [step]
    if amount:
        steps.append(
            Step.of("charge_amount", quantity=facts.owed, price=facts.price, amount=amount)
        )
    return Decision(
        kind="old_part_charge",
        outcome=CHARGED if amount else NOT_CHARGED,
        clauses=("G1.3",),
        steps=tuple(steps),
        facts={**facts.to_json(), "amount": amount},
    )
