"""A part and its successors (G1.2)."""

from dataclasses import replace

import pytest

from odoo.addons.jinxing_parts.rules.supersession import FittingFacts, chain, decide_fitting

FACTS = FittingFacts("皮带 A", "4LZ-4.0", approved=True)


def test_g1_2_the_chain_ends_with_the_current_part():
    assert chain(1, {1: 2, 2: 3, 4: 5}) == [1, 2, 3]
    assert chain(3, {1: 2, 2: 3}) == [3]
    assert chain(1, {1: None}) == [1]


@pytest.mark.parametrize("successors", [{1: 1}, {1: 2, 2: 1}, {1: 2, 2: 3, 3: 2}])
def test_g1_2_nothing_succeeds_itself(successors):
    with pytest.raises(ValueError, match="itself"):
        chain(1, successors)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, "fit"),
        ({"approved": False}, "refused"),
        ({"successor": "皮带 B"}, "fit"),
        ({"successor": "皮带 B", "use_up": False}, "refused"),
        ({"successor": "皮带 B", "use_up": False, "successor_approved": True}, "successor"),
        ({"successor": "皮带 B", "in_stock": False, "successor_approved": True}, "successor"),
        ({"successor": "皮带 B", "approved": False, "successor_approved": True}, "successor"),
        ({"successor": "皮带 B", "approved": False}, "refused"),
    ],
)
def test_g1_2_a_superseded_part_proposes_its_successor(change, outcome):
    decision = decide_fitting(replace(FACTS, **change))
    assert (decision.outcome, decision.clauses) == (outcome, ("G1.2",))
    if outcome == "successor":
        assert decision.steps[-1].key == "fitting_successor"
