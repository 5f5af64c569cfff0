"""G3.2: repair comes first; an assembly is fitted whole by right or with a supervisor's word."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_repair.rules import assembly, assembly_texts
from odoo.addons.jinxing_repair.rules.assembly import (
    ASSEMBLY_OUTCOMES,
    FITTABLE,
    Approval,
    AssemblyFacts,
    AssemblyRight,
    combine,
    decide_assembly,
    open_quantity,
)

ONE = Decimal(1)
PUMP = AssemblyFacts("液压泵总成", True, ONE, components=("31",))
NEW_PUMP = AssemblyRight("QX1", "G3.4", "new_part", "31")
YES = Approval(ONE, "approved", "Housing cracked", "Chen", "Seen the photo.")
NO = Approval(ONE, "refused", "Leaks", "Chen", "Change the seals.")
ASKED = Approval(ONE, "waiting", "Housing cracked")


def outcome(**changes):
    return decide_assembly(replace(PUMP, **changes)).outcome


def test_g3_2_an_assembly_without_right_or_approval_is_to_be_asked_for():
    decision = decide_assembly(PUMP)
    assert (decision.outcome, decision.clauses) == ("to_ask", ("G3.2",))
    assert decision.outcome not in FITTABLE


def test_g3_2_a_part_that_is_no_assembly_asks_nobody():
    assert outcome(is_assembly=False) == "no_assembly"
    assert outcome(quantity=Decimal(0)) == "no_assembly"


@pytest.mark.parametrize("gives", ["exchange", "user_choice", "return"])
@pytest.mark.parametrize("clause", ["G2.1", "G2.2", "L-30wd", "L-rep2"])
def test_g3_2_who_may_have_the_machine_exchanged_may_have_an_assembly(clause, gives):
    decision = decide_assembly(
        replace(PUMP, quantity=Decimal(3), rights=(AssemblyRight("QX2", clause, gives),))
    )
    assert (decision.outcome, decision.clauses) == ("entitled", (clause, "G3.2"))


@pytest.mark.parametrize(
    ("component", "quantity", "expected"),
    [("31", 1, "entitled"), ("32", 1, "to_ask"), ("31", 2, "to_ask")],
)
def test_g3_2_a_right_to_a_new_part_gives_one_of_its_component(component, quantity, expected):
    right = replace(NEW_PUMP, component=component)
    assert outcome(rights=(right,), quantity=Decimal(quantity)) == expected


def test_g3_2_right_and_approval_add_up():
    facts = replace(PUMP, quantity=Decimal(2), rights=(NEW_PUMP,), approvals=(YES,))
    decision = decide_assembly(facts)
    assert (decision.outcome, decision.clauses) == ("approved", ("G3.4", "G3.2"))


def test_g3_2_an_assembly_within_its_guarantee_is_given_again():
    decision = decide_assembly(replace(PUMP, guaranteed=ONE))
    assert (decision.outcome, decision.clauses) == ("entitled", ("G1.2", "G3.2"))
    assert outcome(guaranteed=ONE, quantity=Decimal(2)) == "to_ask"


@pytest.mark.parametrize(
    ("approvals", "quantity", "expected"),
    [
        ((YES,), 1, "approved"),
        ((YES,), 2, "to_ask"),
        ((YES, YES), 2, "approved"),
        ((ASKED,), 1, "waiting"),
        ((NO,), 1, "refused"),
        ((NO, YES), 1, "approved"),
        ((NO, ASKED), 1, "waiting"),
        ((YES, ASKED), 2, "waiting"),
        ((YES, NO), 2, "refused"),
        ((YES, NO), 1, "approved"),
    ],
)
def test_g3_2_what_the_supervisor_said(approvals, quantity, expected):
    assert outcome(approvals=approvals, quantity=Decimal(quantity)) == expected


def test_g3_2_the_decision_names_who_approved_why():
    words = dict(decide_assembly(replace(PUMP, approvals=(YES,))).steps[-1].params)
    assert (words["approver"], words["reason"], words["note"]) == (
        "Chen", "Housing cracked", "Seen the photo."
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 1),
        ({"quantity": Decimal(3)}, 3),
        ({"quantity": Decimal(3), "approvals": (YES,)}, 2),
        ({"approvals": (ASKED,)}, 0),
        ({"approvals": (NO,)}, 1),
        ({"rights": (NEW_PUMP,)}, 0),
        ({"guaranteed": ONE}, 0),
        ({"rights": (AssemblyRight("QX", "G2.1", "exchange"),), "quantity": Decimal(9)}, 0),
        ({"is_assembly": False}, 0),
    ],
)
def test_g3_2_how_many_are_to_be_asked_for(changes, expected):
    assert open_quantity(replace(PUMP, **changes)) == expected


def test_g3_2_the_worst_answer_is_the_orders():
    yes, no = decide_assembly(replace(PUMP, approvals=(YES,))), decide_assembly(PUMP)
    both = combine([yes, no])
    assert both.outcome == "to_ask"
    assert len(both.steps) == len(yes.steps) + len(no.steps)
    with pytest.raises(ValueError, match="no assembly"):
        combine([])


approvals = st.lists(
    st.builds(
        Approval,
        quantity=st.integers(1, 4).map(Decimal),
        answer=st.sampled_from(["approved", "refused", "waiting"]),
    ),
    max_size=4,
).map(tuple)
rights = st.lists(
    st.builds(
        AssemblyRight,
        name=st.just("QX"),
        clause=st.sampled_from(["G2.1", "G3.4", "L-rep2"]),
        outcome=st.sampled_from(["exchange", "new_part", "return", "user_choice"]),
        component=st.sampled_from(["31", "32", ""]),
    ),
    max_size=2,
).map(tuple)


@given(approvals, rights, st.integers(0, 6).map(Decimal), st.integers(0, 2).map(Decimal))
def test_g3_2_nothing_is_fitted_without_somebody_answering_for_it(said, given_, quantity, before):
    facts = replace(PUMP, quantity=quantity, approvals=said, rights=given_, guaranteed=before)
    decision = decide_assembly(facts)
    assert decision.outcome in ASSEMBLY_OUTCOMES
    approved = sum((a.quantity for a in said if a.answer == "approved"), Decimal(0))
    by_right = sum(1 for r in given_ if r.outcome == "new_part" and r.component == "31")
    machine = any(r.outcome != "new_part" for r in given_)
    enough = machine or approved + by_right + before >= quantity
    assert (decision.outcome in FITTABLE) is enough
    for step in decision.steps:
        named = set(re.findall(r"%\((\w+)\)s", assembly_texts.TEXTS[step.key]))
        assert named <= set(dict(step.params)), step.key


def test_every_step_and_answer_has_its_words():
    assert set(assembly_texts.TEXTS) == set(assembly.STEP_KEYS)
    assert set(assembly_texts.ANSWERS) == set(ASSEMBLY_OUTCOMES)
