"""Cover decision (G4, G5, Order 126): every rule at its boundary days, and properties."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_warranty.rules.coverage import (
    COVER_CLASSES,
    ELECTRICAL,
    MACHINE,
    MAIN,
    WEAR,
    CardFacts,
    CoverFacts,
    CoverLine,
    decide_card,
    decide_cover,
    refuse_below_floor,
)

SALE = date(2024, 3, 15)
HANDBOOK = (
    CoverLine(MACHINE, 12, "G4.1"),
    CoverLine(MAIN, 24, "G4.2"),
    CoverLine(ELECTRICAL, 3, "G4.3"),
)
FLOORS = {MACHINE: 12, MAIN: 24}
STATUTES = frozenset({"L24a", "L24b", "L-err", "L-own", "L-free"})


def facts(**changes):
    """Facts of a machine sold on 15 March 2024 with card and invoice in order."""
    base = CoverFacts(
        fault_date=SALE + timedelta(days=30),
        start_date=SALE,
        has_card=True,
        has_invoice=True,
        provable_sale=True,
        card_lines=HANDBOOK,
        policy_lines=HANDBOOK,
        floors=FLOORS,
        statutes=STATUTES,
    )
    return replace(base, **changes)


def keys(decision):
    return [step.key for step in decision.steps]


@pytest.mark.parametrize(
    ("cover_class", "last_day", "clause"),
    [
        (MACHINE, date(2025, 3, 15), "G4.1"),
        (MAIN, date(2026, 3, 15), "G4.2"),
        (ELECTRICAL, date(2024, 6, 15), "G4.3"),
        (WEAR, date(2025, 3, 15), "G4.1"),  # nothing shorter stated: as the whole machine
    ],
)
def test_last_day_is_free_and_the_next_is_not(cover_class, last_day, clause):
    """G4.1 G4.2 G4.3 L24a: the last day of cover counts."""
    free = decide_cover(facts(cover_class=cover_class, fault_date=last_day))
    assert (free.outcome, free.until, free.clauses[0]) == ("free", last_day, clause)
    late = decide_cover(facts(cover_class=cover_class, fault_date=last_day + timedelta(days=1)))
    assert (late.outcome, late.until, late.clauses[0]) == ("chargeable", last_day, clause)
    assert "fault_after_cover" in keys(late)


def test_battery_on_day_95_is_chargeable_though_the_machine_is_covered():
    """G4.3: three months for the battery, also while the whole machine is covered."""
    day_95 = SALE + timedelta(days=95)
    battery = decide_cover(facts(cover_class=ELECTRICAL, fault_date=day_95))
    assert battery.outcome == "chargeable"
    assert battery.clauses[0] == "G4.3"
    assert decide_cover(facts(fault_date=day_95)).outcome == "free"


def test_gearbox_housing_on_day_500_is_free():
    """G4.2: two years for the main components."""
    decision = decide_cover(facts(cover_class=MAIN, fault_date=SALE + timedelta(days=500)))
    assert (decision.outcome, decision.clauses[0]) == ("free", "G4.2")


@pytest.mark.parametrize("ground", ["G5.1", "G5.2", "G5.5"])
def test_shown_ground_makes_it_chargeable(ground):
    """G5.1 G5.2 G5.5 with evidence: chargeable, never refused; all grounds are named."""
    decision = decide_cover(facts(exclusions={ground: "照片 3 张"}))
    assert (decision.outcome, decision.clauses[0]) == ("chargeable", ground)
    assert f"excluded_{ground}" in keys(decision)


@pytest.mark.parametrize("evidence", ["", "  "])
def test_ground_without_evidence_does_not_count(evidence):
    """G5.1: each ground has its evidence."""
    decision = decide_cover(facts(exclusions={"G5.1": evidence}))
    assert decision.outcome == "free"
    assert "excluded_no_evidence" in keys(decision)


def test_several_grounds_are_all_named():
    decision = decide_cover(
        facts(exclusions={"G5.1": "note", "G5.2": "note"}, model_matches=False)
    )
    assert {"G5.1", "G5.2", "G5.4"} <= set(decision.clauses)


@pytest.mark.parametrize("ground", ["G5.3", "G5.4", "G4.1", "x"])
def test_unknown_ground_is_an_error(ground):
    with pytest.raises(ValueError, match="not a ground"):
        decide_cover(facts(exclusions={ground: "note"}))


def test_unknown_class_is_an_error():
    with pytest.raises(ValueError, match="unknown cover class"):
        decide_cover(facts(cover_class="engine"))


@pytest.mark.parametrize(
    ("card", "invoice", "sale", "reading", "outcome"),
    [
        (True, True, False, "both", "free"),
        (True, False, False, "both", "free"),
        (False, True, False, "both", "free"),
        (False, False, False, "both", "chargeable"),
        (False, False, True, "both", "free"),
        (True, True, False, "either", "free"),
        (True, False, False, "either", "chargeable"),
        (False, True, False, "either", "chargeable"),
        (False, False, False, "either", "chargeable"),
        (True, False, True, "either", "free"),
    ],
)
def test_proof_of_the_sale(card, invoice, sale, reading, outcome):
    """G5.3: neither card nor invoice (reading), a registered machine or own sale is proof."""
    decision = decide_cover(
        facts(
            has_card=card, has_invoice=invoice, provable_sale=sale, no_proof_reading=reading
        )
    )
    assert decision.outcome == outcome
    assert (decision.clauses[0] == "G5.3") == (outcome == "chargeable")


def test_sellers_error_is_no_ground():
    """L-err: the seller's own error on card or invoice does not refuse; switched off it does."""
    lost = {"has_card": False, "has_invoice": False, "provable_sale": False}
    for broken in (lost, {"model_matches": False}, {"altered": True}):
        assert decide_cover(facts(**broken)).outcome == "chargeable"
        excused = decide_cover(facts(seller_error=True, **broken))
        assert excused.outcome == "free"
        assert "L-err" in excused.clauses
        off = facts(seller_error=True, statutes=STATUTES - {"L-err"}, **broken)
        assert decide_cover(off).outcome == "chargeable"


@pytest.mark.parametrize("broken", [{"model_matches": False}, {"altered": True}])
def test_card_that_differs_or_was_altered(broken):
    """G5.4."""
    decision = decide_cover(facts(**broken))
    assert (decision.outcome, decision.clauses[0]) == ("chargeable", "G5.4")


def test_no_start_date_known():
    """G5.3: with no day of sale known no period can be shown; the seller's error is spared."""
    assert decide_cover(facts(start_date=None)).clauses[0] == "G5.3"
    assert decide_cover(facts(start_date=None, seller_error=True)).outcome == "free"


def test_fault_before_the_invoice_day_is_free():
    """L24a: a period that has not begun cannot have ended."""
    decision = decide_cover(facts(fault_date=SALE - timedelta(days=1)))
    assert decision.outcome == "free"
    assert "fault_before_start" in keys(decision)


def test_floor_of_the_law_beats_a_shorter_promise():
    """L24b: one year and two years at least, while the fact is switched on."""
    short = (CoverLine(MACHINE, 6, "G4.1"), CoverLine(MAIN, 12, "G4.2"))
    changes = {"card_lines": short, "policy_lines": short, "fault_date": date(2025, 3, 15)}
    decision = decide_cover(facts(**changes))
    assert decision.outcome == "free"
    assert "L24b" in decision.clauses
    assert "cover_floor" in keys(decision)
    off = decide_cover(facts(statutes=STATUTES - {"L24b"}, **changes))
    assert off.outcome == "chargeable"


def test_three_months_hold_only_where_the_card_states_them():
    """L24b G4.3: a shorter period not stated on the card gives way to the whole machine's."""
    silent = (CoverLine(MACHINE, 12, "G4.1"), CoverLine(ELECTRICAL, 3, "G4.3", False))
    decision = decide_cover(
        facts(
            cover_class=ELECTRICAL,
            card_lines=silent,
            policy_lines=(),
            fault_date=SALE + timedelta(days=95),
        )
    )
    assert (decision.outcome, decision.clauses[0]) == ("free", "G4.1")


def test_card_without_lines_has_the_floor():
    decision = decide_cover(facts(card_lines=(), policy_lines=(), cover_class=ELECTRICAL))
    assert (decision.outcome, decision.until) == ("free", date(2025, 3, 15))
    assert decision.clauses[0] == "L24b"


def test_old_fault_replays_under_the_policy_of_its_day():
    """A longer policy of the fault's day helps; a shorter one never takes a promise back."""
    longer = (CoverLine(MACHINE, 18, "G4.1"),)
    shorter = (CoverLine(MACHINE, 12, "G4.1"),)
    day = date(2025, 6, 1)
    assert decide_cover(facts(policy_lines=longer, fault_date=day)).outcome == "free"
    assert decide_cover(facts(policy_lines=shorter, fault_date=day)).outcome == "chargeable"
    promised = facts(card_lines=longer, policy_lines=shorter, fault_date=day)
    assert decide_cover(promised).outcome == "free"


def test_downtime_moves_the_end_only_when_switched_on():
    """L-down (off by default): repair time is taken out of the cover."""
    ledger = ((date(2024, 7, 1), date(2024, 7, 10)), (date(2024, 7, 5), date(2024, 7, 14)))
    late = date(2025, 3, 29)
    assert decide_cover(facts(downtime=ledger, fault_date=late)).outcome == "chargeable"
    switched = facts(downtime=ledger, fault_date=late, statutes=STATUTES | {"L-down"})
    decision = decide_cover(switched)
    assert (decision.outcome, decision.until) == ("free", late)
    assert "L-down" in decision.clauses
    assert decide_cover(replace(switched, fault_date=date(2025, 3, 30))).outcome == "chargeable"
    assert decide_cover(replace(switched, holidays={late})).until == date(2025, 3, 30)


def test_decision_can_be_stored():
    stored = decide_cover(facts(downtime=((SALE, SALE),), exclusions={"G5.1": "x"})).to_json()
    assert stored["facts"]["start_date"] == "2024-03-15"
    assert stored["until"] == "2025-03-15"
    assert all(isinstance(params, dict) for _key, params in stored["steps"])


def test_policy_below_the_floor_is_named():
    """L24b: the line, its months and the floor; nothing while the fact is off."""
    lines = [CoverLine(MACHINE, 11), CoverLine(MAIN, 24), CoverLine(ELECTRICAL, 3)]
    assert refuse_below_floor(lines, FLOORS, STATUTES) == [(MACHINE, 11, 12)]
    assert refuse_below_floor(lines, FLOORS, frozenset()) == []


DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
LINES = st.lists(
    st.builds(
        CoverLine,
        st.sampled_from(COVER_CLASSES),
        st.integers(1, 36),
        st.just(""),
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda line: line.cover_class,
).map(tuple)
LEDGER = st.lists(
    st.tuples(DAYS, st.integers(0, 90)).map(lambda p: (p[0], p[0] + timedelta(days=p[1]))),
    max_size=5,
).map(tuple)
CODES = frozenset({"L24a", "L24b", "L-err", "L-down"})
FACTS = st.builds(
    CoverFacts,
    fault_date=DAYS,
    cover_class=st.sampled_from(COVER_CLASSES),
    start_date=DAYS | st.none(),
    has_card=st.booleans(),
    has_invoice=st.booleans(),
    provable_sale=st.booleans(),
    seller_error=st.booleans(),
    model_matches=st.booleans(),
    altered=st.booleans(),
    card_lines=LINES,
    policy_lines=LINES,
    floors=st.just(FLOORS),
    exclusions=st.dictionaries(
        st.sampled_from(["G5.1", "G5.2", "G5.5"]), st.sampled_from(["", "note"])
    ),
    downtime=LEDGER,
    statutes=st.sets(st.sampled_from(sorted(CODES))).map(frozenset),
    no_proof_reading=st.sampled_from(["both", "either"]),
)


@given(FACTS)
def test_always_an_answer_with_a_clause(random_facts):
    """Never refused (G5): free or chargeable, with clause and explanation, and the same twice."""
    decision = decide_cover(random_facts)
    assert decision.outcome in ("free", "chargeable")
    assert decision.steps[-1].key == f"outcome_{decision.outcome}"
    assert len(set(decision.clauses)) == len(decision.clauses)
    assert decision == decide_cover(random_facts)
    if decision.outcome == "chargeable" and random_facts.start_date:
        grounds = {code for code in decision.clauses if code.startswith("G5")}
        assert grounds or random_facts.fault_date > decision.until


@given(FACTS, st.integers(0, 800))
def test_free_under_the_floor_of_the_law(random_facts, day):
    """L24b: no ground of exclusion and inside one or two years: free, whatever is promised."""
    clean = replace(
        random_facts,
        start_date=SALE,
        fault_date=SALE + timedelta(days=day),
        has_card=True,
        has_invoice=True,
        model_matches=True,
        altered=False,
        exclusions={},
        statutes=random_facts.statutes | {"L24b"},
    )
    floor_end = {MACHINE: date(2025, 3, 15), MAIN: date(2026, 3, 15)}.get(clean.cover_class)
    if floor_end and clean.fault_date <= floor_end:
        assert decide_cover(clean).outcome == "free"


@given(FACTS, LEDGER)
def test_more_downtime_never_makes_it_chargeable(random_facts, more):
    """L-down."""
    longer = replace(random_facts, downtime=random_facts.downtime + more)
    if decide_cover(random_facts).outcome == "free":
        assert decide_cover(longer).outcome == "free"


@given(FACTS, st.integers(1, 400))
def test_an_earlier_fault_is_never_worse(random_facts, days):
    earlier = replace(random_facts, fault_date=random_facts.fault_date - timedelta(days=days))
    if decide_cover(random_facts).outcome == "free":
        assert decide_cover(earlier).outcome == "free"


@given(FACTS)
def test_seller_error_never_hurts(random_facts):
    """L-err."""
    if decide_cover(replace(random_facts, seller_error=False)).outcome == "free":
        assert decide_cover(replace(random_facts, seller_error=True)).outcome == "free"


CARD = CardFacts(start_date=SALE, lines=HANDBOOK, policy="JY20140116", statutes=STATUTES)


def test_card_states_each_class():
    """G4.1 G4.2 G4.3 L24a: first day, months, last day of each class, and the longest."""
    decision = decide_card(CARD)
    assert (decision.kind, decision.outcome) == ("card", "stated")
    assert decision.until == date(2026, 3, 15)
    assert decision.clauses == ("G4.1", "G4.2", "G4.3", "L24a")
    ends = [dict(s.params)["end_date"] for s in decision.steps if s.key == "card_line"]
    assert ends == [date(2025, 3, 15), date(2026, 3, 15), date(2024, 6, 15)]


def test_card_after_an_exchange():
    """L-own L-new: cover goes on, or begins anew; either names the old card."""
    on = decide_card(replace(CARD, replaces="SB1"))
    assert ("card_goes_on", "L-new" in on.clauses) == (on.steps[1].key, False)
    anew = decide_card(replace(CARD, replaces="SB1", anew=True))
    assert (anew.steps[1].key, "L-new" in anew.clauses) == ("card_anew", True)


def test_card_with_downtime_and_a_holiday():
    """L-down: what moved the end is named; without the switch nothing moves."""
    moved = replace(
        CARD,
        downtime=((date(2024, 4, 1), date(2024, 4, 10)),),
        holidays=frozenset({date(2025, 3, 25)}),
        statutes=STATUTES | {"L-down"},
    )
    decision = decide_card(moved)
    lines = [dict(s.params) for s in decision.steps if s.key == "card_line_moved"]
    assert [line["days"] for line in lines] == [10, 10, 10]
    assert lines[0]["end_date"] == date(2025, 3, 26)
    assert "L-down" in decision.clauses
    assert decide_card(replace(moved, statutes=STATUTES)).until == date(2026, 3, 15)


@given(LINES, DAYS, LEDGER, st.frozensets(DAYS, max_size=3))
def test_card_and_fault_agree_on_the_last_day(lines, start, ledger, holidays):
    """L-down: what the card says and what a fault is judged by is the same day."""
    statutes = frozenset({"L-down"})
    card = CardFacts(start, lines, downtime=ledger, holidays=holidays, statutes=statutes)
    stated = {
        dict(step.params)["cover_class"]: dict(step.params)["end_date"]
        for step in decide_card(card).steps
        if step.key in ("card_line", "card_line_moved")
    }
    for line in lines:
        if line.cover_class in (MACHINE, ELECTRICAL) and line.stated_on_card:
            fault = CoverFacts(
                fault_date=start,
                start_date=start,
                cover_class=line.cover_class,
                has_card=True,
                has_invoice=True,
                card_lines=lines,
                downtime=ledger,
                holidays=holidays,
                statutes=statutes,
            )
            assert decide_cover(fault).until == stated[line.cover_class]


def test_start_from_our_own_sale_is_said():
    """G5.3 L24a: no invoice known, so the sale we know of begins the cover."""
    decision = decide_cover(facts(has_card=False, has_invoice=False, start_from_sale=True))
    assert decision.outcome == "free"
    assert "cover_from_sale" in keys(decision)
