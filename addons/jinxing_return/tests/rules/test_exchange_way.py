"""G2.1, G2.2, R10: how an exchange is made."""

from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.jinxing_return.rules import exchange_way as way

TODAY = date(2026, 11, 20)


def facts(**values):
    """A combine wanted today, none in stock."""
    return way.WayFacts(on=TODAY, wanted="4LZ-4.0", **values)


def keys(decision):
    return [step.key for step in decision.steps]


def test_same_model():
    """G2.2: one that is free is given; the clause is the right's."""
    decision = way.decide_way(facts(free=Decimal(1), entitlement="G2.2"))
    assert (decision.outcome, decision.clauses) == (way.SAME_MODEL, ("G2.2", "R9"))
    assert "offers" not in decision.facts


@pytest.mark.parametrize(
    ("values", "offers", "steps"),
    [
        ({}, ["wait", "refund"], ["way_no_stock", "way_wait_order", "way_refund"]),
        (
            {"expected": TODAY},
            ["wait", "refund"],
            ["way_no_stock", "way_wait_expected", "way_refund"],
        ),
        (
            {"own_sale": False, "seller": "绵阳农机"},
            ["wait", "dealer_refund"],
            ["way_no_stock", "way_wait_order", "way_refund_seller"],
        ),
        (
            {"others": ("4LYZ-2.0",)},
            ["wait", "refund", "other_model"],
            ["way_no_stock", "way_wait_order", "way_refund", "way_other_model"],
        ),
    ],
)
def test_no_stock_leaves_the_choice(values, offers, steps):
    """G2.1: wait, money back, another model: the user chooses."""
    decision = way.decide_way(facts(**values))
    assert decision.outcome == way.NO_STOCK
    assert decision.facts["offers"] == offers
    assert keys(decision) == steps
    assert set(steps) <= way.STEP_KEYS


def test_not_enough():
    """R10: two wanted, one there."""
    decision = way.decide_way(facts(quantity=Decimal(2), free=Decimal(1)))
    assert (decision.outcome, decision.clauses) == (way.NO_STOCK, ("R10",))


def test_nothing_wanted():
    """R10: nothing to exchange is an error, not an answer."""
    with pytest.raises(ValueError, match="nothing to exchange"):
        way.decide_way(facts(quantity=Decimal(0)))
