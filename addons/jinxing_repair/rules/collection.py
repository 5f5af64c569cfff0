"""Collecting the money of chargeable work: on the spot or by voucher (S8.4).

Small amounts may be collected on the spot; the cash is in the technician's custody until finance
has it. For all others a service voucher goes to finance the same day.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from odoo.addons.jinxing_base.rules.decision import Decision, Step

from .service_clock import BREACHED, LATE, ON_TIME, clock_outcome, day_end, local_day, local_moment

ON_SPOT = "on_spot"
VOUCHER = "voucher"
NOTHING_DUE = "nothing_due"
COLLECTION_OUTCOMES = (ON_SPOT, VOUCHER, NOTHING_DUE)

CASH = "cash"
WECHAT = "wechat"
ALIPAY = "alipay"
METHODS = (CASH, WECHAT, ALIPAY)
#: Paid from phone to phone: a reference proves it, nothing lies in anybody's custody.
REFERENCED = frozenset({WECHAT, ALIPAY})

OPEN = "open"
DONE = "done"
DONE_LATE = "done_late"
OVERDUE = "overdue"
#: Answers about voucher, custody and invoice.
HANDLING_OUTCOMES = (OPEN, DONE, DONE_LATE, OVERDUE)
HANDLING_KINDS = ("voucher", "custody", "invoice_collection")

STEP_KEYS = (
    "collection_nothing_due",
    "collection_within_limit",
    "collection_above_limit",
    "collection_not_accepted",
    "payment_method_unknown",
    "payment_no_reference",
    "payment_amount",
    "payment_above_limit",
    *(f"{kind}_{outcome}" for kind in HANDLING_KINDS for outcome in HANDLING_OUTCOMES),
)


@dataclass(frozen=True, slots=True)
class CollectionFacts:
    """What is to be paid; ``limit`` is the policy's, both in the company's currency.

    ``accepted`` tells whether the customer accepted the quotation before the work.
    """

    amount: float
    limit: float
    accepted: bool = True

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {"amount": self.amount, "limit": self.limit, "accepted": self.accepted}


def decide_collection(facts: CollectionFacts) -> Decision:
    """Decide whether the money may be collected on the spot (S8.4).

    ``"on_spot"`` up to and with the limit, ``"voucher"`` above it, ``"nothing_due"`` at zero.
    What the customer did not accept before the work is not collected on the spot.

    :raises ValueError: a negative amount or limit
    """
    if facts.amount < 0 or facts.limit < 0:
        raise ValueError(f"no negative amount or limit: {facts.amount!r}, {facts.limit!r}")
    values = {"amount": facts.amount, "limit": facts.limit}
    if not facts.amount:
        outcome, step = NOTHING_DUE, Step.of("collection_nothing_due")
    elif not facts.accepted:
        outcome, step = VOUCHER, Step.of("collection_not_accepted", amount=facts.amount)
    elif facts.amount <= facts.limit:
        outcome, step = ON_SPOT, Step.of("collection_within_limit", **values)
    else:
        outcome, step = VOUCHER, Step.of("collection_above_limit", **values)
    return Decision("collection", outcome, ("S8.4",), (step,), facts.to_json())


def check_payment(method: str, amount: float, reference: str, limit: float) -> tuple[Step, ...]:
    """Return what speaks against taking a payment on the spot, empty when nothing does (S8.4).

    WeChat and Alipay need their reference; no amount above the limit is taken.
    """
    steps = []
    if method not in METHODS:
        steps.append(Step.of("payment_method_unknown", method=method))
    if method in REFERENCED and not reference.strip():
        steps.append(Step.of("payment_no_reference", method=method))
    # Not a number fails the comparison as well.
    if not amount > 0:
        steps.append(Step.of("payment_amount", amount=amount))
    elif amount > limit:
        steps.append(Step.of("payment_above_limit", amount=amount, limit=limit))
    return tuple(steps)


def voucher_deadline(issued_at: datetime, closing: time | None, tz: str) -> datetime:
    """Return until when finance must have the voucher: the end of the same day (S8.4).

    ``closing`` is when finance's day ends, local; ``None``, or a voucher issued after it, means
    the last second of the calendar day.
    """
    day = local_day(issued_at, tz)
    if closing is not None:
        deadline = local_moment(day, closing, tz)
        if issued_at <= deadline:
            return deadline
    return day_end(day, tz)


def custody_deadline(received_at: datetime, hours: float) -> datetime:
    """Return until when cash must have reached finance (S8.4).

    :raises ValueError: ``hours`` is not above zero
    """
    if hours <= 0:
        raise ValueError(f"cash needs hours to be handed in, not {hours!r}")
    return received_at + timedelta(hours=hours)


def invoice_deadline(invoiced: date, days: int, tz: str) -> datetime:
    """Return until when a collection task must have brought an invoice's money (S8.4).

    :raises ValueError: ``days`` is negative
    """
    if days < 0:
        raise ValueError(f"a collection takes no {days!r} days")
    return day_end(invoiced + timedelta(days=days), tz)


def _judge(
    kind: str, deadline: datetime, done_at: datetime | None, now: datetime, **values
) -> Decision:
    state = clock_outcome(deadline, done_at, now)
    outcome = {ON_TIME: DONE, LATE: DONE_LATE, BREACHED: OVERDUE}.get(state, OPEN)
    done = {} if done_at is None else {"done_at": done_at}
    return Decision(
        kind=kind,
        outcome=outcome,
        clauses=("S8.4",),
        steps=(Step.of(f"{kind}_{outcome}", deadline_at=deadline, **values, **done),),
        facts={"deadline": deadline, "done_at": done_at, "now": now, **values},
    )


def judge_voucher(deadline: datetime, processed_at: datetime | None, now: datetime) -> Decision:
    """Judge whether finance processed a voucher the same day (S8.4).

    ``"open"``, ``"done"``, ``"done_late"`` or ``"overdue"``.
    """
    return _judge("voucher", deadline, processed_at, now)


def judge_custody(
    amount: float, deadline: datetime, handed_over_at: datetime | None, now: datetime
) -> Decision:
    """Judge whether cash in a technician's custody reached finance in time (S8.4)."""
    return _judge("custody", deadline, handed_over_at, now, amount=amount)


def judge_invoice_collection(
    amount: float, deadline: datetime, collected_at: datetime | None, now: datetime
) -> Decision:
    """Judge whether an invoice's money was collected (S8.4)."""
    return _judge("invoice_collection", deadline, collected_at, now, amount=amount)
