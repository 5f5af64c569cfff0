"""The nine steps of a complaint (客户投诉处理流程), their outputs and authorities (C19.1-C19.9).

Each action names the step it is taken in, the step it leads to, the outputs it demands, the
least role that may take it and the clause that asks for it. No action leads past a step, and
none leads away from ``closed`` or ``not_established``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from odoo.addons.jinxing_base.rules.decision import Decision, Step

RECORD = "record"
JUDGE = "judge"
PROMISE = "promise"
INVESTIGATE = "investigate"
PROPOSE = "propose"
CONSENT = "consent"
LIABILITY = "liability"
COUNTERMEASURE = "countermeasure"
ARCHIVE = "archive"
CLOSED = "closed"
NOT_ESTABLISHED = "not_established"

#: The nine steps in their order.
NINE = (
    RECORD, JUDGE, PROMISE, INVESTIGATE, PROPOSE, CONSENT, LIABILITY, COUNTERMEASURE, ARCHIVE,
)
#: Nothing leads on from these.
ENDS = (CLOSED, NOT_ESTABLISHED)
STEPS = (*NINE, *ENDS)

CLERK = "clerk"
SUPERVISOR = "supervisor"
MANAGER = "manager"
#: From the least authority to the most.
ROLES = (CLERK, SUPERVISOR, MANAGER)

#: Who may decide a proposal: the one who makes it, or he must ask a higher role.
WITHIN = "within"
ESCALATE = {SUPERVISOR: "escalate_supervisor", MANAGER: "escalate_manager"}
AUTHORITY_OUTCOMES = (WITHIN, *ESCALATE.values())

ESTABLISHED = "established"

REOPEN = "reopen"
KEEP = "keep"

STEP_KEYS = (
    "complaint_amount",
    "complaint_within_limit",
    "complaint_over_limit",
    "complaint_no_limit",
    "complaint_remedy_role",
    "complaint_public",
    "complaint_within",
    "complaint_ask",
    "complaint_nature",
    "complaint_reason",
    "complaint_duplicate",
    "complaint_established",
    "complaint_not_established",
    "recurrence_pattern",
    "recurrence_done",
    "recurrence_not_done",
    "recurrence_case",
    "recurrence_reopen",
    "recurrence_keep",
)


@dataclass(frozen=True, slots=True)
class Action:
    """One move of a complaint: in which step, to which step, with what outputs, by whom."""

    name: str
    source: str
    target: str
    outputs: tuple[str, ...]
    clause: str
    role: str = CLERK


ACTIONS = {
    action.name: action
    for action in (
        Action(
            "record", RECORD, JUDGE, ("customer", "contact", "content", "subject"), "C19.1"
        ),
        Action("establish", JUDGE, PROMISE, ("nature", "judgement"), "C19.2"),
        Action(
            "reject",
            JUDGE,
            NOT_ESTABLISHED,
            ("nature", "judgement", "explanation", "explanation_sent"),
            "C19.2",
            SUPERVISOR,
        ),
        Action(
            "promise",
            PROMISE,
            INVESTIGATE,
            ("company_duties", "customer_duties", "timetable", "promise_sent"),
            "C19.3",
        ),
        Action(
            "investigate",
            INVESTIGATE,
            PROPOSE,
            ("departments", "findings", "cause", "evidence"),
            "C19.4",
        ),
        Action("propose", PROPOSE, CONSENT, ("proposal", "remedy", "authority"), "C19.5"),
        Action("escalate", PROPOSE, PROPOSE, ("proposal", "remedy", "reason"), "C19.5"),
        Action(
            "approve", PROPOSE, CONSENT, ("proposal", "remedy", "escalated", "authority"), "C19.5",
            SUPERVISOR,
        ),
        Action("send_back", PROPOSE, PROPOSE, ("escalated", "reason"), "C19.5", SUPERVISOR),
        Action("consent", CONSENT, LIABILITY, ("informed", "consent"), "C19.6"),
        Action("refuse", CONSENT, PROPOSE, ("informed", "reason"), "C19.6"),
        Action(
            "assign_liability",
            LIABILITY,
            COUNTERMEASURE,
            ("liable", "penalty", "notified"),
            "C19.7",
            SUPERVISOR,
        ),
        Action(
            "set_countermeasure",
            COUNTERMEASURE,
            ARCHIVE,
            ("countermeasure", "effect_check"),
            "C19.8",
            SUPERVISOR,
        ),
        Action(
            "archive",
            ARCHIVE,
            CLOSED,
            ("summary", "satisfaction", "timetable_kept", "file"),
            "C19.9",
            SUPERVISOR,
        ),
    )
}
#: Actions that leave the complaint in its step.
STAYING = tuple(name for name, action in ACTIONS.items() if action.source == action.target)

#: The clause of each step.
CLAUSES = {step: f"C19.{number}" for number, step in enumerate(NINE, 1)}


def allowed(action: str, step: str) -> bool:
    """Tell whether ``action`` may be taken in ``step``.

    :raises KeyError: no such action
    """
    return ACTIONS[action].source == step


def missing_outputs(action: str, given: Collection[str]) -> tuple[str, ...]:
    """Return the outputs that ``action`` demands and ``given`` lacks, in the order demanded."""
    return tuple(output for output in ACTIONS[action].outputs if output not in given)


def next_actions(step: str) -> tuple[str, ...]:
    """Return the names of the actions that may be taken in ``step``."""
    return tuple(name for name, action in ACTIONS.items() if action.source == step)


def has_passed(step: str, other: str) -> bool:
    """Tell whether a complaint in ``step`` has left ``other`` behind it.

    A complaint that is closed or not established has left them all.
    """
    return step in ENDS or STEPS.index(step) > STEPS.index(other)


def at_least(role: str, wanted: str) -> bool:
    """Tell whether ``role`` has the authority of ``wanted``; no role has none."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(wanted)


# -- step 2: established or not ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judgement:
    """What step 2 decides on: the nature of the complaint, and why it stands or does not.

    ``duplicate_of`` is the number of the same complaint registered before.
    """

    nature: str
    established: bool
    reason: str
    duplicate_of: str = ""

    def to_json(self) -> dict:
        """Return what the decision is stored with."""
        return {
            "nature": self.nature,
            "established": self.established,
            "reason": self.reason,
            "duplicate_of": self.duplicate_of,
        }


def judge(facts: Judgement) -> Decision:
    """Return whether the complaint is established, with the reason given (C19.2)."""
    steps = [
        Step.of("complaint_nature", nature=facts.nature),
        Step.of("complaint_reason", reason=facts.reason),
    ]
    if facts.duplicate_of:
        steps.append(Step.of("complaint_duplicate", number=facts.duplicate_of))
    outcome = ESTABLISHED if facts.established else NOT_ESTABLISHED
    steps.append(Step.of(f"complaint_{outcome}"))
    return Decision("complaint_judgement", outcome, ("C19.2",), tuple(steps), facts.to_json())


# -- step 5: within whose authority ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposal:
    """A solution and who makes it.

    ``amount`` is what it costs us in the company's currency. ``limits`` holds per role up to
    which amount he decides himself; a role that is not in it has no limit. ``remedy_role`` is
    the least role that may grant this kind of solution (an exchange outside an entitlement needs
    a supervisor, G3.2); ``public`` marks a case in the media or before an authority, which the
    manager decides (C17).
    """

    amount: float
    role: str
    limits: dict[str, float]
    remedy: str = ""
    remedy_role: str = CLERK
    public: bool = False
    currency: str = "CNY"

    def to_json(self) -> dict:
        """Return what the decision is stored with."""
        return {
            "amount": self.amount,
            "role": self.role,
            "limits": dict(self.limits),
            "remedy": self.remedy,
            "remedy_role": self.remedy_role,
            "public": self.public,
            "currency": self.currency,
        }


def required_role(facts: Proposal) -> tuple[str, tuple[Step, ...], tuple[str, ...]]:
    """Return the least role that may decide a proposal, with the reasoning and its clauses.

    :raises ValueError: the amount is negative
    """
    if facts.amount < 0:
        raise ValueError(f"a proposal costs nothing or something, not {facts.amount}")
    steps = [Step.of("complaint_amount", amount=facts.amount, currency=facts.currency)]
    clauses = ["C19.5"]
    needed = MANAGER
    for role in ROLES:
        limit = facts.limits.get(role)
        if limit is None:
            steps.append(Step.of("complaint_no_limit", role=role))
            needed = role
            break
        if facts.amount <= limit:
            steps.append(Step.of("complaint_within_limit", role=role, limit=limit))
            needed = role
            break
        steps.append(Step.of("complaint_over_limit", role=role, limit=limit))
    if not at_least(needed, facts.remedy_role):
        needed = facts.remedy_role
        steps.append(
            Step.of("complaint_remedy_role", remedy=facts.remedy, role=facts.remedy_role)
        )
        clauses.append("G3.2")
    if facts.public and needed != MANAGER:
        needed = MANAGER
        steps.append(Step.of("complaint_public", role=MANAGER))
        clauses.append("C17")
    return needed, tuple(steps), tuple(clauses)


def authority(facts: Proposal) -> Decision:
    """Return whether ``facts.role`` may decide the proposal or must ask a higher role (C19.5)."""
    needed, steps, clauses = required_role(facts)
    if at_least(facts.role, needed):
        outcome, last = WITHIN, Step.of("complaint_within", role=facts.role)
    else:
        outcome, last = ESCALATE[needed], Step.of("complaint_ask", role=needed)
    return Decision(
        "complaint_authority", outcome, clauses, (*steps, last), facts.to_json()
    )


# -- step 8: the same again? --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pattern:
    """A cause and where it shows; an empty place of a countermeasure stands for any."""

    cause: str
    component: str = ""
    model: str = ""

    def fits(self, case: "Pattern") -> bool:
        """Tell whether ``case`` is one of this pattern."""
        return bool(self.cause) and self.cause == case.cause and all(
            not mine or mine == theirs
            for mine, theirs in ((self.component, case.component), (self.model, case.model))
        )

    def to_json(self) -> dict:
        """Return what a decision is stored with."""
        return {"cause": self.cause, "component": self.component, "model": self.model}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A countermeasure, since when it is in place, and the latest case that may be its own."""

    pattern: Pattern
    done_on: date | None
    case: Pattern
    case_number: str
    happened_on: date

    def to_json(self) -> dict:
        """Return what the decision is stored with."""
        return {
            "pattern": self.pattern.to_json(),
            "done_on": self.done_on,
            "case": self.case.to_json(),
            "case_number": self.case_number,
            "happened_on": self.happened_on,
        }


def recurrence(facts: Recurrence) -> Decision:
    """Return whether a new case reopens a countermeasure (C19.8).

    It does when the case is of its pattern and happened after the day the measure was in place;
    a measure that is not yet in place cannot have failed.
    """
    done = facts.done_on
    failed = done is not None and facts.happened_on > done and facts.pattern.fits(facts.case)
    steps = (
        Step.of("recurrence_pattern", **facts.pattern.to_json()),
        Step.of("recurrence_done", done_date=done) if done else Step.of("recurrence_not_done"),
        Step.of("recurrence_case", number=facts.case_number, case_date=facts.happened_on),
        Step.of("recurrence_reopen" if failed else "recurrence_keep"),
    )
    return Decision(
        "countermeasure", REOPEN if failed else KEEP, ("C19.8",), steps, facts.to_json()
    )


# -- the timetable of step 3 --------------------------------------------------------------------


def is_broken(deadline: datetime, done_at: datetime | None, now: datetime) -> bool:
    """Tell whether a promised date was missed: done too late, or not done and over (C19.3)."""
    return done_at > deadline if done_at else deadline < now
