"""Collecting money: on the spot, voucher, custody, invoice (S8.4)."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_repair.rules.collection import (
    CollectionFacts,
    check_payment,
    custody_deadline,
    decide_collection,
    invoice_deadline,
    judge_custody,
    judge_invoice_collection,
    judge_voucher,
    voucher_deadline,
)

CHINA = "Asia/Shanghai"
SECOND = timedelta(seconds=1)


def china(*parts):
    return datetime(*parts) - timedelta(hours=8)


NOON = china(2026, 8, 20, 12)


@pytest.mark.parametrize(
    ("amount", "accepted", "outcome"),
    [
        (0, True, "nothing_due"),
        (0.01, True, "on_spot"),
        (199.99, True, "on_spot"),
        (200, True, "on_spot"),
        (200.01, True, "voucher"),
        (50, False, "voucher"),
    ],
)
def test_s8_4_small_amounts_may_be_collected_on_the_spot(amount, accepted, outcome):
    decision = decide_collection(CollectionFacts(amount, 200, accepted))
    assert (decision.kind, decision.outcome, decision.clauses) == (
        "collection",
        outcome,
        ("S8.4",),
    )


def test_s8_4_no_negative_amount():
    with pytest.raises(ValueError, match="negative"):
        decide_collection(CollectionFacts(-1, 200))


@given(st.floats(0, 10**6), st.floats(0, 10**6), st.floats(0, 10**6))
def test_s8_4_a_higher_limit_never_takes_the_spot_away(amount, limit, more):
    if decide_collection(CollectionFacts(amount, limit)).outcome == "on_spot":
        assert decide_collection(CollectionFacts(amount, limit + more)).outcome == "on_spot"


@pytest.mark.parametrize(
    ("method", "amount", "reference", "keys"),
    [
        ("cash", 200, "", []),
        ("wechat", 200, "4200002", []),
        ("wechat", 200, " ", ["payment_no_reference"]),
        ("alipay", 200, "", ["payment_no_reference"]),
        ("cheque", 200, "", ["payment_method_unknown"]),
        ("cash", 0, "", ["payment_amount"]),
        ("cash", -5, "", ["payment_amount"]),
        ("cash", float("nan"), "", ["payment_amount"]),
        ("alipay", 200.01, "", ["payment_no_reference", "payment_above_limit"]),
    ],
)
def test_s8_4_what_speaks_against_a_payment(method, amount, reference, keys):
    assert [step.key for step in check_payment(method, amount, reference, 200)] == keys


@pytest.mark.parametrize(
    ("issued", "closing", "deadline"),
    [
        ((2026, 8, 20, 12), time(18), (2026, 8, 20, 18)),
        ((2026, 8, 20, 18), time(18), (2026, 8, 20, 18)),
        ((2026, 8, 20, 18, 0, 1), time(18), (2026, 8, 20, 23, 59, 59)),
        ((2026, 8, 20, 12), None, (2026, 8, 20, 23, 59, 59)),
        ((2026, 8, 20, 0), None, (2026, 8, 20, 23, 59, 59)),
    ],
)
def test_s8_4_a_voucher_goes_to_finance_the_same_day(issued, closing, deadline):
    assert voucher_deadline(china(*issued), closing, CHINA) == china(*deadline)


@pytest.mark.parametrize(
    ("done", "now", "outcome"),
    [
        (0, 9, "done"),
        (1, 9, "done_late"),
        (None, 0, "open"),
        (None, 1, "overdue"),
    ],
)
def test_s8_4_overdue_the_second_after(done, now, outcome):
    """S8.4: vouchers, cash in custody, uncollected invoices."""
    done_at = None if done is None else NOON + done * SECOND
    now = NOON + now * SECOND
    for decision in (
        judge_voucher(NOON, done_at, now),
        judge_custody(150, NOON, done_at, now),
        judge_invoice_collection(900, NOON, done_at, now),
    ):
        assert decision.outcome == outcome
        assert decision.clauses == ("S8.4",)
        assert [step.key for step in decision.steps] == [f"{decision.kind}_{outcome}"]


def test_s8_4_deadlines_of_custody_and_invoice():
    assert custody_deadline(NOON, 24) == NOON + timedelta(days=1)
    assert invoice_deadline(date(2026, 8, 20), 7, CHINA) == china(2026, 8, 27, 23, 59, 59)
    assert invoice_deadline(date(2026, 8, 20), 0, CHINA) == china(2026, 8, 20, 23, 59, 59)
    with pytest.raises(ValueError, match="hours"):
        custody_deadline(NOON, 0)
    with pytest.raises(ValueError, match="days"):
        invoice_deadline(date(2026, 8, 20), -1, CHINA)
