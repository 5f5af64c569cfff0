"""Rates, amounts and what keeps a settlement from being approved (G1.3, G1.4)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_repair.rules import settlement
from odoo.addons.jinxing_repair.rules.settlement import (
    HANDLING,
    LABOUR,
    PERCENT,
    TRAVEL,
    Rate,
    Work,
    decide_claim,
    decide_deduction,
    decide_work,
    line_amount,
    own_rework,
    pick_rate,
    travel_km,
    unit_amount,
    why_not_approved,
)
from odoo.addons.jinxing_repair.rules.settlement_texts import OUTCOMES, TEXTS

JANUARY, MAY, JUNE = date(2026, 1, 1), date(2026, 5, 1), date(2026, 6, 1)
STATION, OTHER_STATION = 7, 8
WORK = Work(LABOUR, 6, MAY, STATION, grade=3)
GENERAL = Rate(LABOUR, 40, JANUARY)
THREE_STAR = Rate(LABOUR, 50, JANUARY, grade=3)


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ([], None),
        ([GENERAL], 40),
        ([GENERAL, THREE_STAR], 50),
        ([THREE_STAR, replace(THREE_STAR, grade=4, amount=60)], 50),
        ([GENERAL, replace(GENERAL, valid_from=MAY, amount=45)], 45),
        ([GENERAL, replace(GENERAL, valid_from=JUNE, amount=99)], 40),
        ([replace(GENERAL, valid_from=JUNE)], None),
        ([THREE_STAR, replace(GENERAL, provider=STATION, amount=70)], 70),
        ([THREE_STAR, replace(GENERAL, provider=OTHER_STATION, amount=70)], 50),
        ([replace(GENERAL, kind=TRAVEL)], None),
    ],
)
def test_g1_3_the_rate_of_the_day_and_grade(rates, expected):
    rate = pick_rate(rates, WORK)
    assert (rate and rate.amount) == expected


def test_g1_3_hours_times_the_rate_of_the_grade():
    decision = decide_work(WORK, THREE_STAR)
    assert (decision.outcome, decision.clauses) == ("payable", ("G1.3",))
    assert [step.key for step in decision.steps] == [
        "settlement_hours", "settlement_rate_of_grade", "settlement_rate",
    ]
    assert dict(decision.steps[-1].params)["amount"] == 300


def test_g1_3_no_rate_is_said_not_guessed():
    decision = decide_work(WORK, None)
    assert decision.outcome == "no_rate"
    assert decision.steps[-1].key == "settlement_no_rate_of_grade"
    assert unit_amount(WORK, None) == 0


def test_g1_3_handling_in_percent_of_the_price():
    work = Work(HANDLING, 2, MAY, STATION, unit_price=2380.55)
    rate = Rate(HANDLING, 5, JANUARY, basis=PERCENT)
    assert unit_amount(work, rate) == 119.03
    assert line_amount(2, 119.03) == 238.06
    assert decide_work(work, rate).steps[-1].key == "settlement_rate_percent"


@pytest.mark.parametrize(
    ("visits", "fee", "charged", "expected"),
    [
        ([30, 12.5], [60], False, (42.5, "visits")),
        ([0, 0], [60], False, (60, "fee")),
        ([], [], False, (0, "fee")),
        ([30], [60], True, (0, "charged")),
    ],
)
def test_g1_3_kilometres_are_paid_once(visits, fee, charged, expected):
    assert travel_km(visits, fee, charged) == expected


def test_g1_3_the_source_of_the_kilometres_is_told():
    for source, key in (("visits", "settlement_km_visits"), ("fee", "settlement_km_fee")):
        decision = decide_work(Work(TRAVEL, 60, MAY, STATION, source=source), None)
        assert decision.steps[0].key == key


def test_g1_4_deductions_and_claims_say_what_they_stand_on():
    assert decide_deduction("liability", 200, "ZR1").clauses == ("G1.4",)
    assert decide_deduction("unaccounted", 680, "2 x battery").clauses == ("G1.3",)
    assert decide_claim("exchange", 68000, "JY1").clauses == ("G2.1",)
    for wrong in (
        lambda: decide_deduction("labour", 1, ""),
        lambda: decide_deduction("liability", -1, ""),
        lambda: decide_claim("exchange", 0, ""),
        lambda: decide_claim("labour", 1, ""),
        lambda: decide_work(Work("exchange", 1, MAY, STATION), None),
        lambda: decide_work(replace(WORK, quantity=-1), None),
    ):
        with pytest.raises(ValueError):
            wrong()


@pytest.mark.parametrize(
    ("cause", "liable", "expected"),
    [
        ("repairer", STATION, True),
        ("repairer", OTHER_STATION, False),
        ("part", STATION, False),
        (None, None, False),
    ],
)
def test_g1_4_own_rework_is_not_paid(cause, liable, expected):
    assert own_rework(cause, liable, STATION) is expected


NOON = datetime(2026, 8, 3, 4)


@pytest.mark.parametrize(
    ("states", "confirmed", "until", "keys"),
    [
        (["approved", "refused"], True, None, []),
        ([], True, None, ["settlement_no_lines"]),
        (["to_review", "approved"], True, None, ["settlement_lines_open"]),
        (["disputed"], True, None, ["settlement_lines_disputed"]),
        (["approved"], False, NOON + timedelta(seconds=1), ["settlement_not_confirmed"]),
        (["approved"], False, NOON, []),
        (["approved"], False, None, ["settlement_not_confirmed"]),
    ],
)
def test_g1_3_what_keeps_a_settlement_from_approval(states, confirmed, until, keys):
    steps = why_not_approved(states, confirmed, until, NOON)
    assert [step.key for step in steps] == keys


_money = st.decimals(min_value=0, max_value=10**6, places=2).map(float)


@given(quantity=_money, unit=_money)
def test_g1_3_amounts_are_exact_to_the_cent(quantity, unit):
    exact = Decimal(str(quantity)) * Decimal(str(unit))
    assert abs(Decimal(str(line_amount(quantity, unit))) - exact) <= Decimal("0.005")


@given(
    rates=st.lists(
        st.builds(
            Rate,
            kind=st.just(LABOUR),
            amount=st.integers(0, 100),
            valid_from=st.dates(date(2025, 1, 1), date(2027, 1, 1)),
            grade=st.one_of(st.none(), st.integers(0, 5)),
            provider=st.one_of(st.none(), st.just(STATION), st.just(OTHER_STATION)),
        )
    )
)
def test_g1_3_no_rate_of_another_day_grade_or_provider(rates):
    rate = pick_rate(rates, WORK)
    if rate:
        assert rate.valid_from <= WORK.on
        assert rate.grade in (None, WORK.grade)
        assert rate.provider in (None, STATION)


def test_every_kind_has_its_clause():
    assert set(settlement.CLAUSES) == set(settlement.KINDS)


def test_every_step_has_its_words():
    assert set(TEXTS) == set(settlement.STEP_KEYS)
    assert {outcome for _kind, outcome in OUTCOMES} == set(settlement.LINE_OUTCOMES)
    decisions = (
        decide_work(WORK, THREE_STAR),
        decide_work(WORK, replace(GENERAL, provider=STATION)),
        decide_work(WORK, None),
        decide_work(Work(TRAVEL, 60, MAY, STATION), None),
        decide_work(
            Work(HANDLING, 1, MAY, STATION, unit_price=10), Rate(HANDLING, 5, MAY, basis=PERCENT)
        ),
        decide_claim("exchange", 1, "JY1"),
        decide_deduction("liability", 1, "ZR1"),
        decide_deduction("unaccounted", 1, "2"),
    )
    for decision in decisions:
        assert decision.outcome in settlement.LINE_OUTCOMES
        for step in decision.steps:
            assert TEXTS[step.key] % dict(step.params)
    for step in why_not_approved(["to_review", "disputed"], False, NOON + timedelta(1), NOON):
        assert TEXTS[step.key] % dict(step.params)
