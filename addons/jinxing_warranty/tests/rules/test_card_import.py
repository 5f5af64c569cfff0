"""Rows of the paper archive: each bad one is named with row, column, reason (G4, G5.3, G5.4)."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_warranty.rules.card_import import (
    COLUMNS,
    REASONS,
    REQUIRED,
    HeadingError,
    Known,
    Machine,
    Problem,
    cell_text,
    check_rows,
    read_date,
    read_heading,
)

TODAY = date(2026, 6, 1)
HEADING = {name: position for position, name in enumerate(COLUMNS)}
GOOD = {
    "serial": "JY4LZ2605001",
    "model": "4LZ-4.0",
    "engine": "CC4115-26001",
    "card": "SB2026000001",
    "invoice": "25117308",
    "invoice_date": "2026-05-04",
    "owner": "张德福",
    "phone": "13980123456",
    "address": "三台县芦溪镇",
    "dealer": "绵阳丰收农机有限公司",
    "made": "2026-04-01",
}
KNOWN = Known(
    models={"4LZ-4.0": 1, "4LYZ-2.0": 1, "双胞胎": 2},
    dealers={"绵阳丰收农机有限公司": 1, "南充川北农机有限公司": 1, "同名农机": 2},
    machines={
        "SOLD": Machine(("4LZ-4.0",), has_card=True),
        "STOCK": Machine(
            ("4LZ-4.0",), "E-STOCK", "南充川北农机有限公司", date(2026, 5, 10)
        ),
    },
    engines={"E-STOCK": "STOCK"},
    cards=frozenset({"SB-TAKEN"}),
    has_policy=lambda _model, day: day != date(2000, 1, 1),
)


def cells(**changes):
    return [{**GOOD, **changes}[name] for name in COLUMNS]


def check(*rows, known=KNOWN):
    return check_rows(HEADING, list(enumerate(rows, 2)), known, TODAY)


#: column, reason, and the cells that make it so
BAD = [
    ("serial", "missing", {"serial": ""}),
    ("serial", "too_long", {"serial": "J" * 65}),
    ("serial", "characters", {"serial": "编号 1"}),
    ("serial", "has_card", {"serial": "SOLD"}),
    ("serial", "digits_lost", {"serial": 1234567890123456789}),
    ("model", "missing", {"model": ""}),
    ("model", "unknown", {"model": "4LZ-9.9"}),
    ("model", "ambiguous", {"model": "双胞胎"}),
    (
        "model",
        "model_differs",
        {
            "serial": "STOCK",
            "engine": "E-STOCK",
            "model": "4LYZ-2.0",
            "dealer": "南充川北农机有限公司",
            "made": "",
            "invoice_date": "2026-05-20",
        },
    ),
    ("engine", "missing", {"engine": ""}),
    ("engine", "characters", {"engine": "E;1"}),
    ("engine", "engine_taken", {"engine": "E-STOCK"}),
    (
        "engine",
        "engine_differs",
        {
            "serial": "STOCK",
            "engine": "E-OTHER",
            "dealer": "南充川北农机有限公司",
            "made": "",
            "invoice_date": "2026-05-20",
        },
    ),
    ("card", "characters", {"card": "SB 1"}),
    ("card", "card_taken", {"card": "SB-TAKEN"}),
    ("invoice", "missing", {"invoice": None}),
    ("invoice", "format", {"invoice": "发票"}),
    ("invoice", "digits_lost", {"invoice": 2.5117308e19}),
    ("invoice_date", "missing", {"invoice_date": ""}),
    ("invoice_date", "unreadable", {"invoice_date": "去年春天"}),
    ("invoice_date", "future", {"invoice_date": "2026-06-02"}),
    ("invoice_date", "too_early", {"invoice_date": "1989-12-31", "made": ""}),
    ("invoice_date", "before_made", {"invoice_date": "2026-03-31"}),
    ("invoice_date", "no_policy", {"invoice_date": "2000-01-01", "made": ""}),
    ("owner", "missing", {"owner": " "}),
    ("owner", "too_long", {"owner": "张" * 201}),
    ("phone", "missing", {"phone": ""}),
    ("phone", "format", {"phone": "12345"}),
    ("address", "missing", {"address": ""}),
    ("dealer", "missing", {"dealer": ""}),
    ("dealer", "unknown", {"dealer": "没有的农机"}),
    ("dealer", "ambiguous", {"dealer": "同名农机"}),
    (
        "dealer",
        "dealer_differs",
        {"serial": "STOCK", "engine": "E-STOCK", "made": "", "invoice_date": "2026-05-20"},
    ),
    ("made", "unreadable", {"made": "?"}),
    ("made", "future", {"made": "2027-01-01"}),
    (
        "made",
        "made_differs",
        {
            "serial": "STOCK",
            "engine": "E-STOCK",
            "dealer": "南充川北农机有限公司",
            "made": "2026-05-11",
            "invoice_date": "2026-05-20",
        },
    ),
]


@pytest.mark.parametrize(("column", "reason", "changes"), BAD)
def test_bad_row_is_named(column, reason, changes):
    """Row, column and reason; the good row beside it stays good."""
    other = {"serial": "A1", "engine": "A1", "card": ""}
    good, problems = check(cells(), cells(**{**other, **changes}))
    assert [row.number for row in good] == [2]
    assert [(p.row, p.column, p.reason) for p in problems] == [(3, column, reason)]
    assert reason in REASONS


def test_more_than_twenty_kinds():
    assert len({(column, reason) for column, reason, _changes in BAD}) >= 20


@pytest.mark.parametrize("column", ["serial", "engine", "card"])
def test_twice_in_one_list(column):
    """Both rows are blamed: which of them is right nobody knows."""
    other = {"serial": "A2", "engine": "A2", "card": "A2", column: GOOD[column]}
    good, problems = check(cells(), cells(**other))
    assert good == []
    assert [(p.row, p.column, p.reason) for p in problems] == [
        (2, column, "twice"),
        (3, column, "twice"),
    ]


def test_first_day_known_from_the_machine():
    """G5.4: sold before it was made, though the list does not say when that was."""
    row = cells(
        serial="STOCK",
        engine="E-STOCK",
        dealer="南充川北农机有限公司",
        made="",
        invoice_date="2026-05-09",
    )
    _good, problems = check(row)
    assert [(p.column, p.reason) for p in problems] == [("invoice_date", "before_made")]


def test_everything_wrong_is_said_at_once():
    _good, problems = check(cells(serial="", phone="1", dealer="?"))
    assert {p.column for p in problems} == {"serial", "phone", "dealer"}
    assert Problem(2, "phone", "format", "1") in problems


def test_good_row_is_typed():
    [row], problems = check(cells(phone="139-8012 3456", invoice_date="2026年5月4日", made=None))
    assert problems == []
    assert (row.phone, row.invoice_date, row.made) == ("13980123456", date(2026, 5, 4), None)


def test_full_width_characters_mean_the_plain_ones():
    [row], problems = check(cells(serial="ＪＹ４１", invoice="２５１１７３０８"))
    assert problems == []
    assert (row.serial, row.invoice) == ("JY41", "25117308")


def test_empty_rows_are_no_rows():
    good, problems = check([None] * 11, [""] * 11, [" "], cells())
    assert [row.number for row in good] == [5]
    assert problems == []


def test_machine_in_stock_gets_its_card():
    row = cells(
        serial="STOCK",
        engine="E-STOCK",
        dealer="南充川北农机有限公司",
        made="2026-05-10",
        invoice_date="2026-05-10",
    )
    good, problems = check(row)
    assert (len(good), problems) == (1, [])


def test_heading_by_its_chinese_or_english_names():
    assert read_heading(["出厂编号*", *REQUIRED[1:-1], " 经 销 商 ："])["dealer"] == 8
    assert read_heading([f"{aliases[0]} " for aliases in COLUMNS.values()]) == HEADING


def test_heading_that_lacks_columns_or_has_one_twice():
    with pytest.raises(HeadingError) as caught:
        read_heading(["型号", "型号", "something else"])
    assert set(caught.value.missing) == set(REQUIRED) - {"model"}
    assert caught.value.double == ["model"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (13980123456, "13980123456"),
        (13980123456.0, "13980123456"),
        (1.5, "1.5"),
        (date(2026, 5, 4), "2026-05-04"),
        (datetime(2026, 5, 4, 12, 30), "2026-05-04"),
        ("  张\x00德福\n", "张 德福"),
    ],
)
def test_cells_as_text(cell, text):
    assert cell_text(cell) == text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-04", date(2026, 5, 4)),
        ("2026/5/4", date(2026, 5, 4)),
        ("2026.05.04", date(2026, 5, 4)),
        ("20260504", date(2026, 5, 4)),
        ("2026-05-04 00:00:00", date(2026, 5, 4)),
        ("2026-02-30", None),
        ("04.05.2026", None),
        ("", None),
    ],
)
def test_dates_as_people_write_them(text, day):
    assert read_date(text) == day


CELL = st.one_of(
    st.none(), st.text(max_size=20), st.integers(), st.floats(allow_nan=True), st.dates()
)


@given(st.lists(st.lists(CELL, max_size=12), max_size=6))
def test_any_sheet_gets_an_answer(rows):
    """Whatever stands in the cells: each row is good or bad, none is lost, none is both."""
    good, problems = check(*rows)
    filled = {
        number
        for number, row in enumerate(rows, 2)
        if any(cell_text(cell) for cell in row[: len(COLUMNS)])
    }
    bad = {problem.row for problem in problems}
    assert {row.number for row in good} | bad == filled
    assert not {row.number for row in good} & bad


@given(st.integers(0, 5))
def test_good_rows_do_not_depend_on_their_neighbours(count):
    known = replace(KNOWN, has_policy=lambda _model, _day: True)
    others = [cells(serial=f"N{i}", engine=f"N{i}", card=f"N{i}", phone="1") for i in range(count)]
    good, problems = check(cells(), *others, known=known)
    assert (len(good), len(problems)) == (1, count)
