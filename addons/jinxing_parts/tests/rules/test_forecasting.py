"""The demand of the coming months (A4)."""

import math
import random

import pytest

from odoo.addons.jinxing_parts.rules.forecasting import (
    SEASONAL,
    STEADY,
    combine,
    forecast,
    models,
    total_error,
    versions,
)


def lumpy(seed, months=48, chance=0.25):
    rng = random.Random(seed)
    return [rng.randint(1, 4) if rng.random() < chance else 0 for _month in range(months)]


def harvest(seed, months=48):
    """Demand of wear parts: much in the rice harvest, little beside."""
    rng = random.Random(seed)
    return [
        rng.randint(18, 26) if month % 12 in (7, 8, 9) else rng.randint(0, 2)
        for month in range(months)
    ]


def test_a4_a_steady_demand_is_forecast_as_it_is():
    values = combine({"belt": [5.0] * 24}, 6)["belt"]
    assert values == pytest.approx([5.0] * 6)


def test_a4_no_demand_no_forecast():
    assert combine({"a": [0.0] * 24, "b": []}, 3) == {"a": [0.0] * 3, "b": [0.0] * 3}


def test_a4_a_short_history_has_only_its_mean():
    values = combine({"new": [2.0, 4.0]}, 3)["new"]
    assert values == pytest.approx([3.0] * 3)
    assert [type(model).__name__ for model in models(STEADY, 5)] == ["HistoricAverage"]


def test_a4_series_of_different_lengths_keep_their_keys():
    series = {"a": [1.0] * 30, "b": [9.0] * 13, "c": [4.0] * 3}
    values = combine(series, 2)
    assert {key: round(row[0]) for key, row in values.items()} == {"a": 1, "b": 9, "c": 4}


def test_a4_never_less_than_nothing():
    values = combine({number: lumpy(number) for number in range(20)}, 6)
    assert all(value >= 0 and math.isfinite(value) for row in values.values() for value in row)


def test_a4_parts_of_the_harvest_get_a_season():
    found = forecast({number: harvest(number) for number in range(10)}, 12)
    assert found.methods == {None: SEASONAL}
    summer = [sum(row[7:10]) for row in found.values.values()]
    winter = [sum(row[0:3]) for row in found.values.values()]
    assert min(summer) > 5 * max(winter)
    assert found.errors[None] < 0.2


def test_a4_lumpy_parts_do_not():
    found = forecast({number: lumpy(number) for number in range(60)}, 12)
    assert found.methods == {None: STEADY}
    for row in found.values.values():
        assert max(row) - min(row) < 1e-6


def test_a4_each_group_is_measured_for_itself():
    series = {("w", number): harvest(number) for number in range(10)}
    series |= {("r", number): lumpy(number) for number in range(60)}
    found = forecast(series, 12, groups={key: key[0] for key in series})
    assert found.methods == {"w": SEASONAL, "r": STEADY}
    assert set(found.values) == set(series) == set(found.past)


def test_a4_too_short_for_a_season():
    found = forecast({1: harvest(1, months=18)}, 6)
    assert found.methods == {None: STEADY}


def test_a4_the_error_is_that_of_the_totals():
    assert total_error({1: [1, 1], 2: [0, 4]}, {1: [2, 0], 2: [4, 4]}) == pytest.approx(0.4)
    assert total_error({1: [1]}, {1: [0]}) is None


@pytest.mark.parametrize("call", [
    lambda: combine({1: [1.0]}, 0),
    lambda: forecast({1: [1.0]}, 3, holdout=0),
    lambda: models("guess", 24),
])
def test_a4_nonsense_is_refused(call):
    with pytest.raises(ValueError, match="no months|nothing kept|unknown"):
        call()


def test_a4_versions_are_told():
    assert set(versions()) == {"statsforecast", "numpy", "pandas"}
