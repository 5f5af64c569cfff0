"""Rights to a new part, an exchange or a return (G2.1, G2.2, G3.4, L-30wd, L-rep2).

All dates are calendar days at the machine's place. The handbook's 90 days without parts are
less favourable to the user than the law's 30 working days: both are computed, the one more
favourable decides while the law is switched on, and the decision names both.

Readings: the day of handing in is day 0; a right arises with the first day after the limit; its
cause is the wait in force as that day begins.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from odoo.addons.jinxing_base.rules.decision import Decision, Step

from .exchange_facts import (
    BACK,
    EXCHANGE,
    EXCHANGE_OUTCOMES,
    EXCHANGED,
    HELD,
    NEW_PART,
    NONE,
    PRODUCER,
    RELEASED,
    REPAIRED,
    REPLACED,
    RETURN,
    SELLER,
    TRIAL_FAILED,
    USER_CHOICE,
    WARNING,
    ComponentFacts,
    Due,
    Event,
    ExchangeFacts,
    ExchangePolicy,
    RepairFacts,
    Right,
)
from .service_clock import (
    CUSTOMER,
    PRODUCER_PARTS,
    REPAIRER,
    cause_in_force,
    customer_days,
    day_start,
    local_day,
    repair_days,
)

_ONE_DAY = timedelta(days=1)

#: What a right gives and who bears its cost first; recourse comes after (G2.1, Order 126).
_GIVES = {
    "G2.1": (EXCHANGE, SELLER),
    "G2.2": (EXCHANGE, REPAIRER),
    "L-30wd": (USER_CHOICE, SELLER),
}
_STEP = {"G2.1": "exchange_parts", "G2.2": "exchange_repairer", "L-30wd": "exchange_working"}
_CAUSE = {"G2.1": PRODUCER_PARTS, "G2.2": REPAIRER}

STEP_KEYS = (
    "exchange_handed_in",
    "exchange_cover_unknown",
    "exchange_after_cover",
    "exchange_days",
    "exchange_finished",
    "exchange_unrecorded",
    *(
        f"{prefix}_{state}"
        for prefix in _STEP.values()
        for state in ("arisen", "due", "never", "in_time")
    ),
    "exchange_parts_cause",
    "exchange_repairer_cause",
    "exchange_working_off",
    "exchange_more_favourable",
    "exchange_not_covered",
    "exchange_season_new_part",
    "exchange_season_count",
    "exchange_repeat_off",
    "exchange_repeat_wear",
    "exchange_repeat_outside",
    "exchange_repeat_new_part",
    "exchange_repeat_exchange",
    "exchange_repeat_return",
    "exchange_bears_seller",
    "exchange_bears_repairer",
    "exchange_bears_producer",
    "exchange_none",
    "exchange_warning",
    "old_part_back",
    "old_part_missing",
    "old_part_not_asked",
)


@dataclass(slots=True)
class _Findings:
    """What the walk over the facts gathers."""

    rights: list[Right] = field(default_factory=list)
    due: list[Due] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    compared: list[str] = field(default_factory=list)


# -- rights by time (G2.1, G2.2, L-30wd) -------------------------------------------------------


def _day_beyond(facts: RepairFacts, days: int) -> date | None:
    """Return the first day on which the repair has taken more than ``days``.

    ``None`` while a wait of the customer keeps it from coming.
    """
    start = facts.handed_in_date
    need = days + 1
    lasting = [w.start for w in facts.waits if w.reason == CUSTOMER and w.end is None]
    if lasting:
        # After the day it began no day counts any more.
        last = max(local_day(min(lasting), facts.tz), start)
        if repair_days(start, last, facts.waits, facts.tz) < need:
            return None
    day = start + timedelta(days=need)
    while True:
        taken = repair_days(start, day, facts.waits, facts.tz)
        if taken >= need:
            return day
        # A day adds one at most, so this never jumps over the first.
        day += timedelta(days=need - taken)


def _working_day_beyond(facts: RepairFacts, policy: ExchangePolicy) -> date | None:
    """Return the day after the last working day the law grants, ``None`` if it never comes."""
    start = facts.handed_in_date
    if not policy.less_customer:
        return facts.calendar.nth(start, policy.working_days) + _ONE_DAY
    last_wait = max((local_day(w.end or w.start, facts.tz) for w in facts.waits), default=start)
    left, day = policy.working_days, start
    while left:
        day += _ONE_DAY
        theirs = customer_days(facts.waits, day - _ONE_DAY, day, facts.tz)
        if theirs and day > last_wait:
            # Only a wait that still lasts reaches here, and no day counts any more.
            return None
        left -= facts.calendar.is_working(day) and not theirs
    return day + _ONE_DAY


def _find_by_time(facts: ExchangeFacts, found: _Findings) -> None:
    """Add the rights of G2.1, G2.2 and L-30wd, due or arisen, with their arithmetic."""
    repair, policy = facts.repair, facts.policy
    add = found.steps.append
    add(Step.of("exchange_handed_in", handed_in_date=repair.handed_in_date))
    if repair.cover_until is None:
        add(Step.of("exchange_cover_unknown"))
        return
    if repair.handed_in_date > repair.cover_until:
        add(Step.of("exchange_after_cover", end_date=repair.cover_until))
        return
    stop = repair.on
    if repair.finished_date is not None:
        stop = min(stop, repair.finished_date)
        add(Step.of("exchange_finished", finished_date=repair.finished_date))
    theirs = customer_days(repair.waits, repair.handed_in_date, stop, repair.tz)
    add(
        Step.of(
            "exchange_days",
            on_date=stop,
            days=repair_days(repair.handed_in_date, stop, repair.waits, repair.tz),
            customer_days=theirs,
            working_days=repair.calendar.count(repair.handed_in_date, stop),
        )
    )
    limits = [
        ("G2.1", policy.parts_days, _day_beyond(repair, policy.parts_days)),
        ("G2.2", policy.repairer_days, _day_beyond(repair, policy.repairer_days)),
    ]
    if "L-30wd" in facts.statutes:
        limits.append(("L-30wd", policy.working_days, _working_day_beyond(repair, policy)))
    else:
        add(Step.of("exchange_working_off"))
    for clause, limit, day in limits:
        prefix = _STEP[clause]
        if day is None:
            add(Step.of(f"{prefix}_never", limit=limit))
            continue
        if clause in _CAUSE and not _cause_fits(clause, repair, policy, day, found):
            continue
        arisen = day <= stop
        if not arisen and repair.finished_date is not None:
            add(Step.of(f"{prefix}_in_time", limit=limit, due_date=day))
            continue
        key = f"{prefix}_arisen" if arisen else f"{prefix}_due"
        add(Step.of(key, limit=limit, due_date=day))
        found.due.append(Due(clause, day - timedelta(days=policy.warning_days), day, arisen))
        if arisen:
            outcome, bearer = _GIVES[clause]
            found.rights.append(Right(clause, outcome, day, bearer))
    _compare(facts, found)


def _cause_fits(
    clause: str, repair: RepairFacts, policy: ExchangePolicy, day: date, found: _Findings
) -> bool:
    """Tell whether the wait in force at the limit is the one the clause speaks of."""
    recorded = cause_in_force(repair.waits, day_start(day, repair.tz))
    cause = recorded or policy.unrecorded_cause
    if recorded is None and cause == _CAUSE[clause]:
        found.steps.append(Step.of("exchange_unrecorded", due_date=day))
    if cause == _CAUSE[clause]:
        return True
    found.steps.append(Step.of(f"{_STEP[clause]}_cause", due_date=day, cause=cause))
    return False


def _compare(facts: ExchangeFacts, found: _Findings) -> None:
    """Name the handbook's limit beside the law's, and which is the more favourable."""
    if "L-30wd" not in facts.statutes:
        return
    due = {one.clause: one.due_date for one in found.due}
    handbook = min((c for c in _CAUSE if c in due), key=due.get, default=None)
    found.compared += [handbook or "G2.1", "L-30wd"]
    if handbook and "L-30wd" in due:
        first, second = sorted((handbook, "L-30wd"), key=lambda c: (due[c], c != "L-30wd"))
        found.steps.append(
            Step.of(
                "exchange_more_favourable",
                clause=first,
                clause_date=due[first],
                other=second,
                other_date=due[second],
            )
        )


def next_due_dates(facts: ExchangeFacts) -> tuple[Due, ...]:
    """Return the rights by time that have arisen or will, the earliest first.

    Open waits are taken to go on as they are; a new or ended wait asks for them again.
    """
    found = _Findings()
    if facts.repair is not None:
        _find_by_time(facts, found)
    return tuple(sorted(found.due, key=lambda due: (due.due_date, due.clause)))


def next_look(facts: ExchangeFacts) -> date | None:
    """Return the next day after ``facts.repair.on`` that changes the answer, if any.

    That is the earliest day to come on which a warning or a right falls due.
    """
    if facts.repair is None:
        return None
    days = (day for due in next_due_dates(facts) for day in (due.warning_date, due.due_date))
    return min((day for day in days if day > facts.repair.on), default=None)


# -- rights by repetition (G3.4, L-rep2) -------------------------------------------------------


def _find_in_season(policy: ExchangePolicy, one: ComponentFacts, found: _Findings) -> None:
    """Add the right to a new part within a farm season (G3.4)."""
    events = sorted((e for e in one.events if e.quality), key=lambda event: event.day)
    for first, last in one.seasons:
        repairs = 0
        right = None
        for event in events:
            if not first <= event.day <= last:
                continue
            if event.what == REPAIRED:
                repairs += 1
            elif event.what in (BACK, TRIAL_FAILED):
                if repairs >= policy.season_repairs and right is None:
                    right = Right("G3.4", NEW_PART, event.day, PRODUCER, one.component, True)
            else:
                repairs, right = 0, None
        if right:
            found.rights.append(right)
        if repairs:
            key = "exchange_season_new_part" if right else "exchange_season_count"
            found.steps.append(
                Step.of(
                    key,
                    component=one.component,
                    repairs=repairs,
                    limit=policy.season_repairs,
                    first_date=first,
                    last_date=last,
                    **({"back_date": right.day} if right else {}),
                )
            )


def _find_repeats(policy: ExchangePolicy, one: ComponentFacts, found: _Findings) -> None:
    """Add the right the law gives when a problem keeps coming back (L-rep2)."""
    if not one.serious and one.wear:
        found.steps.append(Step.of("exchange_repeat_wear", component=one.component))
        return
    repairs = 0
    stage = NEW_PART
    right = None
    outside = None
    for event in sorted((e for e in one.events if e.quality), key=lambda event: event.day):
        if event.what == REPAIRED:
            repairs += 1
        elif event.what == REPLACED:
            # What a farm season gave alone (G3.4) is no replacement by the law; and a part of
            # the machine got by exchange does not lead back to the first stage.
            if right is not None and stage == NEW_PART:
                stage = EXCHANGE
            right = None
        elif event.what == EXCHANGED:
            stage, right = RETURN, None
        elif event.what == BACK and right is None:
            if stage == NEW_PART and repairs < policy.repeat_repairs:
                continue
            if stage == NEW_PART and not one.serious and not _in_first_days(policy, one, event):
                outside = event.day
                continue
            right = Right("L-rep2", stage, event.day, SELLER, one.component)
    if right is not None:
        found.rights.append(right)
        found.steps.append(
            Step.of(
                f"exchange_repeat_{right.outcome}",
                component=one.component,
                back_date=right.day,
                repairs=repairs,
            )
        )
    elif outside is not None:
        found.steps.append(
            Step.of(
                "exchange_repeat_outside",
                component=one.component,
                back_date=outside,
                days=policy.repeat_days,
            )
        )


def _in_first_days(policy: ExchangePolicy, one: ComponentFacts, event: Event) -> bool:
    start = one.first_season_start
    return start is not None and 0 <= (event.day - start).days < policy.repeat_days


def _find_by_repetition(facts: ExchangeFacts, found: _Findings) -> None:
    repeats = "L-rep2" in facts.statutes
    if facts.components and not repeats:
        found.steps.append(Step.of("exchange_repeat_off"))
    for one in facts.components:
        if not one.in_cover:
            found.steps.append(Step.of("exchange_not_covered", component=one.component))
            continue
        _find_in_season(facts.policy, one, found)
        if repeats:
            _find_repeats(facts.policy, one, found)


# -- the decision ------------------------------------------------------------------------------


def _find(facts: ExchangeFacts) -> _Findings:
    found = _Findings()
    if facts.repair is not None:
        _find_by_time(facts, found)
    _find_by_repetition(facts, found)
    found.rights.sort(
        key=lambda right: (
            -EXCHANGE_OUTCOMES.index(right.outcome),
            right.day,
            right.clause,
            right.component,
        )
    )
    return found


def arisen_rights(facts: ExchangeFacts) -> tuple[Right, ...]:
    """Return every right that has arisen, the one that gives the user most first."""
    return tuple(_find(facts).rights)


def decide_exchange(facts: ExchangeFacts) -> Decision:
    """Decide what the user of a machine may ask for instead of another repair.

    The outcome is that of the right which gives most: ``"return"`` of the machine,
    ``"user_choice"`` of exchange or further repair, ``"exchange"`` of the machine,
    ``"new_part"`` (with G3.4 only against the old one). Without a right it is ``"warning"``
    when one falls due within the days of warning (``until`` is the last day before it), else
    ``"none"``. Clauses: the deciding one first, then all it was compared with.
    """
    found = _find(facts)
    until = None
    if found.rights:
        outcome = found.rights[0].outcome
        cites = [right.clause for right in found.rights]
        bearers = {right.clause: right.bearer for right in found.rights}
        found.steps += [
            Step.of(f"exchange_bears_{bearer}", clause=clause) for clause, bearer in bearers.items()
        ]
    else:
        today = facts.repair and facts.repair.on
        near = sorted(
            (due for due in found.due if due.warning_date <= today),
            key=lambda due: (due.due_date, due.clause),
        )
        cites = [due.clause for due in near]
        if near:
            outcome = WARNING
            until = near[0].due_date - _ONE_DAY
            found.steps.append(
                Step.of(
                    "exchange_warning",
                    clause=near[0].clause,
                    due_date=near[0].due_date,
                    days=(near[0].due_date - today).days,
                )
            )
        else:
            outcome = NONE
            found.steps.append(Step.of("exchange_none"))
    if not (cites or found.compared):
        found.compared.append("G2.1" if facts.repair else "G3.4")
    return Decision(
        kind="exchange_right",
        outcome=outcome,
        clauses=tuple(dict.fromkeys((*cites, *found.compared))),
        steps=tuple(found.steps),
        facts=facts.to_json(),
        until=until,
    )


def decide_release(right: Right, old_part_returned: bool) -> Decision:
    """Decide whether the new part may be handed out: with G3.4 only against the old part."""
    if not right.needs_old_part:
        outcome, step = RELEASED, Step.of("old_part_not_asked", component=right.component)
    elif old_part_returned:
        outcome, step = RELEASED, Step.of("old_part_back", component=right.component)
    else:
        outcome, step = HELD, Step.of("old_part_missing", component=right.component)
    return Decision(
        kind="new_part_release",
        outcome=outcome,
        clauses=(right.clause,),
        steps=(step,),
        facts={
            "component": right.component,
            "clause": right.clause,
            "old_part_returned": old_part_returned,
        },
    )
