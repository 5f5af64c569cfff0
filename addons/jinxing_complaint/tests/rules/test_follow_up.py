from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_complaint.rules import follow_up
from odoo.addons.jinxing_complaint.rules.follow_up import Answers, Case

DAY = date(2026, 7, 1)


def case(number="PG2026070001", **values):
    return Case(number, DAY, **values)


@pytest.mark.parametrize("reason", ["chargeable", "complaint", "rework"])
def test_m27_all_of_these_are_called(reason):
    decision = follow_up.plan(case(**{reason: True}), share=0, delay=3)
    assert decision.outcome == "planned"
    assert decision.until == DAY + timedelta(days=3)
    assert decision.clauses == ("M27",)
    assert decision.steps[0].key == f"follow_up_{reason}"


@given(st.text(min_size=1), st.floats(0, 100), st.floats(0, 100))
def test_m27_the_sample_is_fixed_and_grows_with_its_share(number, one, two):
    low, high = sorted((one, two))
    assert follow_up.draw(number) == follow_up.draw(number)
    assert 0 <= follow_up.draw(number) < 100
    drawn = [
        follow_up.plan(case(number), share, 3).outcome == "planned" for share in (low, high)
    ]
    assert drawn[0] <= drawn[1]


def test_m27_the_share_is_kept():
    """Of 20,000 orders about a fifth, whatever the month."""
    drawn = sum(follow_up.draw(f"PG202607{number:05d}") < 20 for number in range(20_000))
    assert 3_800 < drawn < 4_200


def test_m27_none_and_all():
    assert follow_up.plan(case(), 0, 3).outcome == "not_sampled"
    assert follow_up.plan(case(), 0, 3).until is None
    assert follow_up.plan(case(), 100, 3).outcome == "planned"


@pytest.mark.parametrize(
    ("satisfaction", "outcome"),
    [(1, "dissatisfied"), (2, "dissatisfied"), (3, "satisfied"), (5, "satisfied")],
)
def test_m27_dissatisfied(satisfaction, outcome):
    assert follow_up.judge(Answers(satisfaction), 2).outcome == outcome


@pytest.mark.parametrize("satisfaction", [None, 1, 5])
def test_n10_a_yes_outweighs_everything(satisfaction):
    decision = follow_up.judge(Answers(satisfaction, asked_for_money=True), 2)
    assert decision.outcome == "conduct"
    assert decision.clauses[0] == "N10"


@pytest.mark.parametrize("satisfaction", [None, 1, 5])
def test_s8_7_belongings_taken_or_damaged_are_conduct(satisfaction):
    decision = follow_up.judge(Answers(satisfaction, belongings_harmed=True), 2)
    assert (decision.outcome, decision.clauses) == ("conduct", ("S8.7", "M27"))
    both = follow_up.judge(Answers(satisfaction, True, belongings_harmed=True), 2)
    assert (both.outcome, both.clauses) == ("conduct", ("N10", "S8.7", "M27"))


@pytest.mark.parametrize("satisfaction", [None, 1, 5])
def test_s8_8_a_site_not_cleared_is_a_dissatisfaction(satisfaction):
    """Whatever mark he gives beside it; with broken conduct it stays conduct."""
    decision = follow_up.judge(Answers(satisfaction, site_not_cleared=True), 2)
    assert (decision.outcome, decision.clauses) == ("dissatisfied", ("S8.8", "M27"))
    worse = follow_up.judge(
        Answers(satisfaction, belongings_harmed=True, site_not_cleared=True), 2
    )
    assert (worse.outcome, worse.clauses) == ("conduct", ("S8.7", "S8.8", "M27"))


@pytest.mark.parametrize("satisfaction", [0, 6, -1])
def test_satisfaction_out_of_range(satisfaction):
    with pytest.raises(ValueError, match="1 to 5"):
        follow_up.judge(Answers(satisfaction), 2)


def test_nothing_answered():
    with pytest.raises(ValueError, match="nothing"):
        follow_up.judge(Answers(None), 2)


def test_m27_called_again():
    assert follow_up.recall_on(1, DAY, 3, 2) == DAY + timedelta(days=2)
    assert follow_up.recall_on(2, DAY, 3, 2) == DAY + timedelta(days=2)
    assert follow_up.recall_on(3, DAY, 3, 2) is None


def test_every_step_key_is_used():
    seen = set()
    for values in ({"chargeable": True}, {"complaint": True}, {"rework": True}, {}):
        for share in (0, 100):
            seen |= {s.key for s in follow_up.plan(case(**values), share, 3).steps}
    for answers in (Answers(1), Answers(5), Answers(5, True), Answers(5, True, True, True)):
        seen |= {s.key for s in follow_up.judge(answers, 2).steps}
    assert seen == set(follow_up.STEP_KEYS)
