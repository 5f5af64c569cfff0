"""Whom to send (G3.1, T1-T5, S7, S8.11): provider, answer, ranking, override."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_repair.rules import dispatch
from odoo.addons.jinxing_repair.rules.dispatch import (
    Candidate,
    Need,
    Place,
    Provider,
    ProviderFacts,
    acceptance_deadline,
    decide_override,
    default_provider,
    haversine,
    judge_acceptance,
    propose,
    rank_technicians,
)
from odoo.addons.jinxing_technician.rules.grading import may_dispatch

HQ = Provider(1, "金兴总部")
DEALER = Provider(2, "德阳农机经销")
STATION = Provider(3, "广汉服务站")
LOCAL = Provider(4, "南充服务站")
NOON = datetime(2026, 8, 20, 4, 0, 0)
SECOND = timedelta(seconds=1)
DEYANG = Place("Deyang", "Sichuan", 31.127, 104.398)
CHENGDU = Place("Chengdu", "Sichuan", 30.573, 104.066)
WUHAN = Place("Wuhan", "Hubei", 30.593, 114.305)


def keys(steps):
    return [step.key for step in steps]


def provider(**changes):
    facts = ProviderFacts(headquarters=HQ, seller=DEALER, appointed=STATION)
    return default_provider(replace(facts, **changes))


@pytest.mark.parametrize(
    ("changes", "outcome", "key"),
    [
        ({}, "appointed_station", STATION.key),
        ({"appointed": None}, "seller", DEALER.key),
        ({"seller": None, "appointed": None}, "headquarters", HQ.key),
        ({"refused": {STATION.key}}, "seller", DEALER.key),
        ({"refused": {STATION.key, DEALER.key}}, "headquarters", HQ.key),
        ({"appointed": replace(STATION, in_network=False)}, "seller", DEALER.key),
        (
            {"appointed": None, "seller": replace(DEALER, repairs=False)},
            "headquarters",
            HQ.key,
        ),
        ({"cross_region": True, "local": LOCAL}, "local_station", LOCAL.key),
        ({"cross_region": True, "local": None}, "appointed_station", STATION.key),
        ({"cross_region": False, "local": LOCAL}, "appointed_station", STATION.key),
        (
            {"cross_region": True, "local": replace(LOCAL, in_network=False)},
            "appointed_station",
            STATION.key,
        ),
    ],
)
def test_g3_1_who_sold_serves(changes, outcome, key):
    decision = provider(**changes)
    assert (decision.kind, decision.outcome) == ("provider", outcome)
    assert decision.facts["provider"] == key
    assert decision.clauses == ("G3.1",)


def test_g3_1_the_reason_for_not_going_to_the_seller_is_named():
    decision = provider(refused={STATION.key}, seller=replace(DEALER, repairs=False))
    assert keys(decision.steps) == [
        "provider_sold_by",
        "provider_refused",
        "provider_seller_cannot",
        "provider_headquarters",
    ]


@pytest.mark.parametrize(("now", "outcome"), [(-1, "open"), (0, "open"), (1, "expired")])
def test_g3_1_no_answer_in_time_falls_back(now, outcome):
    deadline = acceptance_deadline(NOON, 30)
    assert deadline == NOON + timedelta(minutes=30)
    decision = judge_acceptance(deadline, deadline + now * SECOND, assigned_at=NOON)
    assert (decision.kind, decision.outcome) == ("acceptance", outcome)


def test_g3_1_answers():
    deadline = acceptance_deadline(NOON, 30)
    late = judge_acceptance(deadline, deadline, accepted_at=deadline + SECOND)
    assert (late.outcome, keys(late.steps)) == ("accepted", ["acceptance_accepted_late"])
    assert keys(judge_acceptance(deadline, NOON, accepted_at=deadline).steps) == [
        "acceptance_accepted"
    ]
    declined = judge_acceptance(deadline, NOON, declined_at=NOON, reason=" no parts ")
    assert declined.outcome == "declined"
    assert dict(declined.steps[0].params)["reason"] == "no parts"
    with pytest.raises(ValueError, match="minutes"):
        acceptance_deadline(NOON, 0)


# -- distance ----------------------------------------------------------------------------------


def test_distance_as_the_crow_flies():
    there = haversine(DEYANG.latitude, DEYANG.longitude, CHENGDU.latitude, CHENGDU.longitude)
    assert 60 < there < 75
    assert haversine(0, 0, 0, 180) == pytest.approx(20015.1, abs=0.1)


degrees = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(degrees, degrees)
def test_distance_is_symmetric_and_never_negative(here, there):
    distance = haversine(*here, *there)
    assert 0 <= distance <= 20016
    assert distance == pytest.approx(haversine(*there, *here))
    assert haversine(*here, *here) == 0


# -- ranking -----------------------------------------------------------------------------------


def graded(required, grade, trained=True):
    return may_dispatch(required, grade, trained, on=date(2026, 8, 20))


def candidate(key, **changes):
    base = Candidate(key, grading=graded(4, 4), grade=4, place=DEYANG, capacity=5, on_duty=True)
    return replace(base, **changes)


NEED = Need(place=DEYANG)


def ranked(*candidates, need=NEED):
    return [proposal.key for proposal in rank_technicians(candidates, need)]


@pytest.mark.parametrize(
    ("changes", "clause", "step"),
    [
        ({"grading": graded(4, 3), "grade": 3}, "T4", "dispatch_grade_too_low"),
        ({"grading": graded(4, 0), "grade": 0}, "T4", "dispatch_no_grade"),
        ({"grading": graded(0, 0, False), "grade": 0}, "S7", "dispatch_unqualified"),
        ({"grading": None}, "S7", "technician_not_graded"),
        ({"on_duty": False}, "S8.11", "technician_off_duty"),
        ({"load": 5}, "S8.11", "technician_full"),
        ({"load": 6}, "S8.11", "technician_full"),
    ],
)
def test_t4_s7_s8_11_each_refusal_names_its_clause(changes, clause, step):
    proposal = propose(candidate(7, **changes), NEED)
    assert not proposal.allowed
    assert clause in proposal.clauses
    assert keys(proposal.refusals) == [step]
    assert set(proposal.refusals) <= set(proposal.reasons)
    assert proposal.to_decision().outcome == "not_proposed"


def test_g3_1_technician_of_another_provider_is_refused():
    proposal = propose(candidate(7, provider=9), Need(DEYANG, provider=3))
    assert (proposal.allowed, proposal.clauses[0]) == (False, "G3.1")
    assert propose(candidate(7, provider=3), Need(DEYANG, provider=3)).allowed
    assert propose(candidate(7, provider=9), NEED).allowed


def test_all_refusals_are_named():
    proposal = propose(
        candidate(7, grading=graded(5, 4), on_duty=False, load=5, provider=9),
        Need(DEYANG, provider=3),
    )
    assert keys(proposal.refusals) == [
        "dispatch_grade_too_low",
        "technician_other_provider",
        "technician_off_duty",
        "technician_full",
    ]
    assert proposal.clauses == ("T5", "S7", "G3.1", "S8.11")


def test_last_free_place_of_the_day_is_enough():
    assert propose(candidate(7, load=4), NEED).allowed
    assert propose(candidate(7, load=40, capacity=None), NEED).allowed
    assert propose(candidate(7, on_duty=None), NEED).allowed


def test_nearer_place_comes_first():
    assert ranked(
        candidate(1, place=WUHAN), candidate(2, place=CHENGDU), candidate(3, place=DEYANG, load=4)
    ) == [3, 2, 1]


def test_city_of_the_same_name_in_another_region_is_elsewhere():
    need = Need(Place("Suining", "Sichuan"))
    steps = keys(propose(candidate(1, place=Place("Suining", "Jiangsu")), need).reasons)
    assert "technician_elsewhere" in steps
    steps = keys(propose(candidate(1, place=Place("Suining")), need).reasons)
    assert "technician_same_city" in steps


def test_half_a_position_is_none_and_half_a_place_is_elsewhere():
    half = candidate(1, place=Place("Deyang", "Sichuan", latitude=31.1))
    assert propose(half, NEED).distance_km is None
    assert propose(candidate(1), Need(Place(longitude=104.4))).distance_km is None
    for here, there in ((Place(), CHENGDU), (CHENGDU, Place()), (Place(), Place())):
        steps = keys(propose(candidate(1, place=here), Need(there)).reasons)
        assert "technician_elsewhere" in steps


def test_then_load_then_distance_then_the_lower_grade():
    assert ranked(candidate(1, load=2), candidate(2, load=1)) == [2, 1]
    assert ranked(candidate(1, distance_km=30), candidate(2, distance_km=3)) == [2, 1]
    unknown = candidate(1, place=Place("Deyang", "Sichuan"))
    assert ranked(unknown, candidate(2, distance_km=99)) == [2, 1]
    five = candidate(1, grading=graded(4, 5), grade=5)
    assert ranked(five, candidate(2)) == [2, 1]
    assert ranked(candidate(2), candidate(1)) == [1, 2]


def test_refused_come_last_with_their_reasons():
    proposals = rank_technicians([candidate(1, on_duty=False), candidate(2, place=WUHAN)], NEED)
    assert [(p.key, p.allowed) for p in proposals] == [(2, True), (1, False)]


def test_nobody_is_given_twice():
    with pytest.raises(ValueError, match="twice"):
        rank_technicians([candidate(1), candidate(1)], NEED)


places = st.sampled_from([Place(), DEYANG, CHENGDU, WUHAN, Place("Deyang"), Place("", "Sichuan")])
GRADINGS = [None, *(graded(need, have) for need in (0, 3, 5) for have in (0, 3, 5))]
crowds = st.lists(
    st.builds(
        Candidate,
        key=st.integers(1, 50),
        provider=st.sampled_from([None, 3, 9]),
        grading=st.sampled_from(GRADINGS),
        grade=st.integers(0, 5),
        place=places,
        load=st.integers(0, 6),
        capacity=st.none() | st.integers(0, 5),
        on_duty=st.sampled_from([None, True, False]),
        distance_km=st.none() | st.floats(0, 2000),
    ),
    max_size=8,
    unique_by=lambda one: one.key,
)
needs = st.builds(Need, place=places, provider=st.sampled_from([None, 3]))


@given(crowds, needs, st.randoms(use_true_random=False))
def test_ranking_is_total_and_does_not_depend_on_the_order_given(crowd, need, random):
    proposals = rank_technicians(crowd, need)
    assert {p.key for p in proposals} == {one.key for one in crowd}
    assert len({p.score for p in proposals}) == len(crowd)
    random.shuffle(crowd)
    assert rank_technicians(crowd, need) == proposals


@given(crowds, needs)
def test_every_refusal_has_a_reason_and_a_clause(crowd, need):
    seen_refused = False
    for proposal in rank_technicians(crowd, need):
        assert proposal.allowed is not bool(proposal.refusals)
        assert proposal.clauses
        assert not (seen_refused and proposal.allowed)
        seen_refused = seen_refused or not proposal.allowed
        assert proposal.reasons


# -- override ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "supervisor", "outcome", "step"),
    [
        ("harvest, nobody else", True, "granted", "override_granted"),
        ("   ", True, "not_granted", "override_no_reason"),
        ("harvest, nobody else", False, "not_granted", "override_not_supervisor"),
    ],
)
def test_t1_t5_g3_1_override_needs_a_supervisor_and_a_reason(reason, supervisor, outcome, step):
    decision = decide_override(reason, is_supervisor=supervisor, clauses=("T4", "S7", "T4"))
    assert (decision.kind, decision.outcome) == ("override", outcome)
    assert decision.clauses == ("T4", "S7")
    assert keys(decision.steps) == [step]


def test_step_keys_are_listed_once():
    assert len(dispatch.STEP_KEYS) == len(set(dispatch.STEP_KEYS))
