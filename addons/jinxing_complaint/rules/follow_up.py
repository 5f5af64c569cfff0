"""Whom we call after the work, and what his answers lead to (M27, N10, S8.7, S8.8).

Every chargeable order, every rework and every closed complaint is followed up; of the rest a
sample. The sample follows from the order's number alone, so that nobody can choose it and a
second run gives the same.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from odoo.addons.jinxing_base.rules.decision import Decision, Step

PLANNED = "planned"
NOT_SAMPLED = "not_sampled"
PLAN_OUTCOMES = (PLANNED, NOT_SAMPLED)

SATISFIED = "satisfied"
DISSATISFIED = "dissatisfied"
CONDUCT = "conduct"
UNREACHED = "unreached"
OUTCOMES = (SATISFIED, DISSATISFIED, CONDUCT, UNREACHED)

#: The sample is drawn in hundredths of a per cent.
_PARTS = 10_000

STEP_KEYS = (
    "follow_up_chargeable",
    "follow_up_complaint",
    "follow_up_rework",
    "follow_up_in_sample",
    "follow_up_not_in_sample",
    "follow_up_on",
    "answer_satisfaction",
    "answer_satisfied",
    "answer_dissatisfied",
    "answer_asked_for_money",
    "answer_not_asked_for_money",
    "answer_belongings_harmed",
    "answer_site_not_cleared",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A closed dispatch order or complaint; ``number`` is what the sample is drawn by."""

    number: str
    closed_on: date
    chargeable: bool = False
    complaint: bool = False
    rework: bool = False

    def to_json(self) -> dict:
        """Return what the decision is stored with."""
        return {
            "number": self.number,
            "closed_on": self.closed_on,
            "chargeable": self.chargeable,
            "complaint": self.complaint,
            "rework": self.rework,
        }


def draw(number: str) -> float:
    """Return the lot of a number, from 0 up to but not 100, the same every time."""
    return int.from_bytes(sha256(number.encode()).digest()[:8]) % _PARTS * 100 / _PARTS


def plan(case: Case, share: float, delay: int) -> Decision:
    """Return whether a case is followed up, and on which day (M27).

    :param share: per cent of the ordinary orders that are called
    :param delay: days after the case was closed
    :return: outcome ``planned`` (``until`` is the day of the call) or ``not_sampled``
    """
    steps = []
    if case.complaint:
        steps.append(Step.of("follow_up_complaint"))
    elif case.chargeable:
        steps.append(Step.of("follow_up_chargeable"))
    elif case.rework:
        steps.append(Step.of("follow_up_rework"))
    lot = draw(case.number)
    if not steps:
        key = "follow_up_in_sample" if lot < share else "follow_up_not_in_sample"
        steps.append(Step.of(key, lot=lot, share=share))
        if lot >= share:
            return Decision("follow_up", NOT_SAMPLED, ("M27",), tuple(steps), case.to_json())
    day = case.closed_on + timedelta(days=delay)
    steps.append(Step.of("follow_up_on", call_date=day))
    return Decision("follow_up", PLANNED, ("M27",), tuple(steps), case.to_json(), day)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the customer answered.

    ``satisfaction`` goes from 1 to 5 and is None when he did not say. ``asked_for_money``: for
    meals, gifts or money (N10). ``belongings_harmed``: something of his was taken, eaten or
    damaged (S8.7). ``site_not_cleared``: the place was left as the work left it (S8.8).
    """

    satisfaction: int | None
    asked_for_money: bool = False
    belongings_harmed: bool = False
    site_not_cleared: bool = False

    def to_json(self) -> dict:
        """Return what the decision is stored with."""
        return {
            "satisfaction": self.satisfaction,
            "asked_for_money": self.asked_for_money,
            "belongings_harmed": self.belongings_harmed,
            "site_not_cleared": self.site_not_cleared,
        }


def judge(answers: Answers, dissatisfied_up_to: int) -> Decision:
    """Return what a follow-up came to (M27, N10, S8.7, S8.8).

    That the technician asked for meals or money, or that the customer's things were taken or
    damaged, weighs more than any satisfaction: it is his conduct. A site that was not cleared
    is a dissatisfaction, however good the mark.

    :param dissatisfied_up_to: the highest satisfaction that counts as dissatisfied
    :raises ValueError: there is no such satisfaction, or nothing was answered at all
    """
    given = answers.satisfaction
    conduct = answers.asked_for_money or answers.belongings_harmed
    if given is not None and not 1 <= given <= 5:
        raise ValueError(f"satisfaction goes from 1 to 5, not {given}")
    if given is None and not conduct and not answers.site_not_cleared:
        raise ValueError("nothing was answered")
    steps, clauses = [], []
    if given is not None:
        steps.append(
            Step.of("answer_satisfaction", satisfaction=given, limit=dissatisfied_up_to)
        )
    if answers.asked_for_money:
        clauses.append("N10")
        steps.append(Step.of("answer_asked_for_money"))
    else:
        steps.append(Step.of("answer_not_asked_for_money"))
    if answers.belongings_harmed:
        clauses.append("S8.7")
        steps.append(Step.of("answer_belongings_harmed"))
    if answers.site_not_cleared:
        clauses.append("S8.8")
        steps.append(Step.of("answer_site_not_cleared"))
    if conduct:
        outcome = CONDUCT
    else:
        unhappy = given is not None and given <= dissatisfied_up_to
        outcome = DISSATISFIED if unhappy or answers.site_not_cleared else SATISFIED
        steps.append(Step.of(f"answer_{outcome}"))
    return Decision(
        "follow_up_result", outcome, (*clauses, "M27"), tuple(steps), answers.to_json()
    )


def recall_on(attempt: int, tried_on: date, most: int, pause: int) -> date | None:
    """Return when a customer who was not reached is called again, None after the last try.

    :param attempt: how often he was called by now
    :param most: how often he is called at all
    :param pause: days between two calls
    """
    return tried_on + timedelta(days=pause) if attempt < most else None
