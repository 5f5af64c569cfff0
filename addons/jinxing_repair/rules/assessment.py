"""The supervisor's assessment of an order handed in: time and quality (S8.9).

The time mark is computed from what was due and what was done; the quality score is given by the
supervisor.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from odoo.addons.jinxing_base.rules.decision import Decision, Step

from .service_clock import span

SATISFACTORY = "satisfactory"
TOO_LATE = "too_late"
TOO_POOR = "too_poor"
BOTH_LACKING = "both_lacking"
ASSESSMENT_OUTCOMES = (SATISFACTORY, TOO_LATE, TOO_POOR, BOTH_LACKING)

CONTACT = "contact"
ARRIVAL = "arrival"
PROMISE = "promise"
DUE_KINDS = (CONTACT, ARRIVAL, PROMISE)
#: The clause a missed deadline is read in, beside S8.9.
_DUE_CLAUSES = {CONTACT: "S8.2", ARRIVAL: "S8.11", PROMISE: "N5"}

STEP_KEYS = (
    "assessment_in_time",
    "assessment_late",
    "assessment_never_done",
    "assessment_nothing_due",
    "assessment_time_mark",
    "assessment_quality_reached",
    "assessment_quality_missed",
    "assessment_quality_missing",
    "assessment_quality_range",
)

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AssessmentPolicy:
    """The scale of both marks.

    ``time_full`` is the mark when all was in time, each hour begun too late takes ``per_hour``
    off, down to 0. ``time_pass`` and ``quality_pass`` are the marks to reach, the quality score
    lies between ``quality_min`` and ``quality_max``.
    """

    time_full: float
    per_hour: float
    time_pass: float
    quality_min: float
    quality_max: float
    quality_pass: float

    def to_json(self) -> dict:
        """Return the numbers as plain data."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class DueFacts:
    """One thing that was due: its kind, its deadline, and when it was done, if it was.

    :raises ValueError: unknown kind
    """

    kind: str
    deadline: datetime
    done_at: datetime | None = None

    def __post_init__(self):
        if self.kind not in DUE_KINDS:
            raise ValueError(f"unknown deadline: {self.kind!r}")

    def to_json(self) -> dict:
        """Return the deadline as plain data."""
        return {"kind": self.kind, "deadline": self.deadline, "done_at": self.done_at}


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """An order handed in at ``handed_in_at``, what was due on it, and the score given."""

    policy: AssessmentPolicy
    handed_in_at: datetime
    due: Collection[DueFacts] = ()
    quality: float | None = None

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "policy": self.policy.to_json(),
            "handed_in_at": self.handed_in_at,
            "due": [due.to_json() for due in self.due],
            "quality": self.quality,
        }


def lateness(due: DueFacts, handed_in_at: datetime) -> timedelta:
    """Return how much too late it was, zero when in time.

    What was never done counts until the order was handed in.
    """
    done = handed_in_at if due.done_at is None else due.done_at
    return max(done - due.deadline, timedelta())


def time_mark(facts: AssessmentFacts) -> float:
    """Return the time mark: full, less ``per_hour`` for each hour begun too late (S8.9)."""
    hours = sum(ceil(lateness(due, facts.handed_in_at) / _HOUR) for due in facts.due)
    return max(facts.policy.time_full - facts.policy.per_hour * hours, 0)


def check_quality(quality: float | None, policy: AssessmentPolicy) -> Step | None:
    """Return why a quality score cannot be taken, ``None`` when it can (S8.9)."""
    if quality is None:
        return Step.of("assessment_quality_missing")
    # Not a number fails the comparison as well.
    if not policy.quality_min <= quality <= policy.quality_max:
        return Step.of(
            "assessment_quality_range",
            score=quality,
            lowest=policy.quality_min,
            highest=policy.quality_max,
        )
    return None


def decide_assessment(facts: AssessmentFacts) -> Decision:
    """Assess time and quality of an order (S8.9).

    ``"satisfactory"`` when both marks reach theirs, else ``"too_late"``, ``"too_poor"`` or
    ``"both_lacking"``. ``Decision.facts["time_mark"]`` holds the mark computed.

    :raises ValueError: the quality score is missing or off its scale, see
        :func:`check_quality`
    """
    policy = facts.policy
    refusal = check_quality(facts.quality, policy)
    if refusal is not None:
        raise ValueError(f"{refusal.key}: {facts.quality!r}")
    steps = []
    missed = []
    if not facts.due:
        steps.append(Step.of("assessment_nothing_due"))
    for due in facts.due:
        late = lateness(due, facts.handed_in_at)
        values = {"due": due.kind, "deadline_at": due.deadline}
        if late:
            missed.append(_DUE_CLAUSES[due.kind])
        if due.done_at is None:
            steps.append(Step.of("assessment_never_done", **values, late=span(late)))
        elif late:
            steps.append(Step.of("assessment_late", **values, done_at=due.done_at, late=span(late)))
        else:
            steps.append(Step.of("assessment_in_time", **values, done_at=due.done_at))
    mark = time_mark(facts)
    steps.append(
        Step.of("assessment_time_mark", mark=mark, full=policy.time_full, needed=policy.time_pass)
    )
    poor = facts.quality < policy.quality_pass
    steps.append(
        Step.of(
            "assessment_quality_missed" if poor else "assessment_quality_reached",
            score=facts.quality,
            highest=policy.quality_max,
            needed=policy.quality_pass,
        )
    )
    late = mark < policy.time_pass
    outcome = {
        (False, False): SATISFACTORY,
        (True, False): TOO_LATE,
        (False, True): TOO_POOR,
        (True, True): BOTH_LACKING,
    }[late, poor]
    return Decision(
        kind="assessment",
        outcome=outcome,
        clauses=tuple(dict.fromkeys(("S8.9", *missed))),
        steps=tuple(steps),
        facts={**facts.to_json(), "time_mark": mark},
    )
