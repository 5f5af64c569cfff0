"""The steps of a dispatch order (S8.1-S8.11, G1.2, N9)."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_repair.rules import order_flow as flow
from odoo.addons.jinxing_repair.rules.order_flow import (
    ACTIONS,
    CORE_STATES,
    FINISHED,
    STATES,
    allowed,
    check,
    missing_outputs,
    next_actions,
)

WHOLE_WAY = (
    ("approve", "approved"),
    ("assign", "assigned"),
    ("accept", "accepted"),
    ("contact", "contacted"),
    ("arrive", "on_site"),
    ("finish", "repaired"),
    ("sign", "signed"),
    ("hand_in", "handed_in"),
    ("close", "closed"),
)


def test_s8_1_to_s8_9_the_whole_way():
    state = "registered"
    for action, after in WHOLE_WAY:
        assert check(action, state) is None
        state = ACTIONS[action].target
        assert state == after
    assert next_actions(state) == ()


@pytest.mark.parametrize(
    ("state", "action", "after"),
    [
        ("registered", "return", "returned"),  # S8.1
        ("returned", "submit", "registered"),
        ("assigned", "decline", "approved"),  # G3.1
        ("assigned", "expire", "approved"),
        ("contacted", "assign", "assigned"),
        ("on_site", "take_back", "taken_back"),  # S8.6
        ("taken_back", "finish", "repaired"),
        ("repaired", "resume", "on_site"),  # N9: the trial run failed
        ("on_site", "cancel", "cancelled"),
    ],
)
def test_s8_side_ways(state, action, after):
    assert allowed(action, state)
    assert ACTIONS[action].target == after


def reachable(start):
    seen, todo = set(), [start]
    while todo:
        state = todo.pop()
        if state not in seen:
            seen.add(state)
            todo += [ACTIONS[name].target for name in next_actions(state)]
    return seen


def test_every_state_is_reachable_and_every_open_one_can_be_closed():
    assert reachable("registered") == set(STATES)
    for state in flow.OPEN:
        assert "closed" in reachable(state)


def test_g1_2_a_done_order_is_never_reopened():
    for state in FINISHED:
        assert reachable(state) <= set(FINISHED)
    assert next_actions("cancelled") == ()


def test_steps_stand_on_core_states_in_their_order():
    """S8: an action never moves Odoo's own state back, apart from the cancellation."""
    order = ("draft", "confirmed", "under_repair", "done", "cancel").index
    for action in ACTIONS.values():
        for state in action.sources:
            before, after = CORE_STATES[state], CORE_STATES[action.target]
            assert order(before) <= order(after)


@pytest.mark.parametrize(("action", "state"), list(product(ACTIONS, STATES)))
def test_every_action_is_allowed_or_refused_with_a_message(action, state):
    refusal = check(action, state)
    assert (refusal is None) is allowed(action, state) is (action in next_actions(state))
    if refusal is not None:
        assert refusal.key in flow.STEP_KEYS
        assert dict(refusal.params)["action"] == action


def test_refusals_say_why():
    assert check("arrive", "assigned").key == "flow_not_from"
    assert dict(check("arrive", "assigned").params)["allowed"] == ("accepted", "contacted")
    assert check("finish", "signed").key == "flow_finished"  # G1.2
    assert check("close", "signed").key == "flow_not_from"
    assert check("approve", "cancelled").key == "flow_cancelled"


def test_unknown_names_are_errors():
    with pytest.raises(KeyError):
        check("paint", "registered")
    with pytest.raises(KeyError):
        check("approve", "painted")
    with pytest.raises(KeyError):
        allowed("paint", "registered")


@pytest.mark.parametrize(
    ("action", "outputs", "clause"),
    [
        ("approve", {"customer", "address", "fault"}, "S8.1"),
        ("return", {"reason"}, "S8.1"),
        ("decline", {"reason"}, "G3.1"),
        ("take_back", {"receipt"}, "S8.6"),
        ("finish", {"faults", "cause", "quality", "acceptance"}, "G1.2"),
        ("sign", {"acceptance", "checklist", "signature", "delivered"}, "N9"),
        ("close", {"quality_score"}, "S8.9"),
    ],
)
def test_mandatory_outputs_and_their_clauses(action, outputs, clause):
    """G1.2, G3.1, N9, S8.1-S8.9: what each step demands."""
    assert set(missing_outputs(action, ())) == outputs
    assert ACTIONS[action].clause == clause
    assert missing_outputs(action, outputs) == ()
    for output in outputs:
        assert missing_outputs(action, outputs - {output}) == (output,)


@given(st.sampled_from(sorted(ACTIONS)), st.sets(st.text()), st.data())
def test_giving_more_never_misses_more_and_the_order_is_the_demanded(action, other, data):
    demanded = ACTIONS[action].outputs
    given_outputs = other | set(data.draw(st.lists(st.sampled_from(demanded or ("reason",)))))
    missing = missing_outputs(action, given_outputs)
    assert missing == tuple(output for output in demanded if output in missing)
    assert set(missing) == set(demanded) - given_outputs
    assert missing_outputs(action, dict.fromkeys(given_outputs)) == missing
