"""The service clock: contact, arrival, promises, absence, waiting (S8.2, S8.5, S8.11, N5, N6).

Datetimes are naive UTC, dates are calendar days at the machine's place. The second of a
deadline is still in time, the next one is not. A breach is a fact of the two times compared;
nothing has to run for it to be true.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo.addons.jinxing_base.rules.decision import Decision, Step

ON_TIME = "on_time"
LATE = "late"
OPEN = "open"
BREACHED = "breached"
CLOCK_OUTCOMES = (ON_TIME, LATE, OPEN, BREACHED)

NONE = "none"
SPARED = "spared"
MARKED = "marked"
CLAIMED = "claimed"
NOT_APPLICABLE = "not_applicable"
ABSENCE_OUTCOMES = (NONE, SPARED, MARKED, CLAIMED, NOT_APPLICABLE)

NOT_NEEDED = "not_needed"
REQUESTED = "requested"
HELP_OUTCOMES = (NOT_NEEDED, REQUESTED, MARKED)

PRODUCER_PARTS = "producer_parts"
REPAIRER = "repairer"
CUSTOMER = "customer"
OTHER = "other"
WAIT_REASONS = (PRODUCER_PARTS, REPAIRER, CUSTOMER, OTHER)

_ONE_DAY = timedelta(days=1)
_ONE_SECOND = timedelta(seconds=1)
_TICK = timedelta.resolution

#: Clauses of each kind of deadline, the deciding one first.
CLOCK_CLAUSES = {
    "contact": ("S8.2",),
    "preliminary": ("S8.2",),
    "arrival": ("S8.11",),
    "promise": ("N5", "S8.9"),
    "escalation": ("N6",),
}

STEP_KEYS = (
    *(f"{kind}_deadline" for kind in CLOCK_CLAUSES),
    *(f"{kind}_{outcome}" for kind in CLOCK_CLAUSES for outcome in CLOCK_OUTCOMES),
    "absence_arrived",
    "absence_claimed",
    "absence_time_left",
    "absence_missed",
    "absence_no_notice",
    "absence_notice_spares",
    "absence_notice_late",
    "absence_notice_no_reason",
    "absence_station",
    "help_in_time",
    "help_too_late",
    "help_missing",
    "help_not_needed",
    "help_promise_open",
)


# -- calendar days at the machine's place ------------------------------------------------------


def local_day(moment: datetime, tz: str) -> date:
    """Return the calendar day of a naive UTC moment in the time zone ``tz``."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(tz)).date()


def local_moment(day: date, at: time, tz: str) -> datetime:
    """Return the naive UTC moment of a local time on a local day."""
    local = datetime.combine(day, at, tzinfo=ZoneInfo(tz))
    return local.astimezone(UTC).replace(tzinfo=None)


def day_start(day: date, tz: str) -> datetime:
    """Return the naive UTC moment a local day begins."""
    return local_moment(day, time.min, tz)


def day_end(day: date, tz: str) -> datetime:
    """Return the last second of a local day in naive UTC: the deadline of a promised day."""
    return day_start(day + _ONE_DAY, tz) - _ONE_SECOND


def span(delta: timedelta) -> str:
    """Return a duration as ``H:MM:SS``, hours unbounded, without a sign."""
    seconds = abs(int(delta.total_seconds()))
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


# -- deadlines ---------------------------------------------------------------------------------


def _running(
    day: date, windows: tuple[tuple[time, time], ...], tz: str
) -> list[tuple[datetime, datetime]]:
    """Return the parts of a local day in which the clock runs, in UTC, sorted."""
    dawn, dusk = day_start(day, tz), day_start(day + _ONE_DAY, tz)
    parts = []
    for begun in (day - _ONE_DAY, day):
        for first, last in windows:
            ends = begun if last > first else begun + _ONE_DAY
            start = max(local_moment(begun, first, tz), dawn)
            end = min(local_moment(ends, last, tz), dusk)
            if start < end:
                parts.append((start, end))
    return sorted(parts)


def contact_deadline(
    approved_at: datetime,
    minutes: float,
    windows: Iterable[tuple[time, time]] = (),
    tz: str = "UTC",
) -> datetime:
    """Return when the customer must have been phoned (S8.2).

    ``minutes`` run from the approval. ``windows`` are the local times between which they run
    (standby policy); none means day and night. A window of equal times is the whole day, one
    that ends before it starts runs past midnight. What is left at the end of a window goes on
    at the start of the next.

    :raises ValueError: ``minutes`` is not above zero
    """
    if minutes <= 0:
        raise ValueError(f"a contact needs minutes to be made in, not {minutes!r}")
    windows = tuple(windows)
    left = timedelta(minutes=minutes)
    if not windows:
        return approved_at + left
    now = approved_at
    day = local_day(approved_at, tz)
    while True:
        for start, end in _running(day, windows, tz):
            start = max(start, now)
            if start >= end:
                continue
            if start + left <= end:
                return start + left
            left -= end - start
            now = end
        day += _ONE_DAY


def arrival_deadline(call_at: datetime, hours: float) -> datetime:
    """Return when somebody must be at the machine: ``hours`` after the call (S8.11).

    :raises ValueError: ``hours`` is not above zero
    """
    if hours <= 0:
        raise ValueError(f"an arrival needs hours to be made in, not {hours!r}")
    return call_at + timedelta(hours=hours)


def promise_deadline(promised: date | datetime, tz: str) -> datetime:
    """Return the moment a promise falls due: a promised day lasts to its last second (N5)."""
    return promised if isinstance(promised, datetime) else day_end(promised, tz)


# -- judging a deadline ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """One deadline and what was done about it, at the moment ``now``.

    ``started_at`` is when the time began to run (approval, call, the promise given), ``done_at``
    when the thing was done (phoned, arrived, repaired), ``None`` while it is not.
    """

    deadline: datetime
    now: datetime
    started_at: datetime | None = None
    done_at: datetime | None = None

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "started_at": self.started_at,
            "deadline": self.deadline,
            "done_at": self.done_at,
            "now": self.now,
        }


def clock_outcome(deadline: datetime, done_at: datetime | None, now: datetime) -> str:
    """Return on_time, late, open or breached; the second of the deadline is in time."""
    if done_at is not None:
        return ON_TIME if done_at <= deadline else LATE
    return OPEN if now <= deadline else BREACHED


def _judge(kind: str, facts: ClockFacts) -> Decision:
    outcome = clock_outcome(facts.deadline, facts.done_at, facts.now)
    steps = []
    if facts.started_at is not None:
        steps.append(
            Step.of(
                f"{kind}_deadline",
                started_at=facts.started_at,
                deadline_at=facts.deadline,
                allowed=span(facts.deadline - facts.started_at),
            )
        )
    moment = facts.now if facts.done_at is None else facts.done_at
    distance = span(moment - facts.deadline)
    if outcome == ON_TIME:
        step = Step.of(f"{kind}_{outcome}", done_at=moment, deadline_at=facts.deadline)
    elif outcome == LATE:
        step = Step.of(
            f"{kind}_{outcome}", done_at=moment, deadline_at=facts.deadline, late=distance
        )
    elif outcome == OPEN:
        step = Step.of(f"{kind}_{outcome}", deadline_at=facts.deadline, left=distance)
    else:
        step = Step.of(f"{kind}_{outcome}", deadline_at=facts.deadline, late=distance)
    return Decision(
        kind=kind,
        outcome=outcome,
        clauses=CLOCK_CLAUSES[kind],
        steps=(*steps, step),
        facts=facts.to_json(),
    )


def judge_contact(facts: ClockFacts) -> Decision:
    """Judge the phone contact due after the approval (S8.2).

    ``"on_time"``/``"late"`` once made, ``"open"``/``"breached"`` while not.
    """
    return _judge("contact", facts)


def judge_preliminary(facts: ClockFacts) -> Decision:
    """Judge the preliminary assessment due after the approval (S8.2), as the contact is."""
    return _judge("preliminary", facts)


def judge_arrival(facts: ClockFacts) -> Decision:
    """Judge the arrival due after the call (S8.11): a fact towards the customer.

    Notice given beforehand does not change it, see :func:`judge_absence`.
    """
    return _judge("arrival", facts)


def judge_promise(facts: ClockFacts) -> Decision:
    """Judge a promise to the customer (N5, S8.9)."""
    return _judge("promise", facts)


def judge_escalation(facts: ClockFacts) -> Decision:
    """Judge the supervisor's answer to an escalation (N6)."""
    return _judge("escalation", facts)


@dataclass(frozen=True, slots=True)
class AbsenceFacts:
    """What the absence mark of an arrival looks at, at the moment ``now``.

    ``own_employee`` is false for the man of a station or dealer: these have no absence.
    ``notice_at`` is when the supervisor was told, ``notice_reason`` why. ``told_at`` is when the
    arrival reached us, where that was later than it happened.
    """

    deadline: datetime
    now: datetime
    own_employee: bool
    arrived_at: datetime | None = None
    notice_at: datetime | None = None
    notice_reason: str = ""
    told_at: datetime | None = None

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "deadline": self.deadline,
            "arrived_at": self.arrived_at,
            "own_employee": self.own_employee,
            "notice_at": self.notice_at,
            "notice_reason": self.notice_reason,
            "told_at": self.told_at,
            "now": self.now,
        }


def judge_absence(facts: AbsenceFacts) -> Decision:
    """Decide whether a missed arrival counts as absence from work (S8.11).

    ``"none"``: nothing missed (yet). ``"spared"``: missed, but told with a reason before the
    deadline; notice in the deadline's second or later does not spare. ``"marked"``: missed
    without that. ``"claimed"``: he says he was there in time, but said so only after the
    deadline; his own word takes no mark away, a manager does. ``"not_applicable"``: not our
    employee; his provider has the breach only.
    """
    outcome, steps = _absence(facts)
    return Decision("absence", outcome, ("S8.11",), tuple(steps), facts.to_json())


def _absence(facts: AbsenceFacts) -> tuple[str, list[Step]]:
    if not facts.own_employee:
        return NOT_APPLICABLE, [Step.of("absence_station")]
    state = clock_outcome(facts.deadline, facts.arrived_at, facts.now)
    if state == ON_TIME:
        steps = [
            Step.of("absence_arrived", arrived_at=facts.arrived_at, deadline_at=facts.deadline)
        ]
        if facts.told_at is None or facts.told_at <= facts.deadline:
            return NONE, steps
        if _noticed(facts):
            return NONE, steps
        return CLAIMED, [
            Step.of(
                "absence_claimed",
                arrived_at=facts.arrived_at,
                deadline_at=facts.deadline,
                told_at=facts.told_at,
            )
        ]
    if state == OPEN:
        return NONE, [Step.of("absence_time_left", deadline_at=facts.deadline)]
    steps = [Step.of("absence_missed", deadline_at=facts.deadline)]
    reason = facts.notice_reason.strip()
    if facts.notice_at is None:
        steps.append(Step.of("absence_no_notice"))
        return MARKED, steps
    if facts.notice_at >= facts.deadline:
        steps.append(
            Step.of("absence_notice_late", notice_at=facts.notice_at, deadline_at=facts.deadline)
        )
        return MARKED, steps
    if not reason:
        steps.append(Step.of("absence_notice_no_reason", notice_at=facts.notice_at))
        return MARKED, steps
    steps.append(Step.of("absence_notice_spares", notice_at=facts.notice_at, reason=reason))
    return SPARED, steps


def _noticed(facts: AbsenceFacts) -> bool:
    """Tell whether the supervisor was told in time and with a reason."""
    return (
        facts.notice_at is not None
        and facts.notice_at < facts.deadline
        and bool(facts.notice_reason.strip())
    )


def judge_help(facts: ClockFacts, help_at: datetime | None = None) -> Decision:
    """Decide whether help was asked for before a promise was missed (S8.5).

    ``facts`` is the promise's clock. ``"not_needed"``: kept, or time left and none asked for.
    ``"requested"``: asked for by the deadline. ``"marked"``: the promise was missed and nobody
    had asked for help by then.
    """
    state = clock_outcome(facts.deadline, facts.done_at, facts.now)
    in_time = help_at is not None and help_at <= facts.deadline
    if in_time:
        outcome = REQUESTED
        step = Step.of("help_in_time", help_at=help_at, deadline_at=facts.deadline)
    elif state == ON_TIME:
        outcome, step = NOT_NEEDED, Step.of("help_not_needed", deadline_at=facts.deadline)
    elif state == OPEN:
        outcome, step = NOT_NEEDED, Step.of("help_promise_open", deadline_at=facts.deadline)
    elif help_at is None:
        outcome, step = MARKED, Step.of("help_missing", deadline_at=facts.deadline)
    else:
        outcome = MARKED
        step = Step.of("help_too_late", help_at=help_at, deadline_at=facts.deadline)
    return Decision(
        kind="help",
        outcome=outcome,
        clauses=("S8.5",),
        steps=(step,),
        facts={**facts.to_json(), "help_at": help_at},
    )


# -- waiting -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wait:
    """An interval in which a repair stood still, ``end`` is ``None`` while it lasts.

    The end itself is no longer part of it.

    :raises ValueError: unknown reason, or it ends before it starts
    """

    start: datetime
    end: datetime | None
    reason: str

    def __post_init__(self):
        if self.reason not in WAIT_REASONS:
            raise ValueError(f"unknown reason to wait: {self.reason!r}")
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a wait ends before it starts: {self.start} > {self.end}")

    def to_json(self) -> dict:
        """Return the interval as plain data."""
        return {"start": self.start, "end": self.end, "reason": self.reason}


def merge_waits(waits: Iterable[Wait]) -> tuple[Wait, ...]:
    """Return the same waiting with touching intervals of one reason joined, by start.

    Intervals of different reasons may overlap and stay apart.
    """
    waits = tuple(waits)
    merged: list[Wait] = []
    for reason in WAIT_REASONS:
        last: Wait | None = None
        for wait in sorted((w for w in waits if w.reason == reason), key=lambda w: w.start):
            if last is None or (last.end is not None and wait.start > last.end):
                if last is not None:
                    merged.append(last)
                last = wait
            elif last.end is not None and (wait.end is None or wait.end > last.end):
                last = Wait(last.start, wait.end, reason)
        if last is not None:
            merged.append(last)
    return tuple(sorted(merged, key=lambda w: (w.start, WAIT_REASONS.index(w.reason))))


def cause_in_force(waits: Iterable[Wait], at: datetime) -> str | None:
    """Return the reason of the wait in force at a moment, ``None`` without one.

    Of several the one that began last holds; of those that began together the one earlier in
    ``WAIT_REASONS``.
    """
    running = [w for w in waits if w.start <= at and (w.end is None or at < w.end)]
    if not running:
        return None
    return max(running, key=lambda w: (w.start, -WAIT_REASONS.index(w.reason))).reason


def customer_days(waits: Iterable[Wait], first: date, last: date, tz: str) -> int:
    """Return how many days after ``first``, up to ``last``, began in a wait of the customer."""
    days = 0
    for wait in merge_waits(w for w in waits if w.reason == CUSTOMER):
        # The first day that began at or after the start, the last one that began before the end.
        begin = max(local_day(wait.start - _TICK, tz), first)
        end = last if wait.end is None else min(local_day(wait.end - _TICK, tz), last)
        days += max((end - begin).days, 0)
    return days


def repair_days(handed_in: date, on: date, waits: Iterable[Wait], tz: str) -> int:
    """Return the days a repair took from handing in to ``on`` (G2.1, G2.2).

    The day of handing in is day 0. Each calendar day after it counts, unless it began in a
    wait caused by the customer. Never below zero.
    """
    return max((on - handed_in).days, 0) - customer_days(waits, handed_in, on, tz)
