"""The demand for parts in the coming months, by the library statsforecast (A4).

Most spare parts are wanted now and then, so no single method is best. Three that are known to do
well on such demand are combined: the mean of the last twelve months, IMAPA and optimised simple
exponential smoothing. Where the harvest makes a season, two seasonal methods are combined instead.
Which of the two combinations a group of parts gets is measured on its own last months, over the
whole group: a single part's few months would choose by luck.

Quantities are in the part's own unit per calendar month. The library is loaded when it is needed:
it takes longer to load than Odoo's other parts together.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

STEADY = "steady"
SEASONAL = "seasonal"
METHODS = (STEADY, SEASONAL)

#: Months in a year, the longest mean, and the season.
YEAR = 12
#: Months kept back to measure the combinations with.
HOLDOUT = 6
#: A season shows in two years beside what is kept back.
SEASONAL_FROM = 2 * YEAR + HOLDOUT


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of each series, and how a forecast of the last months would have done.

    ``values`` holds the coming months of each series, ``past`` the months kept back as they would
    have been forecast, ``methods`` the combination of each group, ``errors`` the error of each
    group: sum of |forecast - actual| of the totals kept back over the sum of the actual ones.
    """

    values: Mapping[Hashable, list[float]] = field(default_factory=dict)
    past: Mapping[Hashable, list[float]] = field(default_factory=dict)
    methods: Mapping[Hashable, str] = field(default_factory=dict)
    errors: Mapping[Hashable, float | None] = field(default_factory=dict)


def versions() -> dict[str, str]:
    """Return the versions of the libraries a forecast rests on."""
    import numpy
    import pandas
    import statsforecast

    return {
        "statsforecast": statsforecast.__version__,
        "numpy": numpy.__version__,
        "pandas": pandas.__version__,
    }


def models(method: str, length: int) -> list:
    """Return the library's models that a combination takes the mean of.

    :param length: months of history; less than a year has only its mean
    :raises ValueError: unknown combination
    """
    from statsforecast import models as library

    if method not in METHODS:
        raise ValueError(f"unknown combination: {method!r}")
    if method == SEASONAL and length >= 2 * YEAR:
        return [
            library.SeasonalWindowAverage(season_length=YEAR, window_size=2),
            library.SeasonalExponentialSmoothingOptimized(season_length=YEAR),
        ]
    if length >= YEAR:
        return [
            library.WindowAverage(window_size=YEAR),
            library.IMAPA(),
            library.SimpleExponentialSmoothingOptimized(),
        ]
    return [library.HistoricAverage()]


def combine(
    series: Mapping[Hashable, Sequence[float]], horizon: int, method: str = STEADY
) -> dict[Hashable, list[float]]:
    """Return the coming months of each series by one combination; never less than nothing.

    :raises ValueError: no horizon, or unknown combination
    """
    if horizon <= 0:
        raise ValueError(f"no months to forecast: {horizon!r}")
    by_length = defaultdict(list)
    for key, values in series.items():
        by_length[len(values)].append(key)
    result: dict[Hashable, list[float]] = {}
    for length, keys in by_length.items():
        if not length:
            result |= {key: [0.0] * horizon for key in keys}
            continue
        result |= _run({key: series[key] for key in keys}, length, horizon, method)
    return result


def _run(
    series: Mapping[Hashable, Sequence[float]], length: int, horizon: int, method: str
) -> dict[Hashable, list[float]]:
    """Forecast series of one length."""
    import numpy as np
    import pandas as pd
    from statsforecast import StatsForecast

    keys = list(series)
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat(np.arange(len(keys)), length),
            "ds": np.tile(np.arange(length), len(keys)),
            "y": np.concatenate([np.asarray(series[key], dtype=float) for key in keys]),
        }
    )
    engine = StatsForecast(models=models(method, length), freq=1, n_jobs=1)
    forecast = engine.forecast(df=frame, h=horizon).sort_values(["unique_id", "ds"])
    columns = [name for name in forecast.columns if name not in ("unique_id", "ds")]
    # a model that cannot be fitted to a series leaves a gap; the others stand for it
    told = np.ma.masked_invalid(np.asarray(forecast[columns], dtype=float))
    mean = told.mean(axis=1).filled(0.0)
    table = np.clip(mean, 0.0, None).reshape(len(keys), horizon)
    return {key: row.tolist() for key, row in zip(keys, table, strict=True)}


def total_error(
    forecasts: Mapping[Hashable, Sequence[float]], actual: Mapping[Hashable, Sequence[float]]
) -> float | None:
    """Return sum |forecast - actual| of the totals over the sum of the actual ones.

    ``None`` when nothing was wanted.
    """
    wanted = sum(sum(values) for values in actual.values())
    if wanted <= 0:
        return None
    return sum(abs(sum(forecasts[key]) - sum(actual[key])) for key in actual) / wanted


def forecast(
    series: Mapping[Hashable, Sequence[float]],
    horizon: int,
    groups: Mapping[Hashable, Hashable] | None = None,
    holdout: int = HOLDOUT,
) -> Forecast:
    """Forecast each series by the combination that does better on its group's last months.

    :param groups: the group of each series (all are one when it is not given)
    :raises ValueError: no horizon, or nothing kept back
    """
    if holdout <= 0:
        raise ValueError(f"nothing kept back to measure with: {holdout!r}")
    members = defaultdict(dict)
    for key, values in series.items():
        members[groups[key] if groups else None][key] = values
    result = Forecast({}, {}, {}, {})
    for group, own in members.items():
        known = {key: values[:-holdout] for key, values in own.items() if len(values) > holdout}
        kept = {key: own[key][-holdout:] for key in known}
        tried = {}
        for method in METHODS:
            long = all(len(own[key]) >= SEASONAL_FROM for key in known)
            if known and (method == STEADY or long):
                tried[method] = combine(known, holdout, method)
        errors = {method: total_error(past, kept) for method, past in tried.items()}
        # of equal errors the steady combination, which is tried first, is taken
        best = min(
            (method for method in errors if errors[method] is not None),
            key=lambda method, errors=errors: errors[method],
            default=STEADY,
        )
        result.values.update(combine(own, horizon, best))
        result.past.update(tried.get(best, {}))
        result.methods[group] = best
        result.errors[group] = errors.get(best)
    return result
