"""What is probably wrong with a machine nobody has seen yet, and how to serve it (S8.2).

The words of the caller, the registration, what was repaired on the machine and what usually
fails on its model lead to a proposal. It is no more than that: a person of the repair department
confirms or changes it, and only that counts as the preliminary assessment. Kinds of fault and
components are named by their codes.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil

from odoo.addons.jinxing_base.rules.decision import Decision, Step

#: How badly the machine is hit, the worst first.
STILL = "still"
LIMITED = "limited"
CAN_WAIT = "can_wait"
SEVERITIES = (STILL, LIMITED, CAN_WAIT)

#: How it is served.
PHONE = "phone"
VISIT = "visit"
WORKSHOP = "workshop"
WAYS = (PHONE, VISIT, WORKSHOP)

FREE = "free"
CHARGEABLE = "chargeable"
COVERS = (FREE, CHARGEABLE)

FOUND = "found"
UNKNOWN = "unknown"
OUTCOMES = (FOUND, UNKNOWN)

STEP_KEYS = (
    "likely_words",
    "likely_no_words",
    "likely_registered",
    "likely_usual",
    "likely_nothing",
    "likely_component_words",
    "likely_component_guarantee",
    "likely_component_usual",
    "likely_rework",
    "likely_cause",
    "likely_severity_words",
    "likely_severity_emergency",
    "likely_severity_default",
    "likely_season",
    "likely_way",
    "likely_way_still",
    "likely_way_rework",
    "likely_hours_before",
    "likely_hours_usual",
    "likely_part",
    "likely_no_parts",
    "likely_free",
    "likely_chargeable",
    "likely_free_rework",
    "likely_cover_open",
)


@dataclass(frozen=True, slots=True)
class Clue:
    """Words of callers and what they speak for; any of the three may be empty.

    ``words`` are lower case and stand for one thing: said in two ways it counts once each.
    """

    words: tuple[str, ...]
    category: str = ""
    component: str = ""
    severity: str = ""

    def heard(self, text: str) -> tuple[str, ...]:
        """Return those of the words that ``text`` (lower case) holds."""
        return tuple(word for word in self.words if word in text)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: how it is usually served, and how many hours it usually takes."""

    code: str
    way: str = VISIT
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Past:
    """A repair of this machine still under the guarantee of repairs (G1.2)."""

    component: str
    category: str
    repaired_date: date
    end_date: date
    order: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What closed orders of the same model had: how often, and the hours they took in all."""

    category: str
    component: str
    cases: int
    hours: float = 0.0
    cause: str = ""


@dataclass(frozen=True, slots=True)
class PartUse:
    """A part fitted on closed orders of the same model; ``key`` names it, ``quantity`` in all."""

    key: int
    name: str
    category: str
    component: str
    cases: int
    quantity: float


@dataclass(frozen=True, slots=True)
class PreliminaryFacts:
    """What a proposal follows from.

    ``registered`` are the kinds of fault the registration names. ``part_share`` is the share of
    the cases, in per cent, in which a part was fitted to be worth bringing; ``least_cases`` how
    many cases make a custom.
    """

    text: str
    fault_date: date
    kinds: tuple[Kind, ...] = ()
    clues: tuple[Clue, ...] = ()
    registered: tuple[str, ...] = ()
    past: tuple[Past, ...] = ()
    history: tuple[Case, ...] = ()
    parts: tuple[PartUse, ...] = ()
    emergency: bool = False
    in_season: bool = False
    least_cases: int = 1
    part_share: float = 0.0

    def to_json(self) -> dict:
        """Return what the decision is stored with: what was said and known, not the tables."""
        return {
            "text": self.text,
            "fault_date": self.fault_date,
            "registered": self.registered,
            "emergency": self.emergency,
            "in_season": self.in_season,
            "past": [[one.component, one.order, one.end_date] for one in self.past],
            "cases": sum(case.cases for case in self.history),
            "least_cases": self.least_cases,
            "part_share": self.part_share,
        }


@dataclass(frozen=True, slots=True)
class Likely:
    """Where the fault probably is; ``rework`` is the earlier repair it falls under."""

    category: str = ""
    component: str = ""
    rework: Past | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed; ``parts`` are ``(key, quantity)``, ``cover`` is "" when not known."""

    category: str
    component: str
    severity: str
    way: str
    parts: tuple[tuple[int, float], ...]
    hours: float
    cover: str
    decision: Decision


def _heard(facts: PreliminaryFacts) -> list[tuple[Clue, tuple[str, ...]]]:
    text = " ".join(facts.text.lower().split())
    found = ((clue, clue.heard(text)) for clue in facts.clues)
    return [(clue, words) for clue, words in found if words]


def _best(counts: Counter, order: Iterable[str]) -> str:
    """Return the key counted most; of equals the one earlier in ``order``, then by name."""
    order = list(order)
    place = {key: index for index, key in enumerate(order)}
    keys = [key for key in counts if counts[key] > 0]
    return min(keys, key=lambda key: (-counts[key], place.get(key, len(order)), key), default="")


def _count(cases: Iterable[Case], name: str) -> Counter:
    counts = Counter()
    for case in cases:
        if getattr(case, name):
            counts[getattr(case, name)] += case.cases
    return counts


def find_likely(facts: PreliminaryFacts) -> Likely:
    """Return where the fault probably is (S8.2).

    The kind of fault: of those registered the one the caller's words speak for most; none
    registered, of all; no word heard, the one that fails most on the model. The component: by
    the words, else one whose repair is still guaranteed (G1.2), else the one that fails most.
    """
    heard = _heard(facts)
    usual = _count(facts.history, "category")
    score = Counter()
    for clue, words in heard:
        if clue.category and (not facts.registered or clue.category in facts.registered):
            score[clue.category] += len(words)
    steps = []
    category = _best(score, (*facts.registered, *(key for key, _n in usual.most_common())))
    if category:
        said = [word for clue, words in heard if clue.category == category for word in words]
        steps.append(
            Step.of("likely_words", words=", ".join(dict.fromkeys(said)), fault_category=category)
        )
    else:
        steps.append(Step.of("likely_no_words"))
    if facts.registered:
        category = category or facts.registered[0]
        steps.append(Step.of("likely_registered", fault_category=category))
    elif not category:
        category = _best(usual, ())
        if usual[category] >= facts.least_cases:
            steps.append(
                Step.of("likely_usual", fault_category=category, cases=usual[category])
            )
        else:
            category = ""
            steps.append(Step.of("likely_nothing"))
    component, more = _component(facts, heard, category)
    rework = _guaranteed(facts, component)
    if rework:
        more.append(
            Step.of(
                "likely_rework", component=component, order=rework.order,
                repaired_date=rework.repaired_date, end_date=rework.end_date,
            )
        )
    return Likely(category, component, rework, (*steps, *more))


def _component(facts, heard, category) -> tuple[str, list[Step]]:
    if not category:
        return "", []
    score = Counter()
    for clue, words in heard:
        if clue.component and clue.category in ("", category):
            score[clue.component] += len(words)
    usual = _count((c for c in facts.history if c.category == category), "component")
    component = _best(score, (key for key, _n in usual.most_common()))
    if component:
        return component, [Step.of("likely_component_words", component=component)]
    past = [one for one in facts.past if one.category == category]
    past = [one for one in past if one.repaired_date <= facts.fault_date <= one.end_date]
    if past:
        newest = max(past, key=lambda one: (one.repaired_date, one.order, one.component))
        return newest.component, [
            Step.of("likely_component_guarantee", component=newest.component, order=newest.order)
        ]
    component = _best(usual, ())
    if component and usual[component] >= facts.least_cases:
        step = Step.of("likely_component_usual", component=component, cases=usual[component])
        return component, [step]
    return "", []


def _guaranteed(facts, component) -> Past | None:
    found = [
        one
        for one in facts.past
        if component and one.component == component
        and one.repaired_date <= facts.fault_date <= one.end_date
    ]
    return max(found, key=lambda one: (one.repaired_date, one.order), default=None)


def _severity(facts: PreliminaryFacts) -> tuple[str, list[Step]]:
    said = {}
    for clue, words in _heard(facts):
        if clue.severity:
            said.setdefault(clue.severity, []).extend(words)
    worst = next((severity for severity in SEVERITIES if severity in said), "")
    if worst:
        words = ", ".join(dict.fromkeys(said[worst]))
        steps = [Step.of("likely_severity_words", words=words, severity=worst)]
    else:
        worst = LIMITED
        steps = [Step.of("likely_severity_default", severity=worst)]
    if facts.emergency and worst != STILL:
        worst = STILL
        steps.append(Step.of("likely_severity_emergency", severity=worst))
    if facts.in_season and worst == CAN_WAIT:
        worst = LIMITED
        steps.append(Step.of("likely_season", severity=worst))
    return worst, steps


def _way(kind: Kind, severity: str, likely: Likely) -> tuple[str, Step]:
    if kind.way == PHONE and severity == STILL:
        return VISIT, Step.of("likely_way_still", way=VISIT)
    if kind.way == PHONE and likely.rework:
        return VISIT, Step.of("likely_way_rework", way=VISIT)
    return kind.way, Step.of("likely_way", way=kind.way)


def _same(facts: PreliminaryFacts, likely: Likely, uses):
    """Return the lines of this kind of fault, and of its component when it is known."""
    mine = [use for use in uses if use.category == likely.category]
    return [use for use in mine if not likely.component or use.component == likely.component]


def _hours(facts, kind, likely) -> tuple[float, list[Step]]:
    cases = [case for case in _same(facts, likely, facts.history) if case.hours > 0]
    number = sum(case.cases for case in cases)
    if number and number >= facts.least_cases:
        hours = ceil(sum(case.hours for case in cases) / number * 2) / 2
        return hours, [Step.of("likely_hours_before", hours=hours, cases=number)]
    if kind.hours:
        return kind.hours, [Step.of("likely_hours_usual", hours=kind.hours)]
    return 0.0, []


def _parts(facts, likely) -> tuple[tuple[tuple[int, float], ...], list[Step]]:
    number = sum(case.cases for case in _same(facts, likely, facts.history))
    merged = {}
    for use in _same(facts, likely, facts.parts):
        known = merged.get(use.key, (use.name, 0, 0.0))
        merged[use.key] = (use.name, known[1] + use.cases, known[2] + use.quantity)
    parts, steps = [], []
    for key, (name, cases, quantity) in sorted(
        merged.items(), key=lambda item: (-item[1][1], item[1][0], item[0])
    ):
        if number < facts.least_cases or cases * 100 < facts.part_share * number:
            continue
        wanted = float(max(1, ceil(quantity / cases)))
        parts.append((key, wanted))
        steps.append(
            Step.of("likely_part", part=name, quantity=wanted, fitted=cases, cases=number)
        )
    return tuple(parts), steps or [Step.of("likely_no_parts")]


def propose(facts: PreliminaryFacts, likely: Likely, cover: Decision | None = None) -> Proposal:
    """Return the proposal of a preliminary assessment (S8.2).

    :param cover: the decision of the cover rule for the likely component, if the machine is known
    """
    steps = list(likely.steps)
    clauses = ["S8.2"]
    kind = next((one for one in facts.kinds if one.code == likely.category), Kind(likely.category))
    if likely.category and likely.component:
        causes = Counter()
        for case in _same(facts, likely, facts.history):
            if case.cause.strip():
                causes[case.cause.strip()] += case.cases
        cause = _best(causes, ())
        if cause and causes[cause] >= facts.least_cases:
            steps.append(Step.of("likely_cause", cause=cause, cases=causes[cause]))
    severity, more = _severity(facts)
    steps += more
    if "likely_season" in {step.key for step in more}:
        clauses.append("G3.4")
    way, step = _way(kind, severity, likely)
    steps.append(step)
    hours, more = _hours(facts, kind, likely)
    steps += more
    parts, more = _parts(facts, likely) if likely.category else ((), [])
    steps += more
    if likely.rework:
        expected = FREE
        clauses.append("G1.2")
        steps.append(Step.of("likely_free_rework"))
    elif cover is not None and cover.outcome in COVERS:
        expected = cover.outcome
        clauses += cover.clauses
        steps.append(Step.of(f"likely_{expected}"))
    else:
        expected = ""
        steps.append(Step.of("likely_cover_open"))
    decision = Decision(
        kind="preliminary_proposal",
        outcome=FOUND if likely.category else UNKNOWN,
        clauses=tuple(dict.fromkeys(clauses)),
        steps=tuple(steps),
        facts={
            **facts.to_json(),
            "category": likely.category,
            "component": likely.component,
            "severity": severity,
            "way": way,
            "parts": [list(part) for part in parts],
            "hours": hours,
            "cover": expected,
        },
    )
    return Proposal(
        likely.category, likely.component, severity, way, parts, hours, expected, decision
    )
