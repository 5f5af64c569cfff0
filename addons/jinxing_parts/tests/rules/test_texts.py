"""Every step, question and answer of the rules has its words, and they fit its values."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from odoo.addons.jinxing_parts.rules import (
    classes,
    old_parts,
    plan,
    routing,
    supersession,
    suppliers,
    tools,
    warranty_parts,
)
from odoo.addons.jinxing_parts.rules.texts import KINDS, OUTCOMES, TEXTS, VALUES

MODULES = (
    routing, classes, plan, suppliers, old_parts, warranty_parts, supersession, tools,
)
ALL_KEYS = {key for module in MODULES for key in module.STEP_KEYS}
DAY = date(2026, 8, 20)
ONE = timedelta(days=1)
ANSWERS = {
    "parts_supply": routing.SUPPLY_OUTCOMES,
    "parts_terms": routing.TERMS_OUTCOMES,
    "parts_credit": routing.CREDIT_OUTCOMES,
    "part_class": classes.CLASS_OUTCOMES,
    "parts_plan": plan.PLAN_OUTCOMES,
    "supplier": suppliers.SUPPLIER_OUTCOMES,
    "old_part_debt": old_parts.DEBT_OUTCOMES,
    "old_part_fate": old_parts.FATES,
    "old_part_charge": old_parts.CHARGE_OUTCOMES,
    "parts_audit": warranty_parts.AUDIT_OUTCOMES,
    "fitting": supersession.FITTING_OUTCOMES,
    "tool_compensation": tools.COMPENSATION_OUTCOMES,
    "tool_departure": tools.DEPARTURE_OUTCOMES,
}


def supply_decisions():
    centres = (None, routing.Centre(1, "c"), routing.Centre(2, "d", False))
    for named, regional, key in product(centres, centres, (1, 9)):
        decision = routing.decide_supply(routing.SupplyFacts("s", key, named, "r", regional))
        yield decision
        yield routing.reroute(decision, "w", None, "u", "why")
    for own, warranty, store in product((True, False), repeat=3):
        yield routing.decide_terms(routing.TermsFacts("s", own, warranty, store))
    for limit in (None, 10, 1000):
        yield routing.decide_credit(routing.CreditFacts(50, 60, limit))


def plan_decisions():
    bounds = classes.Bounds(0.8, 0.95, 0.5, 1)
    for before, coefficient, dead in product((0, 850, 990), (0.1, 0.7, 2, None), (0, 24)):
        for value in (0.0, 10.0):
            yield classes.decide_class(
                classes.ClassFacts("p", "w", value, before, 1000, coefficient, bounds, 95, dead)
            )
    base = plan.LineFacts(
        forecast=10, today=DAY, need_by=DAY + 30 * ONE, supplier="s", overstock_months=3
    )
    for change in (
        {}, {"growth": 0.1}, {"requested": 30}, {"transfers": 5}, {"on_hand": 500},
        {"bought": False}, {"supplier": ""}, {"approved": False}, {"lead_days": 90},
        {"safety": 5, "on_hand": 1}, {"superseded_by": "n"}, {"on_hand": 10},
    ):
        yield plan.decide_line(replace(base, **change), "p", "w")


def supplier_decisions():
    paper = suppliers.Paper("licence", "1", DAY - ONE, DAY + ONE)
    papers = (
        (), (paper,), (replace(paper, valid_to=DAY - ONE),), (replace(paper, valid_from=DAY + ONE),)
    )
    approval = suppliers.Approval("SA", DAY - ONE, DAY + ONE)
    facts = suppliers.SupplierFacts("s", "p", DAY, ("licence",))
    for known in (True, False):
        yield suppliers.decide_supplier(replace(facts, known=known))
    for held in papers:
        yield suppliers.decide_supplier(
            replace(facts, approvals=(replace(approval, papers=held),))
        )
    for change in ({"suspended": True}, {"valid_from": DAY + ONE}, {"valid_to": DAY - ONE}):
        yield suppliers.decide_supplier(
            replace(facts, approvals=(replace(approval, **change),))
        )


def other_decisions():
    for must, covered, against, also in product((True, False), repeat=4):
        yield old_parts.decide_debt(
            old_parts.DebtFacts("p", 1, DAY, 30, must, covered, against, also)
        )
    for fault, until, good, usable in product(
        (True, False), (DAY, DAY - ONE), (True, False), (True, False)
    ):
        yield old_parts.decide_fate(
            old_parts.FateFacts("p", DAY, "s", fault, until, good, usable)
        )
    for owed, already, days in product((0, 1), (0, 5), (0, 30)):
        yield old_parts.decide_charge(
            old_parts.ChargeFacts("p", owed, DAY, DAY + days * ONE, 10, 5, already)
        )
    for corrected, counted in product((0, 1), (None, 4, 2, 9)):
        line = warranty_parts.AuditLine(
            "p", issued=5, fitted=1, corrected=corrected, counted=counted, price=3
        )
        yield warranty_parts.reconcile("s", [line])
    for approved, successor, after, use, stock in product(
        (True, False), ("", "n"), (True, False), (True, False), (True, False)
    ):
        yield supersession.decide_fitting(
            supersession.FittingFacts("p", "m", approved, successor, after, use, stock)
        )
    for event, bought, floor, confirmed in product(
        tools.EVENTS, (DAY, DAY - 3650 * ONE), (0, 0.1), (True, False)
    ):
        yield tools.decide_compensation(
            tools.CompensationFacts(
                "t", event, DAY, 100, bought, 36, floor, None, 0.5, confirmed
            )
        )
    for held in ((), ("t",)):
        yield tools.decide_departure("x", held)


DECISIONS = [
    *supply_decisions(), *plan_decisions(), *supplier_decisions(), *other_decisions(),
]
STEPS = [step for decision in DECISIONS for step in decision.steps]


def test_every_step_key_has_a_sentence_and_every_sentence_a_step():
    assert set(TEXTS) == ALL_KEYS


def test_no_two_modules_share_a_step_key():
    assert sum(len(module.STEP_KEYS) for module in MODULES) == len(ALL_KEYS)


def test_every_step_is_reached_by_some_case():
    assert {step.key for step in STEPS} == ALL_KEYS


def test_sentences_fit_the_values_of_their_steps():
    for step in STEPS:
        values = dict(step.params)
        sentence = TEXTS[step.key] % values
        assert "None" not in sentence, step
        names = set(re.findall(r"%\((\w+)\)s", TEXTS[step.key]))
        assert names <= set(values), step


def test_days_are_known_by_their_names():
    for step in STEPS:
        for name, value in step.params:
            assert isinstance(value, date) is name.endswith(("date", "_on")), step


def test_codes_have_words():
    coded = {name for name, _code in VALUES}
    for step in STEPS:
        for name, value in step.params:
            assert name not in coded or (name, value) in VALUES, step
    assert {code for name, code in VALUES if name == "warning"} == set(plan.WARNINGS)


def test_every_question_and_answer_has_a_label():
    assert set(KINDS) == set(ANSWERS)
    assert set(OUTCOMES) == {
        (kind, outcome) for kind, outcomes in ANSWERS.items() for outcome in outcomes
    }
    assert {(decision.kind, decision.outcome) for decision in DECISIONS} == set(OUTCOMES)


def test_decisions_are_stored_as_json_and_name_a_clause():
    for decision in DECISIONS:
        assert decision.clauses and len(set(decision.clauses)) == len(decision.clauses)
        json.dumps(decision.to_json(), allow_nan=False)
