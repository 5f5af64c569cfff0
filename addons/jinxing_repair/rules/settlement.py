"""What a provider is owed for free repairs of a period, less what he answers for (G1.3, G1.4).

Rates are data with a day from which they hold; the one of the day of the repair counts. A line
says how its amount came about, so that the provider can follow it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.jinxing_base.rules.decision import Decision, Step

LABOUR = "labour"
TRAVEL = "travel"
HANDLING = "handling"
INSTALLATION = "installation"
#: A dealer's claim for a machine he exchanged, from its right, and anything else, by hand.
EXCHANGE = "exchange"
OTHER = "other"
LIABILITY = "liability"
UNACCOUNTED = "unaccounted"
#: Paid by a rate.
RATED = (LABOUR, TRAVEL, HANDLING, INSTALLATION)
CLAIMED = (EXCHANGE, OTHER)
#: Taken off.
DEDUCTED = (LIABILITY, UNACCOUNTED)
KINDS = (*RATED, *CLAIMED, *DEDUCTED)
CLAUSES = {
    LABOUR: ("G1.3",),
    TRAVEL: ("G1.3", "L-free"),
    HANDLING: ("G1.3",),
    INSTALLATION: ("G1.1", "S-inst"),
    EXCHANGE: ("G2.1",),
    OTHER: ("G1.3",),
    LIABILITY: ("G1.4",),
    UNACCOUNTED: ("G1.3",),
}

UNIT = "unit"
PERCENT = "percent"
BASES = (UNIT, PERCENT)

PAYABLE = "payable"
NO_RATE = "no_rate"
DEDUCTION = "deduction"
LINE_OUTCOMES = (PAYABLE, NO_RATE, DEDUCTION)

STEP_KEYS = (
    "settlement_hours",
    "settlement_km_visits",
    "settlement_km_fee",
    "settlement_parts",
    "settlement_installation",
    "settlement_rate",
    "settlement_rate_percent",
    "settlement_rate_of_grade",
    "settlement_rate_of_provider",
    "settlement_no_rate",
    "settlement_no_rate_of_grade",
    "settlement_claim",
    "settlement_liability",
    "settlement_unaccounted",
    "settlement_lines_open",
    "settlement_lines_disputed",
    "settlement_no_lines",
    "settlement_not_confirmed",
)


@dataclass(frozen=True, slots=True)
class Rate:
    """What is paid for one hour, kilometre, part or machine from ``valid_from`` on.

    ``percent`` is of the part's price. ``grade`` and ``provider`` narrow the rate; ``None`` is
    any.
    """

    kind: str
    amount: float
    valid_from: date
    basis: str = UNIT
    grade: int | None = None
    provider: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One thing that was done: how much of what, by whom, on which day.

    ``unit_price`` is the part's price, for rates in percent; ``source`` tells where kilometres
    come from (``visits`` or ``fee``).
    """

    kind: str
    quantity: float
    on: date
    provider: int
    grade: int = 0
    unit_price: float = 0.0
    source: str = ""


def pick_rate(rates: Iterable[Rate], work: Work) -> Rate | None:
    """Return the rate for the work: the provider's own first, then the grade's, then the newest.

    Only what held on the day of the work counts; ``None`` when there is nothing.
    """
    fitting = [
        rate
        for rate in rates
        if rate.kind == work.kind
        and rate.valid_from <= work.on
        and rate.grade in (None, work.grade)
        and rate.provider in (None, work.provider)
    ]
    return max(
        fitting,
        key=lambda rate: (
            rate.provider is not None,
            rate.grade is not None,
            rate.valid_from,
        ),
        default=None,
    )


def unit_amount(work: Work, rate: Rate | None, digits: int = 2) -> float:
    """Return what one unit of the work is worth, rounded half up to ``digits``."""
    if rate is None:
        return 0.0
    if rate.basis == PERCENT:
        return _rounded(Decimal(str(work.unit_price)) * Decimal(str(rate.amount)) / 100, digits)
    return float(rate.amount)


def line_amount(quantity: float, unit: float, digits: int = 2) -> float:
    """Return quantity times unit amount, rounded half up to ``digits``."""
    return _rounded(Decimal(str(quantity)) * Decimal(str(unit)), digits)


def _rounded(value: Decimal, digits: int) -> float:
    return float(value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))


def decide_work(work: Work, rate: Rate | None, digits: int = 2) -> Decision:
    """Decide what a piece of work is worth, and say how (G1.3).

    ``"payable"``, or ``"no_rate"`` when no rate held on that day.

    :raises ValueError: no rated kind, or a negative quantity
    """
    if work.kind not in RATED:
        raise ValueError(f"not paid by a rate: {work.kind!r}")
    if work.quantity < 0:
        raise ValueError(f"no negative quantity: {work.quantity!r}")
    quantity = {"quantity": work.quantity, "on_date": work.on}
    what = {
        LABOUR: "settlement_hours",
        TRAVEL: "settlement_km_fee" if work.source == "fee" else "settlement_km_visits",
        HANDLING: "settlement_parts",
        INSTALLATION: "settlement_installation",
    }[work.kind]
    steps = [Step.of(what, **quantity)]
    unit = unit_amount(work, rate, digits)
    if rate is None:
        key = "settlement_no_rate_of_grade" if work.kind == LABOUR else "settlement_no_rate"
        steps.append(Step.of(key, grade=work.grade, on_date=work.on))
    else:
        if rate.provider is not None:
            steps.append(Step.of("settlement_rate_of_provider", valid_date=rate.valid_from))
        if rate.grade is not None:
            steps.append(
                Step.of("settlement_rate_of_grade", grade=rate.grade, valid_date=rate.valid_from)
            )
        values = {
            "rate": rate.amount,
            "quantity": work.quantity,
            "amount": line_amount(work.quantity, unit, digits),
        }
        if rate.basis == PERCENT:
            steps.append(
                Step.of("settlement_rate_percent", price=work.unit_price, unit=unit, **values)
            )
        else:
            steps.append(Step.of("settlement_rate", **values))
    return Decision(
        kind="settlement",
        outcome=NO_RATE if rate is None else PAYABLE,
        clauses=CLAUSES[work.kind],
        steps=tuple(steps),
        facts={
            "kind": work.kind,
            "quantity": work.quantity,
            "on": work.on,
            "provider": work.provider,
            "grade": work.grade,
            "unit_price": work.unit_price,
            "rate": None if rate is None else rate.amount,
            "basis": None if rate is None else rate.basis,
        },
    )


def decide_deduction(kind: str, amount: float, reference: str) -> Decision:
    """Say why an amount is taken off: a liability (G1.4) or parts unaccounted for (G1.3).

    :raises ValueError: no kind of deduction, or a negative amount
    """
    if kind not in DEDUCTED:
        raise ValueError(f"not deducted: {kind!r}")
    if amount < 0:
        raise ValueError(f"a deduction is stated without a sign: {amount!r}")
    step = Step.of(f"settlement_{kind}", amount=amount, reference=reference)
    facts = {"kind": kind, "amount": amount, "reference": reference}
    return Decision("settlement", DEDUCTION, CLAUSES[kind], (step,), facts)


def decide_claim(kind: str, amount: float, reference: str) -> Decision:
    """Say what a claim with evidence stands on (G2.1: a dealer's exchange).

    :raises ValueError: no kind of claim, or nothing is claimed
    """
    if kind not in CLAIMED:
        raise ValueError(f"not claimed: {kind!r}")
    if amount <= 0:
        raise ValueError(f"nothing is claimed: {amount!r}")
    step = Step.of("settlement_claim", amount=amount, reference=reference)
    facts = {"kind": kind, "amount": amount, "reference": reference}
    return Decision("settlement", PAYABLE, CLAUSES[kind], (step,), facts)


def travel_km(visits: Iterable[float], fee: Iterable[float], charged: bool) -> tuple[float, str]:
    """Return the kilometres we pay for an order, and where they come from.

    Those of the visits; if none were noted, those of the fee card's travel items. None at all
    when the customer pays the travel.

    :return: kilometres and ``visits``, ``fee`` or ``charged``
    """
    if charged:
        return 0.0, "charged"
    driven = sum(visits)
    return (driven, "visits") if driven else (sum(fee), "fee")


def own_rework(cause: str | None, liable: int | None, provider: int) -> bool:
    """Tell whether a rework is the provider's own fault, whose work he is not paid (G1.4)."""
    return cause == "repairer" and liable == provider


def why_not_approved(
    states: Collection[str], confirmed: bool, dispute_until: datetime | None, moment: datetime
) -> tuple[Step, ...]:
    """Return what keeps a settlement from being approved, empty when nothing does.

    Each line is approved or refused, no dispute is open, and the provider has confirmed or let
    the time to dispute pass.
    """
    steps = []
    if not states:
        steps.append(Step.of("settlement_no_lines"))
    unread = sum(state == "to_review" for state in states)
    disputed = sum(state == "disputed" for state in states)
    if unread:
        steps.append(Step.of("settlement_lines_open", count=unread))
    if disputed:
        steps.append(Step.of("settlement_lines_disputed", count=disputed))
    if not confirmed and (dispute_until is None or moment < dispute_until):
        steps.append(Step.of("settlement_not_confirmed", until_at=dispute_until))
    return tuple(steps)
