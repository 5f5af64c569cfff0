"""Service clock (S8.2, S8.5, S8.11, N5, N6): the second before, at and after; waiting."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_repair.rules import service_clock as clock
from odoo.addons.jinxing_repair.rules.service_clock import (
    CUSTOMER,
    OTHER,
    PRODUCER_PARTS,
    REPAIRER,
    WAIT_REASONS,
    AbsenceFacts,
    ClockFacts,
    Wait,
    arrival_deadline,
    cause_in_force,
    clock_outcome,
    contact_deadline,
    customer_days,
    day_end,
    day_start,
    judge_absence,
    judge_arrival,
    judge_contact,
    judge_escalation,
    judge_help,
    judge_preliminary,
    judge_promise,
    local_day,
    local_moment,
    merge_waits,
    promise_deadline,
    repair_days,
    span,
)

CHINA = "Asia/Shanghai"
NOON = datetime(2026, 8, 20, 4, 0, 0)  # 12:00 in China
SECOND = timedelta(seconds=1)
DAY = date(2026, 8, 20)

moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
reasons = st.sampled_from(WAIT_REASONS)


@st.composite
def waits(draw, reason=reasons):
    start = draw(moments)
    length = draw(st.none() | st.integers(0, 60 * 24 * 3600))
    end = None if length is None else start + timedelta(seconds=length)
    return Wait(start, end, draw(reason))


many_waits = st.lists(waits(), max_size=8)


def china(*parts):
    """Return a moment given in China's time as naive UTC."""
    return datetime(*parts) - timedelta(hours=8)


def keys(decision):
    return [step.key for step in decision.steps]


# -- days --------------------------------------------------------------------------------------


def test_day_of_a_moment_is_the_day_at_the_machines_place():
    assert local_day(china(2026, 8, 20, 0, 0, 0), CHINA) == DAY
    assert local_day(china(2026, 8, 20, 0, 0, 0) - SECOND, CHINA) == DAY - timedelta(days=1)


def test_day_starts_and_ends_at_the_machines_place():
    assert day_start(DAY, CHINA) == china(2026, 8, 20)
    assert day_end(DAY, CHINA) == china(2026, 8, 20, 23, 59, 59)
    assert local_moment(DAY, time(12), CHINA) == NOON


@given(moments)
def test_a_moment_lies_inside_its_day(moment):
    day = local_day(moment, CHINA)
    assert day_start(day, CHINA) <= moment <= day_end(day, CHINA)


def test_span_shows_hours_beyond_a_day():
    assert span(timedelta(days=1, seconds=1)) == "24:00:01"
    assert span(-timedelta(minutes=3)) == "0:03:00"


# -- S8.2 contact ------------------------------------------------------------------------------


def test_s8_2_minutes_run_day_and_night_without_windows():
    assert contact_deadline(NOON, 10) == NOON + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("approved", "deadline"),
    [
        ((2026, 8, 20, 6, 30), (2026, 8, 20, 7, 10)),  # before the window: from its start
        ((2026, 8, 20, 7, 0), (2026, 8, 20, 7, 10)),
        ((2026, 8, 20, 21, 50), (2026, 8, 20, 22, 0)),  # just fits
        ((2026, 8, 20, 21, 51), (2026, 8, 21, 7, 1)),  # one minute is left for the morning
        ((2026, 8, 20, 22, 0), (2026, 8, 21, 7, 10)),
        ((2026, 8, 20, 23, 0), (2026, 8, 21, 7, 10)),
    ],
)
def test_s8_2_minutes_rest_outside_the_standby_window(approved, deadline):
    windows = ((time(7), time(22)),)
    assert contact_deadline(china(*approved), 10, windows, CHINA) == china(*deadline)


@pytest.mark.parametrize(
    ("approved", "deadline"),
    [
        ((2026, 8, 20, 1, 55), (2026, 8, 20, 2, 5)),  # begun the evening before
        ((2026, 8, 20, 5, 55), (2026, 8, 20, 22, 5)),
        ((2026, 8, 20, 23, 55), (2026, 8, 21, 0, 5)),
        ((2026, 8, 20, 12, 0), (2026, 8, 20, 22, 10)),
    ],
)
def test_s8_2_window_may_run_past_midnight(approved, deadline):
    windows = ((time(22), time(6)),)
    assert contact_deadline(china(*approved), 10, windows, CHINA) == china(*deadline)


def test_s8_2_pause_at_noon_and_overlapping_windows():
    windows = ((time(13), time(18)), (time(8), time(12)), (time(9), time(11)))
    assert contact_deadline(china(2026, 8, 20, 11, 55), 10, windows, CHINA) == china(
        2026, 8, 20, 13, 5
    )


def test_s8_2_window_of_equal_times_is_the_whole_day():
    whole = ((time(0), time(0)),)
    assert contact_deadline(NOON, 1500, whole, CHINA) == NOON + timedelta(minutes=1500)


def test_s8_2_no_minutes_is_no_deadline():
    with pytest.raises(ValueError, match="minutes"):
        contact_deadline(NOON, 0)


window_lists = st.lists(
    st.tuples(st.times(), st.times()).map(
        lambda pair: tuple(t.replace(microsecond=0, fold=0) for t in pair)
    ),
    max_size=3,
)


@given(moments, st.integers(0, 100_000), st.integers(1, 600), window_lists)
def test_s8_2_later_approval_never_has_the_earlier_deadline(approved, later, minutes, windows):
    first = contact_deadline(approved, minutes, windows, CHINA)
    second = contact_deadline(approved + timedelta(seconds=later), minutes, windows, CHINA)
    assert approved + timedelta(minutes=minutes) <= first <= second


@given(moments, st.integers(1, 600), st.integers(1, 600), window_lists)
def test_s8_2_more_minutes_end_later(approved, minutes, more, windows):
    assert contact_deadline(approved, minutes, windows, CHINA) < contact_deadline(
        approved, minutes + more, windows, CHINA
    )


@given(moments, st.integers(1, 600), window_lists.filter(bool))
def test_s8_2_the_deadline_lies_in_a_window(approved, minutes, windows):
    deadline = contact_deadline(approved, minutes, windows, CHINA)
    local = (deadline + timedelta(hours=8)).time()
    assert any(
        first <= local <= last if first < last else local >= first or local <= last
        for first, last in windows
    )


# -- the four outcomes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("judge", "kind", "clause"),
    [
        (judge_contact, "contact", "S8.2"),
        (judge_preliminary, "preliminary", "S8.2"),
        (judge_arrival, "arrival", "S8.11"),
        (judge_promise, "promise", "N5"),
        (judge_escalation, "escalation", "N6"),
    ],
)
@pytest.mark.parametrize(
    ("done", "now", "outcome"),
    [
        (-1, 0, "on_time"),
        (0, 5, "on_time"),
        (1, 5, "late"),
        (None, -1, "open"),
        (None, 0, "open"),
        (None, 1, "breached"),
    ],
)
def test_the_second_of_a_deadline_is_in_time(judge, kind, clause, done, now, outcome):
    """S8.2, S8.11, N5, N6: in time at the second, breached one second later."""
    facts = ClockFacts(
        deadline=NOON,
        now=NOON + now * SECOND,
        started_at=NOON - timedelta(minutes=10),
        done_at=None if done is None else NOON + done * SECOND,
    )
    decision = judge(facts)
    assert (decision.kind, decision.outcome) == (kind, outcome)
    assert decision.clauses[0] == clause
    assert keys(decision) == [f"{kind}_deadline", f"{kind}_{outcome}"]


def test_s8_11_arrival_is_due_24_hours_after_the_call():
    deadline = arrival_deadline(NOON, 24)
    assert deadline == NOON + timedelta(hours=24)
    breached = judge_arrival(ClockFacts(deadline, deadline + SECOND, started_at=NOON))
    assert breached.outcome == "breached"
    assert dict(breached.steps[0].params)["allowed"] == "24:00:00"
    assert dict(breached.steps[1].params)["late"] == "0:00:01"
    for hours in (0, -1):
        with pytest.raises(ValueError, match="hours"):
            arrival_deadline(NOON, hours)


def test_n5_promised_day_lasts_to_its_last_second():
    assert promise_deadline(DAY, CHINA) == china(2026, 8, 20, 23, 59, 59)
    assert promise_deadline(NOON, CHINA) == NOON


@given(moments, st.none() | moments, moments, st.integers(0, 10**6))
def test_a_breach_never_heals_and_only_open_may_change(deadline, done, now, later):
    after = now + timedelta(seconds=later)
    before, then = clock_outcome(deadline, done, now), clock_outcome(deadline, done, after)
    assert before == then or (before, then) == ("open", "breached")


# -- S8.11 absence -----------------------------------------------------------------------------


def absence(notice=None, reason="flat tyre", own=True, arrived=None, now=1, told=None):
    return judge_absence(
        AbsenceFacts(
            deadline=NOON,
            now=NOON + now * SECOND,
            own_employee=own,
            arrived_at=None if arrived is None else NOON + arrived * SECOND,
            notice_at=None if notice is None else NOON + notice * SECOND,
            notice_reason=reason,
            told_at=None if told is None else NOON + told * SECOND,
        )
    )


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "marked"),
        ({"now": 0}, "none"),
        ({"arrived": 0, "told": 0}, "none"),
        ({"arrived": 0, "told": 1}, "claimed"),
        ({"arrived": 1, "told": 2}, "marked"),
        ({"arrived": 0, "told": 1, "notice": -1}, "none"),
        ({"arrived": 0, "told": 1, "notice": -1, "reason": " "}, "claimed"),
        ({"arrived": 0, "told": 1, "notice": 0}, "claimed"),
        ({"arrived": 0, "told": 1, "own": False}, "not_applicable"),
        ({"arrived": 0}, "none"),
        ({"arrived": 1}, "marked"),
        ({"notice": -1}, "spared"),
        ({"notice": -1, "arrived": 7200}, "spared"),
        ({"notice": 0}, "marked"),
        ({"notice": 1}, "marked"),
        ({"notice": -1, "reason": "  "}, "marked"),
        ({"own": False}, "not_applicable"),
        ({"own": False, "notice": -1}, "not_applicable"),
    ],
)
def test_s8_11_absence_is_spared_by_notice_with_a_reason_beforehand(changes, outcome):
    decision = absence(**changes)
    assert (decision.kind, decision.outcome) == ("absence", outcome)
    assert decision.clauses == ("S8.11",)


def test_s8_11_notice_spares_the_mark_not_the_breach():
    assert absence(notice=-60).outcome == "spared"
    assert judge_arrival(ClockFacts(NOON, NOON + SECOND)).outcome == "breached"


@given(st.integers(-100, 100), st.integers(-100, 100), st.integers(1, 100))
def test_s8_11_earlier_notice_is_never_worse(notice, now, earlier):
    worse = ("none", "spared", "marked").index
    assert worse(absence(notice=notice - earlier, now=now).outcome) <= worse(
        absence(notice=notice, now=now).outcome
    )


# -- S8.5 help ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "now", "asked", "outcome"),
    [
        (None, 1, None, "marked"),
        (None, 1, 0, "requested"),
        (None, 1, -1, "requested"),
        (None, 2, 1, "marked"),
        (None, 0, None, "not_needed"),
        (0, 5, None, "not_needed"),
        (1, 5, None, "marked"),
        (1, 5, -5, "requested"),
    ],
)
def test_s8_5_help_is_asked_for_before_the_promise_is_missed(done, now, asked, outcome):
    facts = ClockFacts(
        deadline=NOON,
        now=NOON + now * SECOND,
        done_at=None if done is None else NOON + done * SECOND,
    )
    decision = judge_help(facts, None if asked is None else NOON + asked * SECOND)
    assert (decision.kind, decision.outcome, decision.clauses) == ("help", outcome, ("S8.5",))


# -- waiting -----------------------------------------------------------------------------------


def test_wait_must_have_a_known_reason_and_end_after_it_starts():
    with pytest.raises(ValueError, match="reason"):
        Wait(NOON, None, "weather")
    with pytest.raises(ValueError, match="before it starts"):
        Wait(NOON, NOON - SECOND, CUSTOMER)


def test_waits_of_one_reason_are_joined():
    hour = timedelta(hours=1)
    merged = merge_waits(
        [
            Wait(NOON, NOON + hour, CUSTOMER),
            Wait(NOON + hour, NOON + 2 * hour, CUSTOMER),
            Wait(NOON + hour, None, REPAIRER),
            Wait(NOON + 3 * hour, NOON + 4 * hour, CUSTOMER),
        ]
    )
    assert merged == (
        Wait(NOON, NOON + 2 * hour, CUSTOMER),
        Wait(NOON + hour, None, REPAIRER),
        Wait(NOON + 3 * hour, NOON + 4 * hour, CUSTOMER),
    )


@given(many_waits)
def test_merging_waits_twice_changes_nothing(intervals):
    merged = merge_waits(intervals)
    assert merge_waits(merged) == merged
    assert merge_waits(reversed(intervals)) == merged


@given(many_waits, moments)
def test_merging_waits_changes_no_cause(intervals, at):
    running = {w.reason for w in intervals if w.start <= at and (w.end is None or at < w.end)}
    merged = merge_waits(intervals)
    assert running == {w.reason for w in merged if w.start <= at and (w.end is None or at < w.end)}
    assert cause_in_force(intervals, at) in (running or {None})


def test_g2_1_the_cause_is_the_wait_in_force():
    day = timedelta(days=1)
    intervals = [
        Wait(NOON, NOON + 10 * day, PRODUCER_PARTS),
        Wait(NOON + 5 * day, NOON + 7 * day, CUSTOMER),
    ]
    assert cause_in_force(intervals, NOON - SECOND) is None
    assert cause_in_force(intervals, NOON) == PRODUCER_PARTS
    assert cause_in_force(intervals, NOON + 6 * day) == CUSTOMER
    assert cause_in_force(intervals, NOON + 7 * day) == PRODUCER_PARTS
    assert cause_in_force(intervals, NOON + 10 * day) is None


def test_g2_days_are_calendar_days_less_the_customers():
    handed_in = DAY
    assert repair_days(handed_in, DAY, (), CHINA) == 0
    assert repair_days(handed_in, DAY + timedelta(days=91), (), CHINA) == 91
    ten_to_twelve = Wait(china(2026, 8, 25, 10), china(2026, 8, 27, 10), CUSTOMER)
    assert repair_days(handed_in, date(2026, 8, 30), [ten_to_twelve], CHINA) == 8
    others = [Wait(china(2026, 8, 25), None, reason) for reason in (REPAIRER, OTHER)]
    assert repair_days(handed_in, date(2026, 8, 30), others, CHINA) == 10


def test_g2_a_day_is_the_customers_when_it_began_in_his_wait():
    from_midnight = Wait(china(2026, 8, 25), china(2026, 8, 27), CUSTOMER)
    assert customer_days([from_midnight], DAY, date(2026, 8, 30), CHINA) == 2
    inside_a_day = Wait(china(2026, 8, 25, 0, 0, 1), china(2026, 8, 25, 23, 59, 59), CUSTOMER)
    assert customer_days([inside_a_day], DAY, date(2026, 8, 30), CHINA) == 0
    before_handing_in = Wait(china(2026, 8, 1), china(2026, 8, 20, 18), CUSTOMER)
    assert customer_days([before_handing_in], DAY, date(2026, 8, 30), CHINA) == 0


@given(many_waits, moments, st.integers(-5, 200))
def test_g2_days_are_never_negative_and_never_above_the_calendar(intervals, start, length):
    handed_in = start.date()
    days = repair_days(handed_in, handed_in + timedelta(days=length), intervals, CHINA)
    assert 0 <= days <= max(length, 0)


@given(many_waits, waits(st.just(CUSTOMER)), moments, st.integers(0, 200))
def test_g2_more_customer_waiting_never_gives_more_days(intervals, extra, start, length):
    handed_in = start.date()
    on = handed_in + timedelta(days=length)
    assert repair_days(handed_in, on, [*intervals, extra], CHINA) <= repair_days(
        handed_in, on, intervals, CHINA
    )


@given(many_waits, moments, st.integers(0, 200))
def test_g2_each_day_adds_none_or_one(intervals, start, length):
    handed_in = start.date()
    on = handed_in + timedelta(days=length)
    step = repair_days(handed_in, on + timedelta(days=1), intervals, CHINA) - repair_days(
        handed_in, on, intervals, CHINA
    )
    assert step in (0, 1)


def test_step_keys_are_listed_once():
    assert len(clock.STEP_KEYS) == len(set(clock.STEP_KEYS))
