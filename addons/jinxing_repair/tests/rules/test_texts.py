"""Every step, question and answer of the rules has its words, and they fit its values."""

import json
import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import product

from odoo.addons.jinxing_repair.rules import (
    assessment,
    collection,
    dispatch,
    exchange,
    exchange_facts,
    guarantee,
    order_flow,
    service_clock,
)
from odoo.addons.jinxing_repair.rules.texts import KINDS, OUTCOMES, TEXTS, VALUES
from odoo.addons.jinxing_technician.rules.grading import may_dispatch

MODULES = (assessment, collection, dispatch, exchange, guarantee, order_flow, service_clock)
ALL_KEYS = {key for module in MODULES for key in module.STEP_KEYS}
NOON = datetime(2026, 8, 20, 4)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
TODAY = date(2026, 8, 20)
CHINA = "Asia/Shanghai"
#: Each kind of question with the answers its module may give.
ANSWERS = {
    **dict.fromkeys(service_clock.CLOCK_CLAUSES, service_clock.CLOCK_OUTCOMES),
    "absence": service_clock.ABSENCE_OUTCOMES,
    "help": service_clock.HELP_OUTCOMES,
    "provider": dispatch.PROVIDER_OUTCOMES,
    "acceptance": dispatch.ACCEPTANCE_OUTCOMES,
    "proposal": (dispatch.PROPOSED, dispatch.NOT_PROPOSED),
    "override": (dispatch.GRANTED, dispatch.NOT_GRANTED),
    "exchange_right": exchange_facts.EXCHANGE_OUTCOMES,
    "new_part_release": (exchange_facts.RELEASED, exchange_facts.HELD),
    "guarantee": guarantee.GUARANTEE_OUTCOMES,
    "liability": guarantee.LIABILITY_OUTCOMES,
    "assessment": assessment.ASSESSMENT_OUTCOMES,
    "collection": collection.COLLECTION_OUTCOMES,
    **dict.fromkeys(collection.HANDLING_KINDS, collection.HANDLING_OUTCOMES),
}


def clock_decisions():
    judges = (
        service_clock.judge_contact,
        service_clock.judge_preliminary,
        service_clock.judge_arrival,
        service_clock.judge_promise,
        service_clock.judge_escalation,
    )
    for done, now in product((None, NOON, NOON + SECOND), (NOON, NOON + SECOND)):
        facts = service_clock.ClockFacts(NOON, now, NOON - DAY, done)
        for judge in judges:
            yield judge(facts)
        for asked in (None, NOON, NOON + SECOND):
            yield service_clock.judge_help(facts, asked)
        for own, notice, reason in product(
            (True, False), (None, NOON - SECOND, NOON), ("", "flat tyre")
        ):
            yield service_clock.judge_absence(
                service_clock.AbsenceFacts(NOON, now, own, done, notice, reason, done and now)
            )


def dispatch_decisions():
    hq, dealer = dispatch.Provider(1, "HQ"), dispatch.Provider(2, "Dealer")
    station, local = dispatch.Provider(3, "Station"), dispatch.Provider(4, "Local")

    def ways(provider):
        return (None, provider, replace(provider, repairs=False))

    for seller, appointed, near, away, refused in product(
        ways(dealer), ways(station), ways(local), (True, False), ((), (3, 4))
    ):
        yield dispatch.default_provider(
            dispatch.ProviderFacts(hq, seller, appointed, away, near, refused)
        )
    for now in (NOON, NOON + SECOND):
        answers = (
            {},
            {"accepted_at": NOON},
            {"accepted_at": NOON + SECOND},
            {"declined_at": NOON, "reason": "no parts"},
        )
        for answer in answers:
            yield dispatch.judge_acceptance(NOON, now, assigned_at=NOON - DAY, **answer)
    here = dispatch.Place("Deyang", "Sichuan", 31.1, 104.4)
    places = (here, dispatch.Place("Chengdu", "Sichuan"), dispatch.Place("Wuhan", "Hubei"))
    for place, grading, duty, load in product(
        places, (None, may_dispatch(4, 3, True), may_dispatch(4, 5, True)), (True, False), (0, 5)
    ):
        one = dispatch.Candidate(
            7, provider=9, grading=grading, place=place, on_duty=duty, load=load, capacity=5
        )
        for provider in (None, 3):
            yield dispatch.propose(one, dispatch.Need(here, provider)).to_decision()
    for reason, supervisor in product(("", "harvest"), (True, False)):
        yield dispatch.decide_override(reason, is_supervisor=supervisor, clauses=("T4",))


def exchange_decisions():
    policy = exchange_facts.ExchangePolicy(90, 30, 30, 10, 2, 2, 30)
    law = frozenset({"L-30wd", "L-rep2"})
    start = date(2026, 5, 4)
    for day, reason, statutes, finished, cover in product(
        (0, 25, 40, 85, 120),
        (*service_clock.WAIT_REASONS, None),
        (law, frozenset()),
        (None, 5),
        (None, start - DAY, start),
    ):
        waits = (service_clock.Wait(datetime(2026, 5, 4, 4), None, reason),) if reason else ()
        facts = exchange_facts.RepairFacts(
            start, start + day * DAY, cover, CHINA, finished and start + finished * DAY, waits
        )
        for less in (True, False):
            yield exchange.decide_exchange(
                exchange_facts.ExchangeFacts(
                    replace(policy, less_customer=less), facts, (), statutes
                )
            )
    repaired, back = exchange_facts.REPAIRED, exchange_facts.BACK
    histories = (
        (repaired,),
        (repaired, repaired, back),
        (repaired, repaired, back, exchange_facts.REPLACED, back),
        (repaired, exchange_facts.REPLACED, back, exchange_facts.EXCHANGED, back),
    )
    for history, statutes, serious, wear, covered, seasons in product(
        histories, (law, frozenset()), *[(True, False)] * 3, ((), ((start, start + 30 * DAY),))
    ):
        one = exchange_facts.ComponentFacts(
            "belt",
            tuple(exchange_facts.Event(start, what) for what in history),
            covered,
            seasons,
            serious,
            wear,
            first_season_start=start if serious else start - 60 * DAY,
        )
        facts = exchange_facts.ExchangeFacts(policy, None, (one,), statutes)
        yield exchange.decide_exchange(facts)
        for right, old in product(exchange.arisen_rights(facts), (True, False)):
            yield exchange.decide_release(right, old)


def other_decisions():
    past = (guarantee.PastRepair("belt", TODAY, "PG-1"),)
    for component, day in product(("belt", "chain"), (0, 31)):
        yield guarantee.decide_guarantee(
            guarantee.GuaranteeFacts(component, TODAY + day * DAY, 30, past)
        )
    for cause, own, evidence, covered in product(
        (None, *guarantee.CAUSES), (True, False), ("", "photo"), (None, True, False)
    ):
        yield guarantee.decide_rework_cost(
            guarantee.LiabilityFacts(cause, own, evidence, covered, 120.0)
        )
    scale = assessment.AssessmentPolicy(100, 5, 60, 0, 100, 60)
    for due, quality in product((None, NOON, NOON + SECOND, NOON + DAY), (0, 100)):
        for kind in assessment.DUE_KINDS:
            yield assessment.decide_assessment(
                assessment.AssessmentFacts(
                    scale, NOON + DAY, (assessment.DueFacts(kind, NOON, due),), quality
                )
            )
    yield assessment.decide_assessment(assessment.AssessmentFacts(scale, NOON, (), 100))
    for amount, accepted in product((0, 5, 300), (True, False)):
        yield collection.decide_collection(collection.CollectionFacts(amount, 200, accepted))
    deadline = collection.voucher_deadline(NOON, time(18), CHINA)
    for done, now in product((None, deadline, deadline + SECOND), (deadline, deadline + SECOND)):
        yield collection.judge_voucher(deadline, done, now)
        yield collection.judge_custody(150, deadline, done, now)
        yield collection.judge_invoice_collection(900, deadline, done, now)


DECISIONS = [
    *clock_decisions(),
    *dispatch_decisions(),
    *exchange_decisions(),
    *other_decisions(),
]
SCALE = assessment.AssessmentPolicy(100, 5, 60, 0, 100, 60)
STEPS = [
    *(step for decision in DECISIONS for step in decision.steps),
    *(assessment.check_quality(quality, SCALE) for quality in (None, 101)),
    *collection.check_payment("wechat", 300, "", 200),
    *collection.check_payment("cheque", 0, "", 200),
    *(
        step
        for action, state in product(order_flow.ACTIONS, order_flow.STATES)
        if (step := order_flow.check(action, state))
    ),
]


def test_every_step_key_has_a_sentence_and_every_sentence_a_step():
    assert set(TEXTS) == ALL_KEYS


def test_no_two_modules_share_a_step_key():
    assert sum(len(module.STEP_KEYS) for module in MODULES) == len(ALL_KEYS)


def test_every_step_is_reached_by_some_case():
    foreign = {step.key for step in may_dispatch(4, 3, True).steps}
    foreign |= {step.key for step in may_dispatch(4, 5, True).steps}
    assert {step.key for step in STEPS} - foreign == ALL_KEYS


def test_sentences_fit_the_values_of_their_steps():
    for step in STEPS:
        if step.key not in ALL_KEYS:
            continue
        values = dict(step.params)
        sentence = TEXTS[step.key] % values
        assert "None" not in sentence, step
        names = set(re.findall(r"%\((\w+)\)s", TEXTS[step.key]))
        assert names <= set(values), step


def test_days_and_moments_are_known_by_their_names():
    for step in STEPS:
        if step.key not in ALL_KEYS:
            continue
        for name, value in step.params:
            is_moment = isinstance(value, datetime)
            assert is_moment is name.endswith("_at"), step
            is_day = isinstance(value, date) and not is_moment
            assert is_day is name.endswith(("date", "_on")), step


def test_codes_have_words():
    coded = {name for name, _code in VALUES}
    for step in STEPS:
        for name, value in step.params:
            if name == "allowed" and step.key != "flow_not_from":
                continue  # a duration there
            if name == "method" and step.key == "payment_method_unknown":
                continue
            codes = value if isinstance(value, tuple) else (value,)
            assert name not in coded or {(name, code) for code in codes} <= set(VALUES), step


def test_every_question_and_answer_has_a_label():
    assert set(KINDS) == set(ANSWERS)
    assert set(OUTCOMES) == {
        (kind, outcome) for kind, outcomes in ANSWERS.items() for outcome in outcomes
    }
    assert {(decision.kind, decision.outcome) for decision in DECISIONS} == set(OUTCOMES)


def test_every_action_and_state_has_a_word():
    assert set(order_flow.ACTIONS) <= {code for name, code in VALUES if name == "action"}
    assert {code for name, code in VALUES if name == "state"} == set(order_flow.STATES)


def test_decisions_are_stored_as_json_and_name_a_clause():
    for decision in DECISIONS:
        assert decision.clauses and len(set(decision.clauses)) == len(decision.clauses)
        json.dumps(decision.to_json(), allow_nan=False)
