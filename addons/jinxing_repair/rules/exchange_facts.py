"""What the rights to a new part, an exchange or a return look at (G2.1, G2.2, G3.4).

All dates are calendar days at the machine's place.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .service_clock import REPAIRER, Wait, local_day

NONE = "none"
WARNING = "warning"
NEW_PART = "new_part"
EXCHANGE = "exchange"
USER_CHOICE = "user_choice"
RETURN = "return"
#: The answers, the one that gives the user most last.
EXCHANGE_OUTCOMES = (NONE, WARNING, NEW_PART, EXCHANGE, USER_CHOICE, RETURN)

RELEASED = "released"
HELD = "held"

SELLER = "seller"
PRODUCER = "producer"

REPAIRED = "repaired"
TRIAL_FAILED = "trial_failed"
BACK = "back"
REPLACED = "replaced"
EXCHANGED = "exchanged"
EVENTS = (REPAIRED, TRIAL_FAILED, BACK, REPLACED, EXCHANGED)

_ONE_DAY = timedelta(days=1)
#: Saturday and Sunday, as ``date.weekday`` counts.
WEEKEND = frozenset({5, 6})


# -- working days ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked: ``extra_workdays`` are weekend days worked instead (调休)."""

    holidays: Collection[date] = frozenset()
    extra_workdays: Collection[date] = frozenset()
    weekend: Collection[int] = WEEKEND

    def is_working(self, day: date) -> bool:
        """Tell whether a day is worked."""
        if day in self.extra_workdays:
            return True
        return day.weekday() not in self.weekend and day not in self.holidays

    def count(self, after: date, on: date) -> int:
        """Return the working days after ``after``, up to and with ``on``."""
        days = (on - after).days
        return sum(self.is_working(after + timedelta(days=n)) for n in range(1, days + 1))

    def nth(self, after: date, number: int) -> date:
        """Return the ``number``-th working day after ``after``.

        :raises ValueError: nobody works on any day of the week, or ``number`` is below one
        """
        if number < 1:
            raise ValueError(f"not a number of working days: {number!r}")
        if len(set(self.weekend) & set(range(7))) == 7:
            raise ValueError("a week without a working day")
        day = after
        while number:
            day += _ONE_DAY
            number -= self.is_working(day)
        return day


# -- facts -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ExchangePolicy:
    """The handbook's and the law's numbers in force on the day of handing in.

    ``unrecorded_cause`` is whose time counts where no wait is recorded: the machine lies with
    the repairer (reading). ``less_customer`` takes the customer's waits out of the working days
    as well; the law has no such test, so it is off.
    """

    parts_days: int
    repairer_days: int
    working_days: int
    warning_days: int
    season_repairs: int
    repeat_repairs: int
    repeat_days: int
    unrecorded_cause: str = REPAIRER
    less_customer: bool = False

    def to_json(self) -> dict:
        """Return the numbers as plain data."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class RepairFacts:
    """One repair in time, as of the day ``on``.

    ``handed_in_date`` is the day of 送修, see :func:`handed_in_day`. ``cover_until`` is the last
    day of cover, ``finished_date`` the day the repair was done, if it is.
    """

    handed_in_date: date
    on: date
    cover_until: date | None
    tz: str
    finished_date: date | None = None
    waits: tuple[Wait, ...] = ()
    calendar: WorkCalendar = WorkCalendar()

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "handed_in_date": self.handed_in_date,
            "on": self.on,
            "cover_until": self.cover_until,
            "finished_date": self.finished_date,
            "tz": self.tz,
            "waits": [wait.to_json() for wait in self.waits],
            "holidays": frozenset(self.calendar.holidays),
            "extra_workdays": frozenset(self.calendar.extra_workdays),
        }


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a component or problem of a machine.

    ``quality`` is false when misuse or the like was the cause: it then counts for nothing.

    :raises ValueError: unknown event
    """

    day: date
    what: str
    quality: bool = True

    def __post_init__(self):
        if self.what not in EVENTS:
            raise ValueError(f"unknown event: {self.what!r}")

    def to_json(self) -> dict:
        """Return the event as plain data."""
        return {"day": self.day, "what": self.what, "quality": self.quality}


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    """The history of one component, or of one problem, of one machine.

    ``events`` of one day stand in the order they happened; ``"replaced"`` and ``"exchanged"`` are
    the fulfilment of a right, a part changed in an ordinary repair is ``"repaired"``.
    ``seasons`` are the first and last days of the farm seasons at the machine's place.
    ``first_season_start`` is the first day of its first working season. ``serious`` and
    ``wear`` are the problem's class (L-rep2).
    """

    component: str
    events: tuple[Event, ...]
    in_cover: bool = True
    seasons: tuple[tuple[date, date], ...] = ()
    serious: bool = False
    wear: bool = False
    first_season_start: date | None = None

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "component": self.component,
            "events": [event.to_json() for event in self.events],
            "in_cover": self.in_cover,
            "seasons": self.seasons,
            "serious": self.serious,
            "wear": self.wear,
            "first_season_start": self.first_season_start,
        }


@dataclass(frozen=True, slots=True)
class ExchangeFacts:
    """All that may give the user of a machine a right; ``statutes`` are the codes switched on."""

    policy: ExchangePolicy
    repair: RepairFacts | None = None
    components: tuple[ComponentFacts, ...] = ()
    statutes: frozenset[str] = frozenset()

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "policy": self.policy.to_json(),
            "repair": self.repair and self.repair.to_json(),
            "components": [one.to_json() for one in self.components],
            "statutes": self.statutes,
        }


@dataclass(frozen=True, slots=True)
class Right:
    """A right that has arisen: by which clause, what it gives, since when, who bears it."""

    clause: str
    outcome: str
    day: date
    bearer: str
    component: str = ""
    needs_old_part: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A right by time: the day it arises and the day to warn of it."""

    clause: str
    warning_date: date
    due_date: date
    arisen: bool


def handed_in_day(receipt_at: datetime | None, call_at: datetime | None, tz: str) -> date | None:
    """Return the day of 送修: that of the take-back receipt, else that of the call (reading)."""
    moment = receipt_at or call_at
    return None if moment is None else local_day(moment, tz)
