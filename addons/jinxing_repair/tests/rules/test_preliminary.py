"""What is proposed before anybody has seen the machine (S8.2)."""

import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_base.rules.decision import Decision
from odoo.addons.jinxing_repair.rules import preliminary, preliminary_texts
from odoo.addons.jinxing_repair.rules.preliminary import (
    Case,
    Clue,
    Kind,
    PartUse,
    Past,
    PreliminaryFacts,
    find_likely,
    propose,
)

TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)
KINDS = (
    Kind("ADJUSTMENT", "phone", 0.5), Kind("GEARBOX", "visit", 6), Kind("OVERHAUL", "workshop"),
)
CLUES = (
    Clue(("gear", "变速箱"), "GEARBOX", "GEARBOX_HOUSING"),
    Clue(("oil leak", "漏油"), "GEARBOX"),
    Clue(("loose", "松动"), "ADJUSTMENT", severity="can_wait"),
    Clue(("stopped", "停机"), severity="still"),
)
HISTORY = (
    Case("GEARBOX", "GEARBOX_HOUSING", 6, 33.0, "Casting flaw"),
    Case("GEARBOX", "SHAFT", 3, 6.0, "Worn"),
    Case("ADJUSTMENT", "BELT", 2),
)
PARTS = (
    PartUse(11, "Housing", "GEARBOX", "GEARBOX_HOUSING", 5, 5.0),
    PartUse(12, "Seal", "GEARBOX", "GEARBOX_HOUSING", 4, 8.0),
    PartUse(13, "Bolt", "GEARBOX", "GEARBOX_HOUSING", 1, 1.0),
    PartUse(14, "Shaft", "GEARBOX", "SHAFT", 3, 3.0),
)
COVER = Decision("cover", "free", ("G4.2",))


def facts(text="Gear noise and oil leak", **values):
    return PreliminaryFacts(
        text, TODAY,
        **{"kinds": KINDS, "clues": CLUES, "history": HISTORY, "parts": PARTS,
           "least_cases": 2, "part_share": 50.0, **values},
    )


def proposal(text="Gear noise and oil leak", cover=COVER, **values):
    known = facts(text, **values)
    return propose(known, find_likely(known), cover)


def keys(found):
    return [step.key for step in found.decision.steps]


def test_s8_2_the_callers_words_name_kind_and_component():
    found = proposal("变速箱漏油")
    assert (found.category, found.component) == ("GEARBOX", "GEARBOX_HOUSING")
    assert found.decision.outcome == "found"
    assert found.decision.clauses == ("S8.2", "G4.2")
    step = found.decision.steps[0]
    assert (step.key, dict(step.params)["words"]) == ("likely_words", "变速箱, 漏油")


def test_s8_2_of_those_registered_the_words_choose():
    two = proposal("A bolt is loose", registered=("GEARBOX", "ADJUSTMENT"))
    assert two.category == "ADJUSTMENT"
    one = proposal("A bolt is loose", registered=("GEARBOX",))
    assert one.category == "GEARBOX", "what was registered is not overruled by a word"
    assert "likely_registered" in keys(one)
    assert proposal("?", registered=("OVERHAUL", "GEARBOX")).category == "OVERHAUL"


def test_s8_2_without_words_the_models_history_decides():
    found = proposal("It does not work")
    assert (found.category, found.component) == ("GEARBOX", "GEARBOX_HOUSING")
    assert "likely_usual" in keys(found)
    rare = proposal("It does not work", least_cases=20)
    assert (rare.category, rare.decision.outcome) == ("", "unknown")
    assert proposal("", history=(), parts=()).decision.outcome == "unknown"


def test_s8_2_g1_2_a_repair_still_guaranteed_comes_first():
    """G1.2: its last day counts, the next one does not."""
    past = Past("SHAFT", "GEARBOX", TODAY - 30 * DAY, TODAY, "PG1")
    within = proposal("oil leak", past=(past,))
    assert (within.component, within.cover) == ("SHAFT", "free")
    assert "G1.2" in within.decision.clauses
    over = replace(past, end_date=TODAY - DAY)
    assert proposal("oil leak", past=(over,)).component == "GEARBOX_HOUSING"
    known = proposal("gear", past=(replace(past, component="GEARBOX_HOUSING"),), cover=None)
    assert (known.cover, "likely_rework" in keys(known)) == ("free", True)


@pytest.mark.parametrize(
    ("text", "emergency", "season", "severity"),
    [
        ("gear", False, False, "limited"),
        ("gear", False, True, "limited"),
        ("gear", True, False, "still"),
        ("gear, it stopped", False, False, "still"),
        ("loose", False, False, "can_wait"),
        ("loose", False, True, "limited"),
        ("loose", True, True, "still"),
        ("loose, stopped", False, False, "still"),
    ],
)
def test_s8_2_severity(text, emergency, season, severity):
    found = proposal(text, emergency=emergency, in_season=season)
    assert found.severity == severity


def test_s8_2_advice_is_not_enough_when_it_stands_still_or_came_back():
    assert proposal("loose").way == "phone"
    assert proposal("loose, stopped").way == "visit"
    past = Past("BELT", "ADJUSTMENT", TODAY - 3 * DAY, TODAY + 27 * DAY, "PG1")
    assert proposal("loose", past=(past,)).way == "visit"
    assert proposal("?", registered=("OVERHAUL",)).way == "workshop"


def test_s8_2_parts_and_hours_follow_the_closed_cases():
    found = proposal()
    assert found.parts == ((11, 1.0), (12, 2.0))
    assert found.hours == 5.5
    assert proposal(part_share=0.0).parts == ((11, 1.0), (12, 2.0), (13, 1.0))
    few = proposal(least_cases=7, history=HISTORY[:1])
    assert (few.parts, few.hours) == ((), 6)


def test_s8_2_cover_is_the_cover_rules():
    assert proposal().cover == "free"
    paid = proposal(cover=Decision("cover", "chargeable", ("G4.3",)))
    assert (paid.cover, paid.decision.clauses) == ("chargeable", ("S8.2", "G4.3"))
    assert proposal(cover=None).cover == ""


@given(
    st.text(max_size=60), st.booleans(), st.booleans(),
    st.lists(st.sampled_from(["GEARBOX", "ADJUSTMENT"]), max_size=2, unique=True),
)
def test_s8_2_any_text_gives_a_proposal(text, emergency, season, registered):
    found = proposal(text, emergency=emergency, in_season=season, registered=tuple(registered))
    assert found.severity in preliminary.SEVERITIES
    assert found.way in preliminary.WAYS
    assert not registered or found.category in registered
    assert found.severity == "still" or not emergency
    assert not (season and found.severity == "can_wait")
    json.dumps(found.decision.to_json(), allow_nan=False)


def some_proposals():
    past = (Past("SHAFT", "GEARBOX", TODAY - DAY, TODAY, "PG1"),)
    belt = (Past("BELT", "ADJUSTMENT", TODAY - DAY, TODAY, "PG1"),)
    for text, registered, emergency, season, repairs, history in product(
        ("", "gear stopped", "loose", "loose stopped", "oil leak"),
        ((), ("GEARBOX",), ("ADJUSTMENT",)),
        (True, False), (True, False), ((), past, belt), (HISTORY, ()),
    ):
        for cover in (None, COVER, Decision("cover", "chargeable", ("G4.3",))):
            yield proposal(
                text, cover, registered=registered, emergency=emergency, in_season=season,
                past=repairs, history=history, parts=PARTS if history else (),
            )


def test_every_step_has_a_sentence_that_fits_and_is_reached():
    seen = {step for found in some_proposals() for step in found.decision.steps}
    assert {step.key for step in seen} == set(preliminary.STEP_KEYS)
    assert set(preliminary_texts.TEXTS) == set(preliminary.STEP_KEYS)
    coded = {name for name, _code in preliminary_texts.VALUES}
    for step in seen:
        values = dict(step.params)
        sentence = preliminary_texts.TEXTS[step.key]
        assert "None" not in sentence % values, step
        assert set(re.findall(r"%\((\w+)\)s", sentence)) <= set(values), step
        for name, value in values.items():
            assert isinstance(value, datetime) is name.endswith("_at"), step
            assert isinstance(value, date) is name.endswith(("date", "_on")), step
            assert name not in coded or (name, value) in preliminary_texts.VALUES, step


def test_every_answer_has_a_label():
    assert set(preliminary_texts.OUTCOMES) == {
        ("preliminary_proposal", outcome) for outcome in preliminary.OUTCOMES
    }
    assert {found.decision.outcome for found in some_proposals()} == set(preliminary.OUTCOMES)
    assert set(preliminary_texts.SEVERITIES) == set(preliminary.SEVERITIES)
    assert set(preliminary_texts.WAYS) == set(preliminary.WAYS)
