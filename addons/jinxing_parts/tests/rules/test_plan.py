"""From forecast and plans to what is bought (A4)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_parts.rules.plan import (
    WARNINGS,
    LineFacts,
    decide_line,
    lot,
    net_line,
)

TODAY = date(2026, 3, 1)
NEED = date(2026, 5, 1)
BASE = LineFacts(
    forecast=100,
    on_hand=20,
    today=TODAY,
    need_by=NEED,
    lead_days=30,
    supplier="成都轴承厂",
    price=10,
)


@pytest.mark.parametrize(
    ("net", "least", "pack", "quantity"),
    [
        (0, 10, 5, 0),
        (-3, 10, 5, 0),
        (1, 0, 0, 1),
        (1.2, 0, 0, 2),
        (3, 10, 0, 10),
        (3, 10, 4, 12),
        (13, 10, 4, 16),
        (12, 0, 4, 12),
        (2.5, 0, 0.5, 2.5),
    ],
)
def test_a4_least_quantity_and_packs(net, least, pack, quantity):
    assert lot(net, least, pack) == quantity


def test_a4_a_lot_is_not_negative():
    with pytest.raises(ValueError, match="negative"):
        lot(1, -1, 0)


@given(st.floats(0.01, 1e5), st.floats(0, 1e3), st.integers(0, 100))
def test_a4_a_lot_covers_the_need_with_no_pack_too_many(net, least, pack):
    quantity = lot(net, least, pack)
    size = pack or 1
    assert quantity >= max(net, least) - 1e-4
    assert quantity - size < max(net, least)
    assert quantity % size == 0


def test_a4_net_of_stock_incoming_and_committed():
    line = net_line(replace(BASE, incoming=30, committed=10, safety=15))
    assert (line.demand, line.available, line.net, line.quantity) == (100, 40, 75, 75)
    assert line.amount == 750
    assert line.order_by == date(2026, 4, 1)
    assert line.warnings == ()


def test_a4_plans_count_when_they_are_more_than_the_past():
    assert net_line(replace(BASE, requested=60)).demand == 100
    assert net_line(replace(BASE, requested=160)).demand == 160


def test_a4_machine_sales_raise_the_demand():
    line = net_line(replace(BASE, growth=0.2))
    assert line.demand == pytest.approx(120)


def test_a4_needs_of_supplied_warehouses_come_on_top():
    line = net_line(replace(BASE, transfers=40))
    assert line.demand == 140


def test_a4_enough_is_not_bought():
    line = net_line(replace(BASE, on_hand=200))
    assert (line.net, line.quantity, line.amount, line.order_by) == (0, 0, 0, None)


def test_a4_a_supplied_warehouse_is_sent_whole_pieces_and_buys_nothing():
    line = net_line(replace(BASE, forecast=99.5, bought=False, min_qty=500, supplier=""))
    assert (line.quantity, line.amount, line.warnings) == (80, 0, ())


@pytest.mark.parametrize(
    ("facts", "warning"),
    [
        ({"on_hand": 0}, "out_of_stock"),
        ({"on_hand": 10, "committed": 10}, "out_of_stock"),
        ({"on_hand": 20, "safety": 30}, "below_safety"),
        ({"supplier": ""}, "no_supplier"),
        ({"approved": False}, "not_approved"),
        ({"lead_days": 90}, "late"),
        ({"superseded_by": "皮带 B"}, "superseded"),
        ({"on_hand": 700, "overstock_months": 6}, "overstock"),
    ],
)
def test_a4_stock_warnings(facts, warning):
    assert warning in net_line(replace(BASE, **facts)).warnings
    assert warning not in net_line(BASE).warnings


def test_a4_a_superseded_part_is_used_up_not_bought():
    line = net_line(replace(BASE, superseded_by="皮带 B", safety=50))
    assert (line.net, line.quantity) == (80, 0)
    assert line.warnings == ("superseded",)


facts = st.builds(
    LineFacts,
    forecast=st.floats(0, 1e4),
    growth=st.floats(0, 1),
    requested=st.floats(0, 1e4),
    transfers=st.floats(0, 1e4),
    on_hand=st.floats(0, 1e4),
    incoming=st.floats(0, 1e4),
    committed=st.floats(0, 1e4),
    safety=st.floats(0, 1e3),
    today=st.just(TODAY),
    need_by=st.just(NEED),
    lead_days=st.integers(0, 200),
    bought=st.booleans(),
    supplier=st.sampled_from(["", "s"]),
    approved=st.booleans(),
    min_qty=st.integers(0, 100),
    pack_qty=st.integers(0, 50),
    price=st.floats(0, 1e3),
    superseded_by=st.sampled_from(["", "", "n"]),
    overstock_months=st.integers(0, 12),
)


@given(facts)
def test_a4_what_is_ordered_covers_demand_and_safety(case):
    line = net_line(case)
    assert line.quantity >= 0 and line.net >= 0
    if not case.superseded_by:
        assert line.available + line.quantity >= line.demand + case.safety - 1e-3
    assert (line.order_by is None) is (line.quantity == 0)
    assert set(line.warnings) <= set(WARNINGS)
    if line.quantity and line.order_by:
        assert ("late" in line.warnings) is (NEED - timedelta(days=case.lead_days) < TODAY)


@given(facts)
def test_a4_the_explanation_says_what_the_run_says(case):
    line = net_line(case)
    decision = decide_line(case, "皮带", "总部")
    expected = "enough" if not line.quantity else "buy" if case.bought else "transfer"
    assert decision.outcome == expected
    told = [dict(s.params)["warning"] for s in decision.steps if s.key == "plan_warning"]
    assert tuple(told) == line.warnings
