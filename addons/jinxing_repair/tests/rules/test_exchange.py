"""Rights to part, exchange, return (G2.1, G2.2, G3.4, L-30wd, L-rep2) at their boundary days."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_repair.rules import exchange
from odoo.addons.jinxing_repair.rules.exchange import (
    arisen_rights,
    decide_exchange,
    decide_release,
    next_due_dates,
    next_look,
)
from odoo.addons.jinxing_repair.rules.exchange_facts import (
    BACK,
    EXCHANGE_OUTCOMES,
    EXCHANGED,
    REPAIRED,
    REPLACED,
    TRIAL_FAILED,
    ComponentFacts,
    Event,
    ExchangeFacts,
    ExchangePolicy,
    RepairFacts,
    WorkCalendar,
    handed_in_day,
)
from odoo.addons.jinxing_repair.rules.service_clock import (
    CUSTOMER,
    OTHER,
    PRODUCER_PARTS,
    REPAIRER,
    WAIT_REASONS,
    Wait,
    customer_days,
    repair_days,
)

CHINA = "Asia/Shanghai"
HANDED_IN = date(2026, 5, 4)  # a Monday
DAY = timedelta(days=1)
POLICY = ExchangePolicy(
    parts_days=90,
    repairer_days=30,
    working_days=30,
    warning_days=10,
    season_repairs=2,
    repeat_repairs=2,
    repeat_days=30,
)
LAW = frozenset({"L-30wd", "L-rep2"})


def noon(day):
    return datetime(day.year, day.month, day.day, 4)


def wait(reason, first=HANDED_IN, last=None):
    """Return a wait from noon of one day to noon of another, in China."""
    return Wait(noon(first), last and noon(last), reason)


def repair(day=0, reason=PRODUCER_PARTS, statutes=frozenset(), **changes):
    """Facts of a repair on the given day since handing in, standing still for one reason."""
    base = RepairFacts(
        handed_in_date=HANDED_IN,
        on=HANDED_IN + day * DAY,
        cover_until=date(2026, 12, 31),
        tz=CHINA,
        waits=(wait(reason),) if reason else (),
    )
    return ExchangeFacts(POLICY, repair=replace(base, **changes), statutes=statutes)


def outcome(day=0, reason=PRODUCER_PARTS, statutes=frozenset(), **changes):
    return decide_exchange(repair(day, reason, statutes, **changes)).outcome


def keys(decision):
    return [step.key for step in decision.steps]


# -- G2.1, G2.2: calendar days and cause ----------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [(79, "none"), (80, "none"), (81, "warning"), (90, "warning"), (91, "exchange")],
)
def test_g2_1_day_91_without_the_producers_part(day, expected):
    assert outcome(day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [(20, "none"), (21, "warning"), (30, "warning"), (31, "exchange")],
)
def test_g2_2_day_31_for_the_repairers_own_reason(day, expected):
    assert outcome(day, REPAIRER) == expected


def test_g2_1_the_seller_exchanges_g2_2_the_repairer_bears_it():
    parts = arisen_rights(repair(91))
    assert [(r.clause, r.bearer, r.day) for r in parts] == [
        ("G2.1", "seller", HANDED_IN + 91 * DAY)
    ]
    assert [(r.clause, r.bearer) for r in arisen_rights(repair(31, REPAIRER))] == [
        ("G2.2", "repairer")
    ]
    assert "exchange_bears_repairer" in keys(decide_exchange(repair(31, REPAIRER)))


@pytest.mark.parametrize("reason", [CUSTOMER, OTHER])
def test_g2_other_causes_give_no_exchange(reason):
    assert outcome(200, reason) == "none"


def test_g2_2_where_no_wait_is_recorded_the_time_is_the_repairers():
    decision = decide_exchange(repair(31, None))
    assert (decision.outcome, decision.clauses) == ("exchange", ("G2.2",))
    assert "exchange_unrecorded" in keys(decision)
    unknown = replace(repair(31, None), policy=replace(POLICY, unrecorded_cause=OTHER))
    assert decide_exchange(unknown).outcome == "none"


def test_g2_2_a_recorded_wait_is_not_called_unrecorded():
    assert "exchange_unrecorded" not in keys(decide_exchange(repair(31, REPAIRER)))


def test_g2_1_g2_2_the_earlier_of_the_handbooks_two_is_compared():
    """G2.2 arose on day 31, the missing part is the cause at G2.1's limit: both hold."""
    change = HANDED_IN + 40 * DAY
    waits = (wait(REPAIRER, HANDED_IN, change), wait(PRODUCER_PARTS, change))
    decision = decide_exchange(repair(95, None, LAW, waits=waits))
    assert decision.clauses == ("L-30wd", "G2.2", "G2.1")
    step = next(s for s in decision.steps if s.key == "exchange_more_favourable")
    assert (dict(step.params)["clause"], dict(step.params)["other"]) == ("G2.2", "L-30wd")


def test_g2_the_cause_is_the_wait_in_force_at_the_limit():
    change = HANDED_IN + 30 * DAY
    before, after = wait(PRODUCER_PARTS, HANDED_IN, change), wait(REPAIRER, change)
    # At the start of day 31 the repairer's wait is in force.
    assert outcome(31, None, waits=(before, after)) == "exchange"
    # Had it begun a day later, the part was missing at the limit, and it stays at that.
    change += DAY
    before, after = wait(PRODUCER_PARTS, HANDED_IN, change), wait(REPAIRER, change)
    assert outcome(31, None, waits=(before, after)) == "none"
    assert outcome(120, None, waits=(before, after)) == "none"


def test_g2_customers_waits_move_the_day():
    """Five days wait for the customer: day 91 comes five days later (G2.1)."""
    customer = wait(CUSTOMER, HANDED_IN + 10 * DAY, HANDED_IN + 15 * DAY)
    waits = (wait(PRODUCER_PARTS), customer)
    assert outcome(95, None, waits=waits) == "warning"
    assert outcome(96, None, waits=waits) == "exchange"
    assert [due.due_date for due in next_due_dates(repair(0, None, waits=waits))] == [
        HANDED_IN + 96 * DAY
    ]


def test_g2_no_right_in_sight_while_the_customer_is_waited_for():
    facts = repair(50, None, waits=(wait(PRODUCER_PARTS), wait(CUSTOMER, HANDED_IN + 40 * DAY)))
    assert next_due_dates(facts) == ()
    assert next_look(facts) is None
    assert "exchange_parts_never" in keys(decide_exchange(facts))


@pytest.mark.parametrize(
    ("cover_until", "expected"),
    [(HANDED_IN, "exchange"), (HANDED_IN - DAY, "none"), (None, "none")],
)
def test_g2_1_handed_in_inside_the_cover(cover_until, expected):
    assert outcome(91, cover_until=cover_until) == expected


@pytest.mark.parametrize(
    ("finished", "expected"), [(89, "none"), (90, "none"), (91, "exchange"), (95, "exchange")]
)
def test_g2_1_a_repair_done_on_day_90_was_in_time(finished, expected):
    assert outcome(120, finished_date=HANDED_IN + finished * DAY) == expected


def test_g2_1_handed_in_is_the_receipt_else_the_call():
    call = datetime(2026, 5, 3, 17)  # one o'clock on the 4th in China
    receipt = datetime(2026, 5, 6, 4)
    assert handed_in_day(receipt, call, CHINA) == date(2026, 5, 6)
    assert handed_in_day(None, call, CHINA) == date(2026, 5, 4)
    assert handed_in_day(None, None, CHINA) is None


# -- L-30wd ----------------------------------------

THIRTIETH = date(2026, 6, 15)  # six weeks of five days after Monday 4 May


def test_l_30wd_working_days():
    calendar = WorkCalendar()
    assert calendar.nth(HANDED_IN, 30) == THIRTIETH
    assert calendar.count(HANDED_IN, THIRTIETH) == 30
    holiday = WorkCalendar(holidays={date(2026, 5, 5)})
    assert holiday.nth(HANDED_IN, 30) == date(2026, 6, 16)
    worked_sunday = WorkCalendar(extra_workdays={date(2026, 5, 10)})
    assert worked_sunday.nth(HANDED_IN, 30) == date(2026, 6, 12)
    with pytest.raises(ValueError, match="without a working day"):
        WorkCalendar(weekend=range(7)).nth(HANDED_IN, 1)
    with pytest.raises(ValueError, match="number"):
        calendar.nth(HANDED_IN, 0)


@pytest.mark.parametrize("reason", [*WAIT_REASONS, None])
def test_l_30wd_the_user_may_choose_after_30_working_days_whatever_the_cause(reason):
    day = (THIRTIETH - HANDED_IN).days
    assert outcome(day, reason, LAW) != "user_choice"
    assert outcome(day + 1, reason, LAW) == "user_choice"
    assert outcome(day + 1, reason, frozenset()) != "user_choice"


@pytest.mark.parametrize(
    ("cover_until", "expected"),
    [(HANDED_IN, "user_choice"), (HANDED_IN - DAY, "none"), (None, "none")],
)
def test_l_30wd_handed_in_inside_the_cover(cover_until, expected):
    day = (THIRTIETH - HANDED_IN).days + 1
    assert outcome(day, OTHER, LAW, cover_until=cover_until) == expected


@pytest.mark.parametrize(("finished", "expected"), [(0, "none"), (1, "user_choice")])
def test_l_30wd_a_repair_done_on_the_thirtieth_working_day_was_in_time(finished, expected):
    done = THIRTIETH + finished * DAY
    assert outcome(120, OTHER, LAW, finished_date=done) == expected


def test_l_30wd_warned_of_ten_days_before():
    due = (THIRTIETH - HANDED_IN).days + 1
    assert outcome(due - 11, OTHER, LAW) == "none"
    decision = decide_exchange(repair(due - 10, OTHER, LAW))
    assert (decision.outcome, decision.clauses[0]) == ("warning", "L-30wd")
    assert decision.until == THIRTIETH


def test_l_30wd_customers_waits_count_unless_the_policy_says_so():
    waits = (wait(CUSTOMER, HANDED_IN, HANDED_IN + 7 * DAY),)
    facts = repair(43, None, LAW, waits=waits)
    assert decide_exchange(facts).outcome == "user_choice"
    strict = replace(facts, policy=replace(POLICY, less_customer=True))
    assert "user_choice" not in [r.outcome for r in arisen_rights(strict)]
    due = {one.clause: one.due_date for one in next_due_dates(strict)}
    assert due["L-30wd"] == date(2026, 6, 23)  # five working days later
    long_ago = (
        wait(CUSTOMER, HANDED_IN, HANDED_IN + DAY),
        wait(CUSTOMER, HANDED_IN + 5 * DAY, HANDED_IN + 8 * DAY),
        wait(CUSTOMER, HANDED_IN + 90 * DAY),
    )
    reached = replace(strict, repair=replace(strict.repair, waits=long_ago))
    assert "L-30wd" in [due.clause for due in next_due_dates(reached)]
    endless = replace(strict, repair=replace(strict.repair, waits=(wait(CUSTOMER),)))
    assert [due.clause for due in next_due_dates(endless)] == []


def test_l_30wd_and_g2_1_are_both_named_the_more_favourable_decides():
    decision = decide_exchange(repair(60, PRODUCER_PARTS, LAW))
    assert decision.outcome == "user_choice"
    assert decision.clauses == ("L-30wd", "G2.1")
    step = next(s for s in decision.steps if s.key == "exchange_more_favourable")
    assert dict(step.params) == {
        "clause": "L-30wd",
        "clause_date": THIRTIETH + DAY,
        "other": "G2.1",
        "other_date": HANDED_IN + 91 * DAY,
    }


def test_g2_2_is_more_favourable_than_l_30wd_until_that_has_arisen():
    decision = decide_exchange(repair(31, REPAIRER, LAW))
    assert (decision.outcome, decision.clauses) == ("exchange", ("G2.2", "L-30wd"))
    both = decide_exchange(repair(60, REPAIRER, LAW))
    assert (both.outcome, both.clauses) == ("user_choice", ("L-30wd", "G2.2"))
    assert {"exchange_bears_seller", "exchange_bears_repairer"} <= set(keys(both))


def test_l_30wd_switched_off_leaves_the_handbook():
    decision = decide_exchange(repair(91))
    assert decision.clauses == ("G2.1",)
    assert "exchange_working_off" in keys(decision)


# -- warnings and due dates ----------------------------------------


def test_warning_ten_days_before_lasts_to_the_day_before():
    decision = decide_exchange(repair(81))
    assert decision.until == HANDED_IN + 90 * DAY
    step = next(s for s in decision.steps if s.key == "exchange_warning")
    assert dict(step.params)["days"] == 10


def test_next_look_is_the_next_day_the_answer_changes():
    law_due = THIRTIETH + DAY
    facts = repair(0, PRODUCER_PARTS, LAW)
    assert [(d.clause, d.due_date) for d in next_due_dates(facts)] == [
        ("L-30wd", law_due),
        ("G2.1", HANDED_IN + 91 * DAY),
    ]
    looks = []
    look = next_look(facts)
    while look:
        looks.append(look)
        facts = replace(facts, repair=replace(facts.repair, on=look))
        look = next_look(facts)
    assert looks == [
        law_due - 10 * DAY,
        law_due,
        HANDED_IN + 81 * DAY,
        HANDED_IN + 91 * DAY,
    ]
    assert next_look(ExchangeFacts(POLICY)) is None


# -- G3.4 ----------------------------------------

WHEAT = (date(2026, 5, 1), date(2026, 6, 15))
RICE = (date(2026, 8, 1), date(2026, 10, 31))


def component(*events, statutes=frozenset(), **changes):
    base = ComponentFacts(
        "割台输送链",
        tuple(Event(date(2026, *when), what) for *when, what in events),
        seasons=(WHEAT, RICE),
    )
    return ExchangeFacts(POLICY, components=(replace(base, **changes),), statutes=statutes)


TWICE = ((5, 10, REPAIRED), (5, 14, BACK), (5, 15, REPAIRED))


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (TWICE, "none"),
        ((*TWICE, (5, 15, TRIAL_FAILED)), "new_part"),
        ((*TWICE, (6, 15, BACK)), "new_part"),  # the season's last day
        ((*TWICE, (6, 16, BACK)), "none"),
        (((5, 10, REPAIRED), (5, 10, TRIAL_FAILED)), "none"),
        (((4, 30, REPAIRED), (5, 15, REPAIRED), (5, 16, BACK)), "none"),  # one before the season
        (((5, 1, REPAIRED), (5, 15, REPAIRED), (5, 16, BACK)), "new_part"),  # its first day
        (((6, 10, REPAIRED), (8, 5, REPAIRED), (8, 9, BACK)), "none"),  # two seasons
        ((*TWICE, (5, 20, BACK), (5, 21, REPLACED)), "none"),  # granted and done
    ],
)
def test_g3_4_second_quality_repair_in_one_season_still_does_not_do(events, expected):
    assert decide_exchange(component(*events)).outcome == expected


def test_g3_4_new_part_only_against_the_old_one():
    (right,) = arisen_rights(component(*TWICE, (5, 20, BACK)))
    assert (right.clause, right.bearer, right.component) == ("G3.4", "producer", "割台输送链")
    held = decide_release(right, old_part_returned=False)
    assert (held.outcome, held.clauses) == ("held", ("G3.4",))
    assert decide_release(right, old_part_returned=True).outcome == "released"


def test_g3_4_only_quality_counts():
    events = (*TWICE, (5, 20, BACK))
    for spoiled in (0, 2, 3):
        changed = tuple(
            Event(date(2026, *when), what, quality=index != spoiled)
            for index, (*when, what) in enumerate(events)
        )
        assert decide_exchange(component(events=changed)).outcome == "none"


def test_g3_4_not_outside_the_cover():
    decision = decide_exchange(component(*TWICE, (5, 20, BACK), in_cover=False))
    assert (decision.outcome, keys(decision)[-1]) == ("none", "exchange_none")


def test_event_must_be_known():
    with pytest.raises(ValueError, match="unknown event"):
        Event(HANDED_IN, "painted")


# -- L-rep2 ----------------------------------------

SERIOUS = {"serious": True, "statutes": LAW, "seasons": ()}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (((5, 10, REPAIRED), (9, 14, BACK)), "none"),
        (((5, 10, REPAIRED), (9, 14, BACK), (9, 15, REPAIRED)), "none"),
        (((5, 10, REPAIRED), (9, 15, REPAIRED), (11, 1, BACK)), "new_part"),
        (((5, 10, REPAIRED), (9, 15, REPAIRED), (11, 1, BACK), (11, 2, REPLACED)), "none"),
        (
            (
                (5, 10, REPAIRED),
                (9, 15, REPAIRED),
                (11, 1, BACK),
                (11, 2, REPLACED),
                (11, 2, BACK),
            ),
            "exchange",
        ),
        (((11, 2, REPLACED), (11, 3, BACK)), "none"),  # no right by the law stood then
        (((11, 2, REPLACED), (11, 3, BACK), (11, 4, EXCHANGED)), "none"),
        (((11, 2, REPLACED), (11, 3, BACK), (11, 4, EXCHANGED), (11, 5, BACK)), "return"),
    ],
)
def test_l_rep2_serious_problem_back_after_two_repairs(events, expected):
    assert decide_exchange(component(*events, **SERIOUS)).outcome == expected


@pytest.mark.parametrize(
    ("back", "expected"),
    [((5, 1), "new_part"), ((5, 30), "new_part"), ((5, 31), "none"), ((4, 30), "none")],
)
def test_l_rep2_ordinary_problem_within_the_first_30_days_of_the_first_season(back, expected):
    events = ((4, 10, REPAIRED), (4, 20, REPAIRED), (*back, BACK))
    facts = component(*events, statutes=LAW, seasons=(), first_season_start=date(2026, 5, 1))
    decision = decide_exchange(facts)
    assert decision.outcome == expected
    assert ("exchange_repeat_outside" in keys(decision)) is (expected == "none")


def test_l_rep2_a_new_part_of_the_farm_season_alone_leads_to_no_exchange():
    """G3.4 replaces an ordinary problem's part late; the law's first stage never was."""
    events = (*TWICE, (5, 20, BACK), (5, 21, REPLACED), (6, 1, BACK))
    late = component(*events, statutes=LAW, first_season_start=date(2025, 5, 1))
    assert decide_exchange(late).outcome == "none"
    serious = component(*events, statutes=LAW, serious=True)
    assert decide_exchange(serious).outcome == "exchange"
    first_season = component(*events, statutes=LAW, first_season_start=date(2026, 5, 1))
    assert decide_exchange(first_season).outcome == "exchange"


def test_l_rep2_a_serious_problem_of_a_wear_part_counts():
    events = ((5, 10, REPAIRED), (9, 15, REPAIRED), (11, 1, BACK))
    assert decide_exchange(component(*events, **SERIOUS, wear=True)).outcome == "new_part"


def test_l_rep2_not_outside_the_cover():
    events = ((5, 10, REPAIRED), (9, 15, REPAIRED), (11, 1, BACK))
    assert decide_exchange(component(*events, **SERIOUS, in_cover=False)).outcome == "none"


def test_l_rep2_the_right_is_of_the_first_day_back_and_a_failed_trial_is_not_back():
    twice = ((5, 10, REPAIRED), (9, 15, REPAIRED))
    assert arisen_rights(component(*twice, (9, 15, TRIAL_FAILED), **SERIOUS)) == ()
    (right,) = arisen_rights(component(*twice, (9, 20, BACK), (9, 25, BACK), **SERIOUS))
    assert right.day == date(2026, 9, 20)
    assert "exchange_repeat_outside" not in keys(decide_exchange(component(*twice, **SERIOUS)))


def test_l_rep2_not_for_wear_parts_and_not_when_switched_off():
    events = ((5, 2, REPAIRED), (5, 8, REPAIRED), (5, 9, BACK))
    start = date(2026, 5, 1)
    on = {"statutes": LAW, "seasons": (), "first_season_start": start}
    assert decide_exchange(component(*events, **on)).outcome == "new_part"
    assert decide_exchange(component(*events, wear=True, **on)).outcome == "none"
    off = {**on, "statutes": frozenset()}
    decision = decide_exchange(component(*events, **off))
    assert (decision.outcome, keys(decision)) == (
        "none",
        ["exchange_repeat_off", "exchange_none"],
    )
    assert "exchange_repeat_off" not in keys(decide_exchange(component(*events, **on)))
    assert keys(decide_exchange(ExchangeFacts(POLICY))) == ["exchange_none"]


def test_l_rep2_new_part_asks_for_no_old_one():
    facts = component((5, 10, REPAIRED), (9, 15, REPAIRED), (11, 1, BACK), **SERIOUS)
    (right,) = arisen_rights(facts)
    assert decide_release(right, old_part_returned=False).outcome == "released"


# -- together ----------------------------------------


def test_the_right_that_gives_most_decides_and_all_are_named():
    facts = replace(
        repair(60, PRODUCER_PARTS, LAW), components=component(*TWICE, (5, 20, BACK)).components
    )
    decision = decide_exchange(facts)
    assert (decision.outcome, decision.clauses) == ("user_choice", ("L-30wd", "G3.4", "G2.1"))


def test_nothing_known_gives_nothing():
    decision = decide_exchange(ExchangeFacts(POLICY))
    assert (decision.outcome, decision.clauses) == ("none", ("G3.4",))


days = st.dates(date(2026, 4, 1), date(2026, 12, 31))


@st.composite
def some_waits(draw):
    found = []
    for _ in range(draw(st.integers(0, 5))):
        start = noon(draw(days))
        length = draw(st.none() | st.integers(0, 40 * 24))
        end = None if length is None else start + timedelta(hours=length)
        found.append(Wait(start, end, draw(st.sampled_from(WAIT_REASONS))))
    return tuple(found)


statute_sets = st.sampled_from([frozenset(), LAW])


@given(some_waits(), st.integers(0, 200), st.integers(0, 100), statute_sets)
def test_time_never_takes_a_right_away(waits, day, more, statutes):
    """G2.1, G2.2, L-30wd: an unfinished repair's rights only grow."""
    rank = EXCHANGE_OUTCOMES.index
    first = outcome(day, None, statutes, waits=waits)
    assert rank(first) <= rank(outcome(day + more, None, statutes, waits=waits))


@given(some_waits(), st.integers(0, 200), st.integers(0, 100))
def test_the_law_never_gives_less_than_the_handbook_alone(waits, day, more):
    rank = EXCHANGE_OUTCOMES.index
    assert rank(outcome(day, None, frozenset(), waits=waits)) <= rank(
        outcome(day, None, LAW, waits=waits)
    )


@given(some_waits(), st.integers(0, 150), statute_sets, st.booleans())
def test_due_dates_are_the_first_days_of_their_rights(waits, day, statutes, less):
    """G2.1, G2.2, L-30wd: the stored day is exactly the one on which the decision turns."""
    facts = repair(day, None, statutes, waits=waits)
    facts = replace(facts, policy=replace(POLICY, less_customer=less))

    def clauses(on):
        return {
            right.clause
            for right in arisen_rights(replace(facts, repair=replace(facts.repair, on=on)))
        }

    for due in next_due_dates(facts):
        assert due.clause in clauses(due.due_date)
        assert due.clause not in clauses(due.due_date - DAY)
        assert due.arisen is (due.due_date <= facts.repair.on)


@given(some_waits(), st.integers(1, 120))
def test_g2_the_day_of_a_limit_is_the_first_that_counts_enough(waits, limit):
    """G2.1: against counting day by day, also where the customer lets it never come."""
    facts = replace(repair(0, None, waits=waits), policy=replace(POLICY, parts_days=limit))
    counted = (
        HANDED_IN + number * DAY
        for number in range(700)
        if repair_days(HANDED_IN, HANDED_IN + number * DAY, waits, CHINA) > limit
    )
    first = next(counted, None)
    decision = decide_exchange(facts)
    named = {
        step.key: dict(step.params)["due_date"]
        for step in decision.steps
        if step.key in ("exchange_parts_arisen", "exchange_parts_due", "exchange_parts_cause")
    }
    assert ("exchange_parts_never" in keys(decision)) is (first is None)
    assert set(named.values()) == ({first} if first else set())


@given(some_waits(), st.integers(1, 60))
def test_l_30wd_less_the_customers_days_against_counting(waits, limit):
    facts = replace(
        repair(0, None, LAW, waits=waits),
        policy=replace(POLICY, working_days=limit, less_customer=True),
    )
    calendar = facts.repair.calendar
    left = limit
    first = None
    for number in range(1, 700):
        day = HANDED_IN + number * DAY
        if calendar.is_working(day) and not customer_days(waits, day - DAY, day, CHINA):
            left -= 1
        if not left:
            first = day + DAY
            break
    due = {one.clause: one.due_date for one in next_due_dates(facts)}
    assert due.get("L-30wd") == first


@pytest.mark.parametrize(("began", "expected"), [(89, None), (90, None), (91, 91), (92, 91)])
def test_g2_1_a_wait_of_the_customer_begun_at_the_limit(began, expected):
    """Begun on day 90 it keeps day 91 from counting, begun on day 91 it comes too late."""
    waits = (wait(PRODUCER_PARTS), wait(CUSTOMER, HANDED_IN + began * DAY))
    facts = repair(0, None, waits=waits)
    due = [one.due_date for one in next_due_dates(facts)]
    assert due == ([] if expected is None else [HANDED_IN + expected * DAY])


@given(some_waits(), st.integers(0, 150), st.integers(0, 50), statute_sets)
def test_the_answer_stays_between_two_looks(waits, day, more, statutes):
    facts = repair(day, None, statutes, waits=waits)
    look = next_look(facts)
    on = facts.repair.on + more * DAY
    if look is None or on < look:
        later = replace(facts, repair=replace(facts.repair, on=on))
        assert decide_exchange(later).outcome == decide_exchange(facts).outcome


events = st.lists(
    st.builds(
        Event,
        day=days,
        what=st.sampled_from([REPAIRED, TRIAL_FAILED, BACK]),
        quality=st.booleans(),
    ),
    max_size=8,
).map(tuple)


@given(events, st.booleans(), st.booleans(), statute_sets)
def test_g3_4_l_rep2_every_right_rests_on_enough_repairs(history, serious, wear, statutes):
    facts = component(events=history, serious=serious, wear=wear, statutes=statutes)
    for right in arisen_rights(facts):
        repairs = [e for e in history if e.quality and e.what == REPAIRED and e.day <= right.day]
        assert len(repairs) >= 2
        assert right.outcome == "new_part"


def test_step_keys_are_listed_once():
    assert len(exchange.STEP_KEYS) == len(set(exchange.STEP_KEYS))
