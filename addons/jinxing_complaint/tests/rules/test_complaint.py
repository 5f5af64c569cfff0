from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_complaint.rules import complaint

LIMITS = {"clerk": 200.0, "supervisor": 2000.0}
DAY = date(2026, 7, 1)
NOON = datetime(2026, 7, 1, 12)


def proposal(amount=0.0, role="clerk", **values):
    return complaint.Proposal(amount=amount, role=role, limits=LIMITS, **values)


def test_c19_nine_steps_follow_each_other():
    """C19.1-C19.9: each step leads to the next and to no other, except the two ways out."""
    for number, step in enumerate(complaint.NINE):
        targets = {
            complaint.ACTIONS[name].target
            for name in complaint.next_actions(step)
            if name not in complaint.STAYING
        }
        following = complaint.STEPS[number + 1]
        extra = {
            complaint.JUDGE: {complaint.NOT_ESTABLISHED},
            complaint.CONSENT: {complaint.PROPOSE},
        }
        assert targets == {following} | extra.get(step, set())


def test_c19_nothing_leads_on_from_the_ends():
    for step in complaint.ENDS:
        assert complaint.next_actions(step) == ()
        assert all(complaint.has_passed(step, other) for other in complaint.NINE)


def test_c19_every_action_demands_an_output_and_cites_its_clause():
    for action in complaint.ACTIONS.values():
        assert action.outputs
        assert action.clause == complaint.CLAUSES[action.source]
        assert action.role in complaint.ROLES


@given(st.sampled_from(sorted(complaint.ACTIONS)), st.sampled_from(complaint.STEPS))
def test_c19_no_action_passes_a_step(name, step):
    """C19: whatever is allowed leads at most one step on."""
    if not complaint.allowed(name, step):
        return
    target = complaint.ACTIONS[name].target
    if target == complaint.NOT_ESTABLISHED:
        assert step == complaint.JUDGE
    else:
        assert complaint.STEPS.index(target) - complaint.STEPS.index(step) <= 1


@given(st.sampled_from(sorted(complaint.ACTIONS)), st.data())
def test_c19_missing_outputs(name, data):
    outputs = complaint.ACTIONS[name].outputs
    given_outputs = data.draw(st.sets(st.sampled_from(outputs)))
    missing = complaint.missing_outputs(name, given_outputs)
    assert set(missing) == set(outputs) - given_outputs
    assert list(missing) == [output for output in outputs if output in missing]


def test_unknown_action():
    with pytest.raises(KeyError):
        complaint.allowed("skip", complaint.RECORD)


@pytest.mark.parametrize(
    ("established", "outcome"), [(True, "established"), (False, "not_established")]
)
def test_c19_2_judgement(established, outcome):
    decision = complaint.judge(complaint.Judgement("Attitude", established, "Heard the call"))
    assert decision.outcome == outcome
    assert decision.clauses == ("C19.2",)
    assert decision.to_json()["facts"]["reason"] == "Heard the call"


def test_c19_2_duplicate_is_named():
    decision = complaint.judge(complaint.Judgement("Fee", False, "Same", duplicate_of="HT00007"))
    keys = [step.key for step in decision.steps]
    assert keys == [
        "complaint_nature", "complaint_reason", "complaint_duplicate", "complaint_not_established",
    ]


@pytest.mark.parametrize(
    ("amount", "role", "outcome"),
    [
        (0, "clerk", "within"),
        (200, "clerk", "within"),
        (200.01, "clerk", "escalate_supervisor"),
        (2000, "clerk", "escalate_supervisor"),
        (2000.01, "clerk", "escalate_manager"),
        (2000, "supervisor", "within"),
        (2000.01, "supervisor", "escalate_manager"),
        (99999, "manager", "within"),
        (0, "", "escalate_supervisor"),
    ],
)
def test_c19_5_authority_limits(amount, role, outcome):
    """C19.5: who is over his limit reports to the next who is not."""
    if not role:
        with_role = proposal(amount, role, remedy_role="supervisor")
        assert complaint.authority(with_role).outcome == outcome
        return
    assert complaint.authority(proposal(amount, role)).outcome == outcome


def test_c19_5_an_exchange_is_the_supervisors():
    """G3.2: an exchange costs nothing on paper and still needs a supervisor."""
    decision = complaint.authority(proposal(0, remedy="Exchange", remedy_role="supervisor"))
    assert decision.outcome == "escalate_supervisor"
    assert decision.clauses == ("C19.5", "G3.2")


def test_c17_a_public_case_is_the_managers():
    decision = complaint.authority(proposal(0, "supervisor", public=True))
    assert decision.outcome == "escalate_manager"
    assert decision.clauses == ("C19.5", "C17")
    assert complaint.authority(proposal(0, "manager", public=True)).outcome == "within"


def test_c19_5_a_negative_amount_is_refused():
    with pytest.raises(ValueError, match="-1"):
        complaint.authority(proposal(-1))


@given(
    st.floats(0, 1e6),
    st.floats(0, 1e6),
    st.sampled_from(complaint.ROLES),
    st.booleans(),
    st.sampled_from(complaint.ROLES),
)
def test_c19_5_more_money_never_needs_less_authority(one, two, role, public, remedy_role):
    low, high = sorted((one, two))
    order = complaint.ROLES.index
    needs = [
        complaint.required_role(
            proposal(amount, role, public=public, remedy_role=remedy_role)
        )[0]
        for amount in (low, high)
    ]
    assert order(needs[0]) <= order(needs[1])
    for amount, need in zip((low, high), needs, strict=True):
        facts = proposal(amount, role, public=public, remedy_role=remedy_role)
        within = complaint.authority(facts).outcome == "within"
        assert within == (order(role) >= order(need))


def recurrence(done_on=DAY, after=1, pattern=None, case=None):
    return complaint.recurrence(
        complaint.Recurrence(
            pattern=pattern or complaint.Pattern("late", "belt", ""),
            done_on=done_on,
            case=case or complaint.Pattern("late", "belt", "4LZ"),
            case_number="HT00009",
            happened_on=DAY + timedelta(days=after),
        )
    )


def test_c19_8_the_same_again_reopens():
    decision = recurrence()
    assert decision.outcome == "reopen"
    assert decision.clauses == ("C19.8",)


@pytest.mark.parametrize(
    "values",
    [
        {"done_on": None},
        {"after": 0},
        {"after": -3},
        {"case": complaint.Pattern("rude", "belt", "4LZ")},
        {"case": complaint.Pattern("late", "chain", "4LZ")},
        {"pattern": complaint.Pattern("late", "belt", "4LYZ")},
        {"pattern": complaint.Pattern("", "", "")},
    ],
)
def test_c19_8_what_does_not_reopen(values):
    assert recurrence(**values).outcome == "keep"


def test_c19_3_a_promise_is_broken():
    before, after = NOON - timedelta(hours=1), NOON + timedelta(hours=1)
    assert not complaint.is_broken(NOON, None, NOON)
    assert complaint.is_broken(NOON, None, after)
    assert complaint.is_broken(NOON, after, after)
    assert not complaint.is_broken(NOON, before, after)


def test_every_step_key_is_used():
    """Each key has a sentence in the models; none is left over here."""
    seen = set()
    for established in (True, False):
        seen |= {s.key for s in complaint.judge(
            complaint.Judgement("n", established, "r", "HT1")).steps}
    for amount in (0, 300, 3000):
        for role in complaint.ROLES:
            facts = proposal(amount, role, public=amount == 300, remedy_role="supervisor")
            seen |= {s.key for s in complaint.authority(facts).steps}
    for values in ({}, {"done_on": None}):
        seen |= {s.key for s in recurrence(**values).steps}
    assert seen == set(complaint.STEP_KEYS)
