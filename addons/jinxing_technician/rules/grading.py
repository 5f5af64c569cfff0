"""Who may do which work: star grades, examinations, trainings (T0-T5, S7).

The newest award decides (T0): it ends every earlier one, also a higher one, so that a person
never holds two grades on one day. All dates are calendar days; the day of expiry still counts.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo.addons.jinxing_base.rules.decision import Decision, Step

ALLOWED = "dispatch_allowed"
REFUSED = "dispatch_refused"
PASSED = "exam_passed"
FAILED = "exam_failed"
ACCEPTED = "person_accepted"
REJECTED = "person_rejected"

#: The star grades, lowest first.
GRADES = (1, 2, 3, 4, 5)
TOP_GRADE = GRADES[-1]

FIVE_STAR = "five_star"
MANAGER = "manager"
EXTERNAL = "external"
#: Who may examine (T1-T5) and who may train (T5).
EXAMINER_KINDS = (FIVE_STAR, MANAGER, EXTERNAL)
TRAINER_KINDS = (FIVE_STAR, EXTERNAL)

_ONE_DAY = timedelta(days=1)


def grade_clause(grade: int) -> str:
    """Return the clause of a star grade, ``"T4"`` for 4.

    :raises ValueError: no such grade
    """
    if grade not in GRADES:
        raise ValueError(f"not a star grade: {grade!r}")
    return f"T{grade}"


def expiry(awarded: date, months: int) -> date:
    """Return the last day of an award valid for ``months`` months (T0).

    The day of the same number counts as the last one; a month without that day ends on its
    last day.

    :raises ValueError: the validity is not at least one month
    """
    if months < 1:
        raise ValueError(f"an award needs at least a month of validity, not {months!r}")
    return awarded + relativedelta(months=months)


@dataclass(frozen=True, slots=True)
class Award:
    """One award of a grade; ``withdrawn_from`` is the first day it no longer holds.

    ``key`` orders two awards of one day: the higher was made later.
    """

    key: int
    grade: int
    awarded: date
    expires: date
    withdrawn_from: date | None = None


def last_days(awards: Collection[Award]) -> dict[int, date]:
    """Return the last day each award holds, by key (T0: the newest award decides).

    A last day before the day of the award means that it never held: it was withdrawn from its
    first day on (an error, and then the one before it goes on), or another followed that day.
    """
    ends: dict[int, date] = {}
    following: date | None = None
    for award in sorted(awards, key=lambda item: (item.awarded, item.key), reverse=True):
        end = award.expires
        if award.withdrawn_from:
            end = min(end, award.withdrawn_from - _ONE_DAY)
        void = end < award.awarded
        if following:
            end = min(end, following - _ONE_DAY)
        ends[award.key] = end
        if not void:
            following = award.awarded
    return ends


@dataclass(frozen=True, slots=True)
class Qualifications:
    """What a person was ever awarded.

    ``trainings`` are the first and last days of passed trainings' effect, ``certificates``
    those of certificates of the post; ``None`` as last day means without limit.
    """

    awards: tuple[Award, ...] = ()
    trainings: tuple[tuple[date, date | None], ...] = ()
    certificates: tuple[tuple[date, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person may rely on at one day: grade (0 = none), training, certificate."""

    grade: int = 0
    until: date | None = None
    trained: bool = False
    certified: bool = False

    @property
    def may_work(self) -> bool:
        """Tell whether S7 lets the person work at all."""
        return bool(self.grade or self.trained or self.certified)


def _holds(periods: Collection[tuple[date, date | None]], on: date) -> bool:
    return any(first <= on and (last is None or on <= last) for first, last in periods)


def qualified(facts: Qualifications, on: date) -> Standing:
    """Return what ``facts`` are worth on the day ``on`` (T0, S7)."""
    ends = last_days(facts.awards)
    for award in facts.awards:
        if award.awarded <= on <= ends[award.key]:
            grade, until = award.grade, ends[award.key]
            break
    else:
        grade, until = 0, None
    return Standing(
        grade=grade,
        until=until,
        trained=_holds(facts.trainings, on),
        certified=_holds(facts.certificates, on),
    )


def may_dispatch(
    required_grade: int,
    grade: int,
    has_training: bool,
    has_certificate: bool = False,
    *,
    on: date | None = None,
    until: date | None = None,
    category: str = "",
) -> Decision:
    """Decide whether a technician may be sent to a fault (T1-T5, S7).

    ``required_grade`` is the grade the fault's category demands, 0 where any trained
    technician will do. ``grade`` is his grade valid that day, 0 without one; ``until`` its
    last day. A passed training or a certificate of the post (a star grade is one) is enough
    where no grade is demanded; with neither nobody is sent.

    :raises ValueError: a grade outside 0..5
    """
    for value in (required_grade, grade):
        if value not in (0, *GRADES):
            raise ValueError(f"not a star grade: {value!r}")
    facts = {
        "required_grade": required_grade,
        "grade": grade,
        "has_training": has_training,
        "has_certificate": has_certificate,
        "on": on,
        "until": until,
        "category": category,
    }
    steps = []
    clauses: tuple[str, ...] = ("S7",)
    if required_grade:
        clauses = (grade_clause(required_grade), "S7")
        steps.append(Step.of("grade_required", grade=required_grade, category=category))
    else:
        steps.append(Step.of("grade_not_required", category=category))
    if grade:
        if until:
            steps.append(Step.of("grade_held_until", grade=grade, end_date=until))
        else:
            steps.append(Step.of("grade_held", grade=grade))
    else:
        steps.append(Step.of("grade_none"))

    if required_grade and not grade:
        allowed = False
        steps.append(Step.of("dispatch_no_grade", grade=required_grade))
        if not (has_training or has_certificate):
            clauses = ("S7", grade_clause(required_grade))
            steps.append(Step.of("dispatch_unqualified"))
    elif required_grade:
        allowed = grade >= required_grade
        key = "dispatch_grade_covers" if allowed else "dispatch_grade_too_low"
        steps.append(Step.of(key, grade=grade, required_grade=required_grade))
    elif grade:
        allowed = True
        steps.append(Step.of("dispatch_by_grade", grade=grade))
    elif has_training or has_certificate:
        allowed = True
        key = "dispatch_by_training" if has_training else "dispatch_by_certificate"
        steps.append(Step.of(key))
    else:
        allowed = False
        steps.append(Step.of("dispatch_unqualified"))
    return Decision(
        kind="technician",
        outcome=ALLOWED if allowed else REFUSED,
        clauses=clauses,
        steps=tuple(steps),
        facts=facts,
        until=until,
    )


def may_judge(
    kind: str,
    *,
    grade: int = 0,
    is_manager: bool = False,
    is_external: bool = False,
    is_candidate: bool = False,
    training: bool = False,
    on: date | None = None,
) -> Decision:
    """Decide whether somebody may examine, or train (``training``), on a day (T0, T5).

    ``kind`` is the capacity he acts in: a valid five-star technician, a manager (examining
    only) or an external person entered as such. Nobody examines himself.

    :raises ValueError: unknown kind
    """
    if kind not in EXAMINER_KINDS:
        raise ValueError(f"unknown kind of examiner: {kind!r}")
    steps = [Step.of("judge_kind", capacity=kind)]
    granted = {
        FIVE_STAR: grade == TOP_GRADE,
        MANAGER: is_manager and not training,
        EXTERNAL: is_external,
    }[kind]
    if kind == MANAGER and training:
        steps.append(Step.of("judge_manager_trains"))
    elif kind == FIVE_STAR:
        key = "judge_five_star" if granted else "judge_not_five_star"
        steps.append(Step.of(key, grade=grade))
    else:
        steps.append(Step.of(f"judge_{kind}" if granted else f"judge_not_{kind}"))
    if is_candidate:
        granted = False
        steps.append(Step.of("judge_himself"))
    return Decision(
        kind="trainer" if training else "examiner",
        outcome=ACCEPTED if granted else REJECTED,
        clauses=("T5",) if training else ("T0", "T5"),
        steps=tuple(steps),
        facts={
            "capacity": kind,
            "grade": grade,
            "is_manager": is_manager,
            "is_external": is_external,
            "is_candidate": is_candidate,
            "on": on,
        },
    )


@dataclass(frozen=True, slots=True)
class ExaminationFacts:
    """The result sheet of an examination; all scores and marks are per cent (0-100).

    ``written`` is ``None`` until the written part is done. ``practical`` maps the code of a
    competence to its score, ``None`` until it is given.
    """

    grade: int
    written: float | None
    practical: Mapping[str, float | None] = field(default_factory=dict)
    pass_written: float = 0
    pass_practical: float = 0
    pass_each: float = 0

    @property
    def practical_score(self) -> float | None:
        """Mean of the practical scores, ``None`` while one is missing."""
        scores = list(self.practical.values())
        if not scores or None in scores:
            return None
        return round(sum(scores) / len(scores), 2)

    @property
    def is_complete(self) -> bool:
        """Tell whether both parts are there."""
        return self.written is not None and self.practical_score is not None


def decide_examination(facts: ExaminationFacts) -> Decision:
    """Decide whether an examination is passed (T0 and the grade's clause).

    Passed are the written part, the practical part as a whole, and each competence. A mark
    just reached is enough. All that failed is named.

    :raises ValueError: a part is missing, or no such grade
    """
    if not facts.is_complete:
        raise ValueError("the examination is not complete")
    failed = False
    steps = []
    for part, score, mark in (
        ("exam_written", facts.written, facts.pass_written),
        ("exam_practical", facts.practical_score, facts.pass_practical),
    ):
        failed = failed or score < mark
        key = f"{part}_failed" if score < mark else f"{part}_passed"
        steps.append(Step.of(key, score=score, mark=mark))
    for code, score in facts.practical.items():
        if score < facts.pass_each:
            failed = True
            steps.append(
                Step.of("exam_competence_failed", code=code, score=score, mark=facts.pass_each)
            )
    return Decision(
        kind="examination",
        outcome=FAILED if failed else PASSED,
        clauses=("T0", grade_clause(facts.grade)),
        steps=tuple(steps),
        facts={
            "grade": facts.grade,
            "written": facts.written,
            "practical": facts.practical,
            "practical_score": facts.practical_score,
            "pass_written": facts.pass_written,
            "pass_practical": facts.pass_practical,
            "pass_each": facts.pass_each,
        },
    )
