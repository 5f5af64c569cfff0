"""Which tools a kind of fault needs, and where they are (S8.3, B24)."""

import re
from datetime import date, timedelta

import pytest

from odoo.addons.jinxing_parts.rules import texts, tool_needs
from odoo.addons.jinxing_parts.rules.tool_needs import NeedFacts, Piece, find_tool
from odoo.addons.jinxing_parts.rules.tool_needs_texts import NEED_TEXTS
from odoo.addons.jinxing_repair.rules.bring import FETCH, MISSING, READY

TODAY = date(2026, 11, 25)
DAY = timedelta(days=1)
PLAIN = Piece(1, "Puller LM-1")
VALID = Piece(2, "Multimeter A", TODAY)
EXPIRED = Piece(3, "Multimeter B", TODAY - DAY)
UNKNOWN = Piece(4, "Multimeter C")


def stored(piece, store="Station"):
    return Piece(piece.key, piece.name, piece.valid_until, store)


def facts(**values):
    return NeedFacts("Wang", TODAY, **values)


def said(found):
    return [step.key for step in found.verdict.steps]


@pytest.mark.parametrize(
    ("asked", "standing", "piece", "steps"),
    [
        (facts(held=(PLAIN,)), READY, PLAIN, ["need_held"]),
        (facts(held=(UNKNOWN,)), READY, UNKNOWN, ["need_held"]),
        (facts(inspected=True, held=(VALID,)), READY, VALID, ["need_held", "need_inspected"]),
        (
            facts(inspected=True, held=(EXPIRED, VALID)),
            READY,
            VALID,
            ["need_held", "need_inspected"],
        ),
        (
            facts(inspected=True, held=(EXPIRED,)),
            MISSING,
            None,
            ["need_held", "need_expired"],
        ),
        (
            facts(inspected=True, held=(UNKNOWN,)),
            MISSING,
            None,
            ["need_held", "need_not_inspected"],
        ),
        (facts(stored=(stored(PLAIN),)), FETCH, stored(PLAIN), ["need_stored"]),
        (
            facts(inspected=True, held=(EXPIRED,), stored=(stored(VALID),)),
            FETCH,
            stored(VALID),
            ["need_held", "need_expired", "need_stored", "need_inspected"],
        ),
        (
            facts(inspected=True, stored=(stored(EXPIRED),), others=("Li",)),
            MISSING,
            None,
            ["need_stored", "need_expired", "need_with_others"],
        ),
        (facts(others=("Li", "Zhao")), MISSING, None, ["need_with_others"]),
        (facts(), MISSING, None, ["need_none"]),
    ],
)
def test_s8_3_b24_where_a_tool_stands(asked, standing, piece, steps):
    found = find_tool(asked)
    assert (found.verdict.standing, found.piece) == (standing, piece)
    assert said(found) == steps


def test_b24_the_inspection_holds_through_its_last_day():
    assert find_tool(facts(inspected=True, held=(VALID,))).verdict.standing == READY
    tomorrow = NeedFacts("Wang", TODAY + DAY, True, (VALID,))
    assert find_tool(tomorrow).verdict.standing == MISSING


def test_s8_3_the_nearest_store_comes_first():
    near, far = stored(PLAIN, "Station"), stored(Piece(9, "Puller LM-9"), "Centre")
    assert find_tool(facts(stored=(near, far))).piece == near


def test_every_step_has_its_sentence():
    assert set(NEED_TEXTS) == set(tool_needs.STEP_KEYS)
    assert not set(NEED_TEXTS) & set(texts.TEXTS)
    asked = (
        facts(inspected=True, held=(EXPIRED, UNKNOWN), stored=(stored(VALID),)),
        facts(others=("Li",)),
        facts(),
    )
    for step in (step for one in asked for step in find_tool(one).verdict.steps):
        names = set(re.findall(r"%\((\w+)\)s", NEED_TEXTS[step.key]))
        assert names == set(dict(step.params)), step
