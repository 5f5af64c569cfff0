"""What is taken along to a machine (S8.3)."""

import json
import re

import pytest

from odoo.addons.jinxing_repair.rules import bring, texts
from odoo.addons.jinxing_repair.rules.bring import (
    FETCH,
    MISSING,
    READY,
    Item,
    PartFacts,
    Usage,
    choose_parts,
    decide_departure,
    judge_part,
)
from odoo.addons.jinxing_repair.rules.bring_texts import (
    BRING_KINDS,
    BRING_OUTCOMES,
    BRING_TEXTS,
    BRING_VALUES,
)

LIMITS = {"least": 2, "most": 3, "months": 24}


def keys(wants):
    return [want.key for want in wants]


def test_s8_3_what_was_fitted_often_comes_first_then_what_is_listed_and_there():
    usages = [
        Usage(1, "Seldom", fitted=1, orders=9),
        Usage(2, "Listed, nowhere", listed=True),
        Usage(3, "Often", fitted=5, orders=9),
        Usage(4, "Listed, in the van", listed=True, free=2),
        Usage(5, "More often", fitted=7, orders=9, listed=True),
    ]
    wants = choose_parts(usages, **LIMITS)
    assert keys(wants) == [5, 3, 4]
    assert [step.key for step in wants[0].because] == ["part_fitted", "part_listed"]
    assert dict(wants[0].because[0].params) == {"fitted": 7, "orders": 9, "months": 24}


def test_s8_3_what_the_order_asks_for_is_always_brought_in_its_quantity():
    usages = [Usage(key, str(key), planned=2) for key in range(5)]
    wants = choose_parts([*usages, Usage(9, "Often", fitted=9, orders=9)], **LIMITS)
    assert keys(wants) == [0, 1, 2, 3, 4, 9]
    assert {want.quantity for want in wants[:5]} == {2}
    assert wants[-1].quantity == 1


def test_s8_2_s8_3_what_was_assessed_is_always_brought():
    wants = choose_parts([Usage(1, assessed=2), Usage(2, planned=3, assessed=1)], **LIMITS)
    assert {want.key: want.quantity for want in wants} == {1: 2, 2: 3}
    assert [step.key for step in wants[0].because] == ["part_assessed"]


def test_s8_3_seldom_fitted_and_not_listed_is_not_proposed():
    assert choose_parts([Usage(1, fitted=1, orders=50)], **LIMITS) == ()
    assert choose_parts([Usage(1)], least=0, most=3, months=24) == ()
    assert choose_parts([Usage(1, listed=True)], least=2, most=0, months=24) == ()


@pytest.mark.parametrize("limit", ["least", "most", "months"])
def test_limits_below_zero_are_refused(limit):
    with pytest.raises(ValueError, match="negative"):
        choose_parts([], **{**LIMITS, limit: -1})


@pytest.mark.parametrize(
    ("facts", "standing", "said"),
    [
        (PartFacts(1, 1, "Van", in_van=True), READY, ["part_reserved"]),
        (PartFacts(1, 1, "Station"), FETCH, ["part_reserved"]),
        (PartFacts(2, 1, "Van", in_van=True), MISSING, ["part_reserved", "part_short"]),
        (PartFacts(1, places=("Van",)), MISSING, ["part_none"]),
        (
            PartFacts(1, places=("Van",), others=("PG-2",)),
            MISSING,
            ["part_none", "part_reserved_for"],
        ),
        (PartFacts(1, places=("Van",), left="not_needed"), MISSING, ["part_not_needed"]),
    ],
)
def test_s8_3_where_a_part_stands(facts, standing, said):
    verdict = judge_part(facts)
    assert verdict.standing == standing
    assert [step.key for step in verdict.steps] == said


@pytest.mark.parametrize("facts", [PartFacts(0), PartFacts(-1), PartFacts(1, reserved=-1)])
def test_a_part_without_sense_is_refused(facts):
    with pytest.raises(ValueError, match="no part"):
        judge_part(facts)


def test_s8_3_nobody_sets_out_with_an_open_list():
    clothes = decide_departure(["Work clothes and badge"], [], [])
    assert (clothes.outcome, clothes.clauses) == (bring.REFUSED, ("S8.3",))
    tool = decide_departure([], ["Work clothes and badge"], [Item("Puller")])
    assert tool.outcome == bring.REFUSED
    assert "departure_ready" not in [step.key for step in tool.steps]


def test_s8_3_taken_along_or_left_with_a_reason_he_sets_out():
    items = [
        Item("Puller", taken=True),
        Item("Multimeter", MISSING, left="on_site"),
        Item("Battery", FETCH, left="not_needed"),
    ]
    decision = decide_departure([], ["Work clothes and badge"], items)
    assert decision.outcome == bring.SET_OUT
    said = {step.key: dict(step.params) for step in decision.steps if step.key != "departure_left"}
    assert said["departure_taken"]["lines"] == ("Puller",)
    left = [dict(s.params) for s in decision.steps if s.key == "departure_left"]
    assert left == [
        {"lines": ("Battery",), "left": "not_needed"},
        {"lines": ("Multimeter",), "left": "on_site"},
    ]
    json.dumps(decision.to_json(), allow_nan=False)


def test_an_empty_list_is_ready_and_an_unknown_reason_is_refused():
    assert decide_departure([], [], []).outcome == bring.SET_OUT
    with pytest.raises(ValueError, match="unknown reason"):
        decide_departure([], [], [Item("Puller", left="forgotten")])


def test_every_step_has_its_sentence_and_every_answer_its_word():
    assert set(BRING_TEXTS) == set(bring.STEP_KEYS)
    assert not set(BRING_TEXTS) & set(texts.TEXTS)
    assert set(BRING_KINDS) == {"departure"}
    assert set(BRING_OUTCOMES) == {("departure", one) for one in bring.DEPARTURE_OUTCOMES}
    assert {code for name, code in BRING_VALUES if name == "left"} == set(bring.LEFT_REASONS)
    items = [Item("A", taken=True), Item("B", left="on_site"), Item("C")]
    steps = [
        *decide_departure(["X"], ["Y"], items).steps,
        *decide_departure([], [], []).steps,
        *judge_part(PartFacts(2, 1, "Van", others=("PG",))).steps,
        *judge_part(PartFacts(1, places=("Van",))).steps,
        *judge_part(PartFacts(1, left="not_needed")).steps,
        *choose_parts(
            [Usage(1, planned=1, assessed=2), Usage(2, fitted=2, orders=2), Usage(3, listed=True)],
            **LIMITS,
        )[0].because,
        *choose_parts([Usage(2, fitted=2, orders=2, listed=True)], **LIMITS)[0].because,
    ]
    assert {step.key for step in steps} == set(bring.STEP_KEYS)
    for step in steps:
        names = set(re.findall(r"%\((\w+)\)s", BRING_TEXTS[step.key]))
        assert names <= set(dict(step.params)), step
