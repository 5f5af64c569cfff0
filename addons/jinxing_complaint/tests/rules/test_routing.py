from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_complaint.rules import routing
from odoo.addons.jinxing_complaint.rules.routing import Contact, Route

TABLE = (
    Route(1, "After-sales"),
    Route(2, "Quality", kind="complaint"),
    Route(3, "Parts", subject=7),
    Route(4, "Parts complaints", kind="complaint", subject=7, answer_hours=8),
    Route(5, "Management", subject=9, urgent=True, answer_hours=2),
    Route(6, "Never reached", kind="complaint"),
)


def go(contact, table=TABLE):
    return routing.route(contact, table, hours=24, urgent_hours=1)


@pytest.mark.parametrize(
    ("kind", "subject", "key"),
    [
        ("opinion", 0, 1),
        ("complaint", 0, 2),
        ("opinion", 7, 3),
        ("complaint", 7, 4),
        ("praise", 9, 5),
        ("complaint", 9, 5),
        ("complaint", 1, 2),
    ],
)
def test_o21_the_line_that_says_most(kind, subject, key):
    assert go(Contact(kind, subject)).route.key == key


def test_o21_no_line_fits():
    answer = go(Contact("opinion"), TABLE[1:2])
    assert answer.route is None
    assert answer.decision.outcome == "not_routed"
    assert answer.answer_hours == 24


@pytest.mark.parametrize(
    ("contact", "hours", "urgent"),
    [
        (Contact("opinion"), 24, False),
        (Contact("opinion", emergency=True), 1, True),
        (Contact("complaint", 7), 8, False),
        (Contact("complaint", 7, emergency=True), 1, True),
        (Contact("opinion", 9), 1, True),
        (Contact("complaint", public=True), 1, True),
    ],
)
def test_o21_hours_to_answer(contact, hours, urgent):
    answer = go(contact)
    assert (answer.answer_hours, answer.urgent) == (hours, urgent)


def test_c17_a_public_complaint_is_urgent():
    decision = go(Contact("complaint", public=True)).decision
    assert decision.clauses == ("O21", "C17")
    assert [s.key for s in decision.steps] == [
        "route_contact", "route_line", "route_urgent_public", "route_answer",
    ]


@given(
    st.sampled_from(["opinion", "complaint", "repair"]),
    st.integers(0, 9),
    st.lists(
        st.builds(
            Route,
            st.integers(1, 99),
            st.just("d"),
            st.sampled_from(["", "opinion", "complaint"]),
            st.integers(0, 9),
        )
    ),
)
def test_o21_no_fitting_line_says_more(kind, subject, table):
    found = routing.find_route(Contact(kind, subject), table)
    fitting = [line for line in table if line.fits(kind, subject)]
    assert (found is None) == (not fitting)
    if found:
        assert all(found.weight >= line.weight for line in fitting)
        assert found is next(line for line in fitting if line.weight == found.weight)


def test_deadline():
    assert routing.answer_deadline(datetime(2026, 7, 1, 23), 2) == datetime(2026, 7, 2, 1)


def test_every_step_key_is_used():
    seen = set()
    for contact in (
        Contact("opinion"), Contact("opinion", emergency=True), Contact("opinion", 9),
        Contact("complaint", public=True),
    ):
        for table in (TABLE, ()):
            seen |= {step.key for step in go(contact, table).decision.steps}
    assert seen == set(routing.STEP_KEYS)
