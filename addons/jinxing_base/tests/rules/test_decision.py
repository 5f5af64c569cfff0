"""What rules answer with: plain data that survives being stored."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_base.rules.decision import Decision, Step, plain

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.datetimes(),
    lambda inner: (
        st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner)
    ),
)


@given(VALUES)
def test_plain_survives_json(value):
    """G1.3: what a rule looked at comes back from the database as it was stored."""
    stored = plain(value)
    assert json.loads(json.dumps(stored)) == stored
    assert plain(stored) == stored


def test_plain_sorts_sets():
    """Equal sets are stored equally, so that an unchanged decision is not stored again."""
    assert plain({"L24b", "L24a"}) == plain(frozenset(["L24a", "L24b"])) == ["L24a", "L24b"]


def test_plain_dates_and_keys():
    assert plain({1: date(2026, 5, 1)}) == {"1": "2026-05-01"}
    assert plain(datetime(2026, 5, 1, 8, tzinfo=UTC)) == "2026-05-01T08:00:00+00:00"


def test_decision_to_json():
    """G4.2: the deciding clause stays first, steps keep their order."""
    decision = Decision(
        kind="cover",
        outcome="free",
        clauses=("G4.2", "L24a"),
        steps=(Step.of("a", end_date=date(2026, 5, 1)), Step.of("b")),
        facts={"months": 24},
        until=date(2026, 5, 1),
    )
    assert decision.to_json() == {
        "kind": "cover",
        "outcome": "free",
        "clauses": ["G4.2", "L24a"],
        "steps": [["a", {"end_date": "2026-05-01"}], ["b", {}]],
        "facts": {"months": 24},
        "until": "2026-05-01",
    }


def test_decision_is_frozen():
    """G1.3: a decision is not edited, not even before it is stored."""
    decision = Decision("cover", "free", ("G4.1",))
    with pytest.raises(AttributeError):
        decision.outcome = "chargeable"
