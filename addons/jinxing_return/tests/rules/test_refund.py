"""R9-R13: may it go back, and at what price."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_return.rules import refund

SOLD = date(2026, 5, 1)
POLICY = refund.ReturnPolicy(name="2026")
REPORT = refund.Inspection("省农机质检站", "Q-17", date(2026, 5, 20), True)


def ask(days=3, **facts):
    """Return the decision on goods sold on SOLD and asked about so many days later."""
    facts.setdefault("sold_date", SOLD)
    facts.setdefault("policy", POLICY)
    return refund.decide_return(refund.RequestFacts(on=SOLD + timedelta(days=days), **facts))


def price(days=3, **facts):
    """Return (clause, unit, amount) of goods paid 80 of 100 that cost 60 today."""
    values = {"paid": Decimal(80), "original": Decimal(100), "current": Decimal(60), **facts}
    values.setdefault("policy", POLICY)
    decision = refund.decide_price(
        refund.PriceFacts(on=SOLD + timedelta(days=days), **values)
    )
    return decision.outcome, decision.facts["unit"], decision.facts["amount"]


@pytest.mark.parametrize(
    ("facts", "outcome", "clause"),
    [
        ({"condition_ok": True}, "eligible", "R10"),
        ({"condition_ok": False}, "refused", "R10"),
        ({"condition_ok": None}, "needs_check", "R10"),
        ({"condition_ok": True, "proof": False}, "refused", "R10"),
        ({"condition_ok": True, "own_sale": False}, "refused", "R10"),
        ({"condition_ok": True, "misuse": "Ran dry"}, "refused", "R13"),
        ({"condition_ok": True, "misuse": "  "}, "eligible", "R10"),
        ({"condition_ok": False, "company_fault": True}, "eligible", "R10"),
        ({"entitlement": "G2.1", "proof": False, "misuse": "x"}, "eligible", "G2.1"),
    ],
)
def test_r10_r13_normal_goods(facts, outcome, clause):
    """R10, R13: without a reason when it can be sold again; misuse refuses; a right stands."""
    decision = ask(**facts)
    assert (decision.outcome, decision.clauses[0]) == (outcome, clause)


def test_r10_no_limit_by_default():
    """R10: no time limit is given; a policy may set one, its last day included."""
    assert ask(days=4000, condition_ok=True).outcome == "eligible"
    limited = refund.ReturnPolicy(no_reason_days=30)
    assert ask(days=30, condition_ok=True, policy=limited).outcome == "eligible"
    assert ask(days=31, condition_ok=True, policy=limited).outcome == "refused"


@pytest.mark.parametrize(
    ("days", "facts", "outcome"),
    [
        (0, {"condition_ok": True}, "eligible"),
        (7, {"condition_ok": True}, "eligible"),
        (7, {"condition_ok": False}, "refused"),
        (8, {"condition_ok": True}, "needs_report"),
        (8, {"condition_ok": False, "inspection": REPORT}, "needs_report"),
        (25, {"condition_ok": False, "inspection": REPORT}, "eligible"),
        (25, {"inspection": refund.Inspection("", "Q-17", date(2026, 5, 20), True)},
         "needs_report"),
        (25, {"inspection": refund.Inspection("x", "Q-17", date(2026, 4, 30), True)},
         "needs_report"),
        (25, {"inspection": refund.Inspection("x", "Q-17", date(2026, 5, 20), False)},
         "needs_report"),
        (25, {"inspection": REPORT, "misuse": "Ran dry"}, "refused"),
    ],
)
def test_r11_three_guarantees(days, facts, outcome):
    """R11: seven days as normal goods, from the eighth with a whole inspection report."""
    assert ask(days=days, three_guarantees=True, **facts).outcome == outcome


def test_r11_unknown_day_of_sale():
    """R11: without a day of sale nobody can say that it is within seven days."""
    decision = ask(three_guarantees=True, sold_date=None, condition_ok=True)
    assert decision.outcome == "needs_report"


def test_r13_offers():
    """R13: who is refused is offered repair or negotiation; a dealer's customer his dealer."""
    assert ask(misuse="Ran dry").facts["offers"] == ["repair", "negotiation"]
    assert ask(own_sale=False).facts["offers"] == ["dealer"]


@pytest.mark.parametrize("fault", [False, True])
@pytest.mark.parametrize("season", [None, "open", "over"])
@pytest.mark.parametrize("capped", [False, True])
@pytest.mark.parametrize(("paid", "current"), [(80, 60), (80, 90), (100, 120)])
def test_r12_every_combination(fault, season, capped, paid, current):
    """R12.1-R12.3: company's fault, then the late season, then what was paid."""
    end = {None: None, "open": SOLD + timedelta(days=3), "over": SOLD + timedelta(days=2)}[season]
    policy = refund.ReturnPolicy(season_cap_paid=capped)
    clause, unit, _amount = price(
        paid=Decimal(paid),
        current=Decimal(current),
        company_fault=fault,
        season_end=end,
        policy=policy,
    )
    if fault:
        expected = ("R12.3", min(100, paid))
    elif season == "over":
        expected = ("R12.2", min(current, paid) if capped else current)
    else:
        expected = ("R12.1", paid)
    assert (clause, Decimal(unit)) == expected


def test_r12_grace_and_quantity():
    """R12.2: days of grace are added to the season; amounts are rounded half up."""
    policy = refund.ReturnPolicy(season_grace_days=5)
    end = SOLD
    assert price(days=5, season_end=end, policy=policy)[0] == "R12.1"
    assert price(days=6, season_end=end, policy=policy)[0] == "R12.2"
    assert price(paid=Decimal("0.335"), quantity=Decimal(3))[1:] == ("0.34", "1.01")
    with pytest.raises(ValueError):
        price(quantity=Decimal(0))


MONEY = st.decimals(min_value=-10, max_value=200000, places=2)


@given(
    paid=MONEY, original=MONEY, current=MONEY, fault=st.booleans(), days=st.integers(0, 400),
    season=st.one_of(st.none(), st.integers(0, 400)), quantity=st.integers(1, 50),
)
def test_r12_never_more_than_paid_never_negative(
    paid, original, current, fault, days, season, quantity
):
    """R12: with the cap, a refund is between nothing and what was paid."""
    _clause, unit, amount = price(
        days=days,
        paid=paid,
        original=original,
        current=current,
        company_fault=fault,
        quantity=Decimal(quantity),
        season_end=None if season is None else SOLD + timedelta(days=season),
    )
    assert 0 <= Decimal(unit) <= max(paid, 0)
    assert Decimal(amount) == Decimal(unit) * quantity


@given(
    list_price=st.decimals(min_value=0, max_value=200000, places=2),
    discount=st.integers(0, 100),
    quantity=st.decimals(min_value="0.1", max_value=50, places=1),
)
def test_r12_1_a_discounted_line_goes_back_as_it_was_paid(list_price, discount, quantity):
    """R12.1: the amount is what the line came to, rounded once like the line itself."""
    paid = list_price * (100 - discount) / 100
    _clause, _unit, amount = price(paid=paid, original=list_price, quantity=quantity)
    assert abs(Decimal(amount) - paid * quantity) <= Decimal("0.005")


@pytest.mark.parametrize("fault", [False, True])
@pytest.mark.parametrize("season", [None, "over"])
def test_r9_a_right_gives_back_all_that_was_paid(fault, season):
    """R9, G2.2: with an exchange right the season and our fault take nothing off."""
    decision = refund.decide_price(
        refund.PriceFacts(
            on=SOLD + timedelta(days=90), policy=POLICY, paid=Decimal(80), original=Decimal(70),
            current=Decimal(60), company_fault=fault, season_end=season and SOLD,
            entitlement="G2.2",
        )
    )
    assert (decision.facts["unit"], decision.clauses) == ("80.00", ("R12.1", "R9", "G2.2"))


@pytest.mark.parametrize(
    ("facts", "clauses"),
    [
        ({"condition_ok": True, "misuse": "Ran dry"}, ("G3.2", "R13")),
        ({"condition_ok": False}, ("G3.2", "R10")),
        ({"three_guarantees": True, "days": 8}, ("G3.2", "R11")),
        ({"condition_ok": True}, ("R10",)),
        ({"entitlement": "G2.1"}, ("G2.1", "R9")),
    ],
)
def test_g3_2_approved_only_where_there_is_no_right(facts, clauses):
    """G3.2: the approval counts only for what the rules do not give; the reason stands there."""
    decision = ask(**facts, approval="No such housing any more", approved_by="王主管")
    assert (decision.outcome, decision.clauses) == ("eligible", clauses)
    said = [step.key for step in decision.steps].count("return_approved")
    assert said == (clauses[0] == "G3.2")


def test_g3_2_an_empty_reason_approves_nothing():
    """G3.2: blanks are no reason."""
    assert ask(condition_ok=False, approval="  ").outcome == "refused"


@given(bought=MONEY, returned=MONEY)
def test_r10_returnable_never_negative(bought, returned):
    """R10: no more comes back than was bought."""
    assert 0 <= refund.returnable(bought, returned) <= max(bought - returned, 0)


@given(
    days=st.integers(0, 60), three=st.booleans(), condition=st.sampled_from([None, True, False]),
    proof=st.booleans(), own=st.booleans(), misuse=st.sampled_from(["", "Ran dry"]),
    report=st.sampled_from([None, REPORT]),
)
def test_steps_are_known_and_end_with_the_answer(
    days, three, condition, proof, own, misuse, report
):
    """R9: every decision cites a clause and ends with its answer."""
    decision = ask(
        days=days, three_guarantees=three, condition_ok=condition, proof=proof, own_sale=own,
        misuse=misuse, inspection=report,
    )
    assert decision.clauses
    assert {step.key for step in decision.steps} <= refund.STEP_KEYS
    assert decision.steps[-1].key == f"return_{decision.outcome}"
