"""Is a fault free or chargeable, by which clause, until when (G4, G5, Order 126).

The farmer gets the better of three promises: what his card states, what the policy of the
fault's day gives, and the floor of the law. A fault is never refused: one that is not free
can be repaired for money (G5).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from odoo.addons.jinxing_base.rules.decision import Decision, Step

from .dates import add_months, extend_by_downtime, next_working_day

FREE = "free"
CHARGEABLE = "chargeable"

MACHINE = "machine"
MAIN = "main"
ELECTRICAL = "electrical"
WEAR = "wear"
COVER_CLASSES = (MACHINE, MAIN, ELECTRICAL, WEAR)

#: Clause that grants the cover of a class, where a cover line names none.
CLASS_CLAUSES = {MACHINE: "G4.1", MAIN: "G4.2", ELECTRICAL: "G4.3", WEAR: "L24b"}

#: Grounds the repairer must show; G5.3 and G5.4 follow from the card.
SHOWN_GROUNDS = ("G5.1", "G5.2", "G5.5")


@dataclass(frozen=True, slots=True)
class CoverLine:
    """Cover of one class: months, and the clause that grants it.

    ``stated_on_card`` tells whether the card names the period: a period shorter than the
    whole machine's holds only then (L24b).
    """

    cover_class: str
    months: int
    clause: str = ""
    stated_on_card: bool = True


@dataclass(frozen=True, slots=True)
class CoverFacts:
    """Everything a cover decision looks at; dates are calendar days at the machine's place.

    ``card_lines`` are the promises of the card, ``policy_lines`` those of the policy in force
    on the fault's day. ``floors`` maps a class to the months of L24b. ``exclusions`` maps a
    ground (G5.1, G5.2, G5.5) to its evidence. ``statutes`` holds the codes switched on.
    ``start_from_sale`` tells that no invoice is known and our own delivery is the start.
    """

    fault_date: date
    cover_class: str = MACHINE
    component: str = ""
    start_date: date | None = None
    start_from_sale: bool = False
    has_card: bool = False
    has_invoice: bool = False
    provable_sale: bool = False
    seller_error: bool = False
    model_matches: bool = True
    altered: bool = False
    card_lines: tuple[CoverLine, ...] = ()
    policy_lines: tuple[CoverLine, ...] = ()
    policy: str = ""
    floors: Mapping[str, int] = field(default_factory=dict)
    exclusions: Mapping[str, str] = field(default_factory=dict)
    downtime: tuple[tuple[date, date], ...] = ()
    holidays: Collection[date] = frozenset()
    statutes: frozenset[str] = frozenset()
    no_proof_reading: str = "both"

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "fault_date": self.fault_date,
            "cover_class": self.cover_class,
            "component": self.component,
            "start_date": self.start_date,
            "start_from_sale": self.start_from_sale,
            "has_card": self.has_card,
            "has_invoice": self.has_invoice,
            "provable_sale": self.provable_sale,
            "seller_error": self.seller_error,
            "model_matches": self.model_matches,
            "altered": self.altered,
            "card_months": {line.cover_class: line.months for line in self.card_lines},
            "policy_months": {line.cover_class: line.months for line in self.policy_lines},
            "policy": self.policy,
            "floors": self.floors,
            "exclusions": self.exclusions,
            "downtime": self.downtime,
            "holidays": sorted(self.holidays),
            "statutes": self.statutes,
            "no_proof_reading": self.no_proof_reading,
        }


def _class_months(lines: tuple[CoverLine, ...], cover_class: str) -> tuple[int, str]:
    """Return months and clause that ``lines`` give a class, (0, "") when they give none."""
    by_class = {line.cover_class: line for line in lines}
    machine = by_class.get(MACHINE)
    line = by_class.get(cover_class)
    if line is None or (not line.stated_on_card and machine and line.months < machine.months):
        line = machine
    elif cover_class == MAIN and machine and machine.months > line.months:
        line = machine
    if line is None:
        return 0, ""
    return line.months, line.clause or CLASS_CLAUSES[line.cover_class]


def cover_months(facts: CoverFacts) -> tuple[int, tuple[str, ...], list[Step]]:
    """Return the months of cover of the faulty component's class, the clauses, the steps.

    The longest of card, policy of the fault's day, and floor of the law (L24b) holds.
    """
    steps = []
    months, clause = _class_months(facts.card_lines, facts.cover_class)
    if months:
        steps.append(Step.of("cover_card", cover_class=facts.cover_class, months=months))
    policy_months, policy_clause = _class_months(facts.policy_lines, facts.cover_class)
    if policy_months > months:
        months, clause = policy_months, policy_clause
        steps.append(
            Step.of(
                "cover_policy",
                cover_class=facts.cover_class,
                months=months,
                policy=facts.policy,
            )
        )
    clauses = (clause,) if clause else ()
    if "L24b" in facts.statutes:
        floor = facts.floors.get(facts.cover_class, 0)
        if not (facts.card_lines or facts.policy_lines):
            # Nothing states a shorter period, so the whole machine's floor is the floor.
            floor = max(floor, facts.floors.get(MACHINE, 0))
        if floor > months:
            months = floor
            clauses = (*clauses, "L24b") if clauses != ("L24b",) else clauses
            steps.append(Step.of("cover_floor", cover_class=facts.cover_class, months=floor))
    return months, clauses, steps


def cover_until(facts: CoverFacts, months: int) -> tuple[date, tuple[str, ...], list[Step]]:
    """Return the last day of cover, the clauses and the arithmetic (L24a, L-down).

    ``facts.start_date`` must be known.
    """
    start = facts.start_date
    end = add_months(start, months)
    clauses: tuple[str, ...] = ("L24a",) if "L24a" in facts.statutes else ()
    steps = [Step.of("cover_period", start_date=start, months=months, end_date=end)]
    if "L-down" in facts.statutes:
        moved, days = extend_by_downtime(start, end, facts.downtime)
        if days:
            steps.append(Step.of("cover_downtime", days=days, end_date=moved))
        rolled = next_working_day(moved, facts.holidays)
        if rolled != moved:
            steps.append(Step.of("cover_holiday", day_date=moved, end_date=rolled))
        if rolled != end:
            clauses = (*clauses, "L-down")
        end = rolled
    return end, clauses, steps


def _proof(facts: CoverFacts, excused: bool) -> tuple[list[str], list[str], list[Step]]:
    """Judge G5.3 and G5.4, which the system finds itself from the card.

    Return the grounds that exclude, other clauses to cite, and the steps.
    """
    grounds: list[str] = []
    cited: list[str] = []
    steps: list[Step] = []
    missing = (
        not (facts.has_card and facts.has_invoice)
        if facts.no_proof_reading == "either"
        else not (facts.has_card or facts.has_invoice)
    )
    if missing and not facts.provable_sale:
        if excused:
            cited.append("L-err")
            steps.append(Step.of("proof_seller_error"))
        else:
            grounds.append("G5.3")
            steps.append(Step.of("proof_missing", card=facts.has_card, invoice=facts.has_invoice))
    elif missing:
        steps.append(Step.of("proof_sale"))
    if not facts.model_matches or facts.altered:
        key = "card_altered" if facts.altered else "card_model_differs"
        if excused:
            cited.append("L-err")
            steps.append(Step.of(f"{key}_seller_error"))
        else:
            grounds.append("G5.4")
            steps.append(Step.of(key))
    return grounds, cited, steps


def decide_cover(facts: CoverFacts) -> Decision:
    """Decide whether a fault is repaired free (G4) or for money (G5).

    The outcome is ``"free"`` or ``"chargeable"``; ``until`` is the last day of cover of the
    component's class, also when a ground of exclusion makes the repair chargeable. All
    grounds are named, not just the first.

    :raises ValueError: unknown cover class or ground of exclusion
    """
    if facts.cover_class not in COVER_CLASSES:
        raise ValueError(f"unknown cover class: {facts.cover_class!r}")
    excused = facts.seller_error and "L-err" in facts.statutes
    grounds, cited, steps = _proof(facts, excused)
    for code, evidence in facts.exclusions.items():
        if code not in SHOWN_GROUNDS:
            raise ValueError(f"not a ground the repairer can show: {code!r}")
        if evidence and evidence.strip():
            grounds.append(code)
            steps.append(Step.of(f"excluded_{code}", evidence=evidence.strip()))
        else:
            steps.append(Step.of("excluded_no_evidence", clause=code))

    months, month_clauses, month_steps = cover_months(facts)
    steps += month_steps
    until = None
    in_cover = False
    clauses = month_clauses
    if facts.start_date is None:
        in_cover = excused
        if not excused and not grounds:
            grounds.append("G5.3")
        steps.append(Step.of("cover_no_start"))
    else:
        if facts.start_from_sale:
            steps.append(Step.of("cover_from_sale", start_date=facts.start_date))
        until, end_clauses, end_steps = cover_until(facts, months)
        steps += end_steps
        clauses = (*month_clauses, *end_clauses)
        in_cover = facts.fault_date <= until
        if facts.fault_date < facts.start_date:
            steps.append(Step.of("fault_before_start", fault_date=facts.fault_date))
        elif in_cover:
            steps.append(Step.of("fault_in_cover", fault_date=facts.fault_date, end_date=until))
        else:
            steps.append(Step.of("fault_after_cover", fault_date=facts.fault_date, end_date=until))

    if grounds:
        outcome, cites = CHARGEABLE, (*grounds, *cited, *clauses)
    elif in_cover:
        outcome, cites = FREE, (*clauses, *cited)
    else:
        outcome, cites = CHARGEABLE, (*clauses, *cited)
    steps.append(Step.of(f"outcome_{outcome}"))
    return Decision(
        kind="cover",
        outcome=outcome,
        clauses=tuple(dict.fromkeys(cites)),
        steps=tuple(steps),
        facts=facts.to_json(),
        until=until,
    )


def refuse_below_floor(
    lines: Collection[CoverLine], floors: Mapping[str, int], statutes: frozenset[str]
) -> list[tuple[str, int, int]]:
    """Return ``(class, months, floor)`` of every line below the floor of L24b.

    Empty while L24b is switched off.
    """
    if "L24b" not in statutes:
        return []
    return [
        (line.cover_class, line.months, floors[line.cover_class])
        for line in lines
        if line.months < floors.get(line.cover_class, 0)
    ]


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the cover stated on a card follows from.

    ``replaces`` is the number of the card this one goes on for after an exchange; ``anew``
    tells that cover began again on the day of the exchange (L-new).
    """

    start_date: date
    lines: tuple[CoverLine, ...]
    policy: str = ""
    downtime: tuple[tuple[date, date], ...] = ()
    holidays: Collection[date] = frozenset()
    statutes: frozenset[str] = frozenset()
    replaces: str = ""
    anew: bool = False

    def to_json(self) -> dict:
        """Return what the decision is stored with."""
        return {
            "start_date": self.start_date,
            "months": {line.cover_class: line.months for line in self.lines},
            "policy": self.policy,
            "downtime": self.downtime,
            "holidays": sorted(self.holidays),
            "statutes": self.statutes,
            "replaces": self.replaces,
            "anew": self.anew,
        }


def decide_card(facts: CardFacts) -> Decision:
    """State the cover of each class on a card (G4, L24a, L-down, L-new).

    ``until`` is the last day of the class that is covered longest.
    """
    steps = [Step.of("card_policy", policy=facts.policy)] if facts.policy else []
    clauses = [line.clause or CLASS_CLAUSES[line.cover_class] for line in facts.lines]
    if "L24a" in facts.statutes:
        clauses.append("L24a")
    if facts.replaces and facts.anew:
        clauses.append("L-new")
        steps.append(Step.of("card_anew", card=facts.replaces, start_date=facts.start_date))
    elif facts.replaces:
        steps.append(Step.of("card_goes_on", card=facts.replaces))
    counts = "L-down" in facts.statutes
    ends = []
    for line in facts.lines:
        plain = add_months(facts.start_date, line.months)
        end, days = plain, 0
        if counts:
            end, days = extend_by_downtime(facts.start_date, plain, facts.downtime)
            end = next_working_day(end, facts.holidays)
        ends.append(end)
        values = {
            "cover_class": line.cover_class,
            "start_date": facts.start_date,
            "months": line.months,
            "end_date": end,
        }
        if end != plain:
            steps.append(Step.of("card_line_moved", plain_date=plain, days=days, **values))
            clauses.append("L-down")
        else:
            steps.append(Step.of("card_line", **values))
    return Decision(
        kind="card",
        outcome="stated",
        clauses=tuple(dict.fromkeys(clauses)),
        steps=tuple(steps),
        facts=facts.to_json(),
        until=max(ends, default=None),
    )
