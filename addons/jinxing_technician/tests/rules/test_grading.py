"""Star grades and qualifications (T0-T5, S7): each rule at its edges, and properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_technician.rules import grading
from odoo.addons.jinxing_technician.rules.grading import (
    Award,
    ExaminationFacts,
    Qualifications,
    decide_examination,
    expiry,
    grade_clause,
    last_days,
    may_dispatch,
    may_judge,
    qualified,
)

DAY = timedelta(days=1)
FIRST = date(2024, 3, 15)


def award(key=1, grade=3, awarded=FIRST, months=24, withdrawn=None):
    return Award(key, grade, awarded, expiry(awarded, months), withdrawn)


def grade_on(on, *awards):
    return qualified(Qualifications(awards=awards), on).grade


@pytest.mark.parametrize(
    ("awarded", "months", "last"),
    [
        (FIRST, 24, date(2026, 3, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
    ],
)
def test_t0_last_day_of_an_award(awarded, months, last):
    assert expiry(awarded, months) == last


def test_t0_an_award_needs_a_validity():
    with pytest.raises(ValueError):
        expiry(FIRST, 0)


def test_t0_day_of_expiry_still_counts():
    one = award()
    assert grade_on(FIRST - DAY, one) == 0
    assert grade_on(FIRST, one) == 3
    assert grade_on(one.expires, one) == 3
    assert grade_on(one.expires + DAY, one) == 0


def test_t0_newest_award_decides_up_and_down():
    low, high, lower = (
        award(1, 2),
        award(2, 4, date(2025, 1, 1)),
        award(3, 3, date(2025, 6, 1)),
    )
    assert grade_on(date(2024, 12, 31), low, high, lower) == 2
    assert grade_on(date(2025, 1, 1), low, high, lower) == 4
    assert grade_on(date(2025, 5, 31), low, high, lower) == 4
    assert grade_on(date(2025, 6, 1), low, high, lower) == 3


def test_t0_two_awards_of_one_day_the_later_made_decides():
    assert grade_on(FIRST, award(1, 5), award(2, 2)) == 2


def test_t0_revoked_grade_does_not_bring_the_earlier_one_back():
    first, second = award(1, 2), award(2, 4, date(2025, 1, 1), withdrawn=date(2025, 3, 1))
    assert grade_on(date(2025, 2, 28), first, second) == 4
    assert grade_on(date(2025, 3, 1), first, second) == 0


def test_t0_award_withdrawn_from_its_first_day_never_was():
    first = award(1, 2)
    error = award(2, 4, date(2025, 1, 1), withdrawn=date(2025, 1, 1))
    assert grade_on(date(2025, 1, 1), first, error) == 2
    assert last_days([first, error])[1] == first.expires


AWARDS = st.lists(
    st.tuples(
        st.sampled_from(grading.GRADES),
        st.dates(date(2020, 1, 1), date(2026, 1, 1)),
        st.integers(1, 36),
        st.one_of(st.none(), st.integers(0, 900)),
    ),
    max_size=6,
).map(
    lambda rows: tuple(
        Award(
            key,
            grade,
            first,
            expiry(first, months),
            None if after is None else first + timedelta(days=after),
        )
        for key, (grade, first, months, after) in enumerate(rows)
    )
)


@given(AWARDS, st.dates(date(2019, 12, 1), date(2029, 1, 1)))
def test_t0_never_two_grades_on_one_day(awards, on):
    ends = last_days(awards)
    holding = [item for item in awards if item.awarded <= on <= ends[item.key]]
    assert len(holding) <= 1
    standing = qualified(Qualifications(awards=awards), on)
    assert standing.grade == (holding[0].grade if holding else 0)


@given(AWARDS)
def test_t0_no_award_outlives_its_expiry_or_withdrawal(awards):
    for item in awards:
        end = last_days(awards)[item.key]
        assert end <= item.expires
        assert item.withdrawn_from is None or end < item.withdrawn_from


@given(AWARDS, st.randoms())
def test_t0_order_of_the_records_does_not_matter(awards, random):
    shuffled = list(awards)
    random.shuffle(shuffled)
    assert last_days(shuffled) == last_days(awards)


def test_s7_training_certificate_or_neither():
    period = ((FIRST, None),)
    limited = ((FIRST, FIRST + DAY),)
    assert not qualified(Qualifications(), FIRST).may_work
    assert not qualified(Qualifications(trainings=period), FIRST - DAY).may_work
    assert qualified(Qualifications(trainings=period), FIRST).trained
    assert qualified(Qualifications(certificates=limited), FIRST + DAY).certified
    assert not qualified(Qualifications(certificates=limited), FIRST + 2 * DAY).may_work


@pytest.mark.parametrize("required", grading.GRADES)
@pytest.mark.parametrize("held", (0, *grading.GRADES))
def test_t1_t5_a_grade_covers_itself_and_those_below(required, held):
    decision = may_dispatch(required, held, True, category="GEARBOX")
    assert decision.outcome == (grading.ALLOWED if held >= required else grading.REFUSED)
    assert f"T{required}" in decision.clauses
    assert "S7" in decision.clauses


@pytest.mark.parametrize(
    ("grade", "training", "certificate", "outcome"),
    [
        (0, False, False, grading.REFUSED),
        (0, True, False, grading.ALLOWED),
        (0, False, True, grading.ALLOWED),
        (1, False, False, grading.ALLOWED),
    ],
)
def test_s7_where_no_grade_is_demanded(grade, training, certificate, outcome):
    decision = may_dispatch(0, grade, training, certificate)
    assert decision.outcome == outcome
    assert decision.clauses == ("S7",)


def test_s7_training_does_not_stand_in_for_a_demanded_grade():
    decision = may_dispatch(4, 0, True, True)
    assert decision.outcome == grading.REFUSED
    assert decision.clauses[0] == "T4"


def test_s7_leads_when_there_is_nothing_at_all():
    assert may_dispatch(4, 0, False).clauses[0] == "S7"


@given(st.integers(0, 5), st.integers(0, 5), st.booleans(), st.booleans())
def test_s7_more_qualification_never_hurts(required, grade, training, certificate):
    def allowed(*args):
        return may_dispatch(required, *args).outcome == grading.ALLOWED

    if allowed(grade, training, certificate):
        assert allowed(min(grade + 1, 5), training, certificate)
        assert allowed(grade, True, certificate)
        assert allowed(grade, training, True)
    if not (grade or training or certificate):
        assert not allowed(grade, training, certificate)


@pytest.mark.parametrize(("required", "grade"), [(6, 1), (1, 6), (-1, 0)])
def test_t1_t5_unknown_grade_is_an_error(required, grade):
    with pytest.raises(ValueError):
        may_dispatch(required, grade, True)


def test_decisions_are_plain_json():
    decision = may_dispatch(2, 3, True, on=FIRST, until=FIRST, category="HEADER").to_json()
    assert decision["facts"]["on"] == "2024-03-15"
    assert ["grade_held_until", {"grade": 3, "end_date": "2024-03-15"}] in decision["steps"]


@pytest.mark.parametrize(
    ("kind", "facts", "examines", "trains"),
    [
        ("five_star", {"grade": 5}, True, True),
        ("five_star", {"grade": 4}, False, False),
        ("five_star", {"grade": 0, "is_manager": True}, False, False),
        ("manager", {"is_manager": True}, True, False),
        ("manager", {"is_manager": False, "grade": 5}, False, False),
        ("external", {"is_external": True}, True, True),
        ("external", {"is_external": False}, False, False),
    ],
)
def test_t5_who_examines_and_who_trains(kind, facts, examines, trains):
    for training, right in ((False, examines), (True, trains)):
        decision = may_judge(kind, training=training, **facts)
        assert decision.outcome == (grading.ACCEPTED if right else grading.REJECTED)
        assert "T5" in decision.clauses
        own = may_judge(kind, training=training, is_candidate=True, **facts)
        assert own.outcome == grading.REJECTED


def test_t5_unknown_kind_is_an_error():
    with pytest.raises(ValueError):
        may_judge("friend")


def exam(written=60, practical=(70, 70), **marks):
    marks = {"pass_written": 60, "pass_practical": 70, "pass_each": 50} | marks
    return ExaminationFacts(
        grade=4,
        written=written,
        practical={f"C{n}": score for n, score in enumerate(practical)},
        **marks,
    )


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (exam(), grading.PASSED),
        (exam(written=59.99), grading.FAILED),
        (exam(practical=(70, 69)), grading.FAILED),
        (exam(practical=(50, 90)), grading.PASSED),
        (exam(practical=(49, 95)), grading.FAILED),
    ],
)
def test_t0_pass_marks(facts, outcome):
    decision = decide_examination(facts)
    assert decision.outcome == outcome
    assert decision.clauses == ("T0", "T4")


@pytest.mark.parametrize(
    "facts", [exam(written=None), exam(practical=(70, None)), exam(practical=())]
)
def test_t0_incomplete_examination_is_not_judged(facts):
    assert not facts.is_complete
    with pytest.raises(ValueError):
        decide_examination(facts)


def test_t1_t5_clauses_of_grades():
    assert [grade_clause(grade) for grade in grading.GRADES] == ["T1", "T2", "T3", "T4", "T5"]
    with pytest.raises(ValueError):
        grade_clause(0)
