"""Forecast of spare parts against real demand

The carparts set (Hyndman, Koehler, Ord, Snyder 2008; every second series, 1998-01 to 2002-03): the
last six months are kept back and forecast from the rest; the error is that of the six-month total
of each part, sum |forecast - actual| / sum(actual), over the series without gaps. "Ours" is what
the addon does: the mean of three methods of statsforecast, not tuned on these data. Below it, what
it is made of, and the usual comparisons. The whole set of 2,503 complete series is known to give
0.84 for the mean of the last 12 months; on the half of it that is here that same mean has the error
below, and it is the one to beat. "Six months earlier" and so on repeat it with less history, so
that it shows whether the last six months were luck. `JINXING_DATA` names the folder of
carparts_monthly.csv, else it is looked for in ../shared/data beside the clone.
"""

# ruff: noqa: F821
import csv
import importlib.util
import os
import sys
import time
from pathlib import Path

HERE = [Path.cwd(), *Path.cwd().parents]
RULES = Path("addons", "jinxing_parts", "rules", "forecasting.py")
SOURCE = next(folder / RULES for folder in HERE if (folder / RULES).exists())
FILE = "carparts_monthly.csv"
FOLDERS = (
    [Path(os.environ["JINXING_DATA"])]
    if os.environ.get("JINXING_DATA")
    else [folder / "shared" / "data" for folder in HERE]
)
FOLDER = next((folder for folder in FOLDERS if (folder / FILE).exists()), None)


def load():
    """Return the addon's forecasting, which needs no addon installed."""
    spec = importlib.util.spec_from_file_location("jinxing_forecasting", SOURCE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["jinxing_forecasting"] = module
    spec.loader.exec_module(module)
    return module


def series_of(path):
    """Return the months of each part that has no gap."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    return {row[0]: [float(value) for value in row[1:]] for row in rows if "" not in row[1:]}


def measure_forecasts(folder):
    """Show the error of ours and of what it is compared with."""
    from statsforecast import StatsForecast  # noqa: F401  load before the clock runs
    from statsforecast import models as library

    forecasting = load()
    series = series_of(folder / FILE)
    months = forecasting.HOLDOUT
    known = {key: values[:-months] for key, values in series.items()}
    actual = {key: values[-months:] for key, values in series.items()}
    show("series without gaps", len(series), "parts")
    for name, version in forecasting.versions().items():
        show(name, version, "version")

    def judge(name, forecasts, spent):
        show(name, f"{forecasting.total_error(forecasts, actual):.4f}", "error")
        wanted = sum(map(sum, actual.values()))
        bias = (sum(map(sum, forecasts.values())) - wanted) / wanted
        show(name, f"{bias:+.3f}", "bias")
        show(name, f"{spent:.2f}", "s")

    forecasting.combine(known, months)  # compiles what the library compiles
    began = time.perf_counter()
    found = forecasting.forecast(known, months)
    judge(f"ours ({found.methods[None]})", found.values, time.perf_counter() - began)
    compared = {
        "mean of the last 12 months": library.WindowAverage(window_size=12),
        "IMAPA": library.IMAPA(),
        "optimised exponential smoothing": library.SimpleExponentialSmoothingOptimized(),
        "ADIDA": library.ADIDA(),
        "TSB(0.2, 0.1)": library.TSB(0.2, 0.1),
        "Croston-SBA": library.CrostonSBA(),
        "same months last year": library.SeasonalNaive(season_length=12),
        "last month": library.Naive(),
    }
    for name, model in compared.items():
        kept, forecasting.models = forecasting.models, lambda _m, _n, model=model: [model]
        began = time.perf_counter()
        judge(name, forecasting.combine(known, months), time.perf_counter() - began)
        forecasting.models = kept

    for earlier in (6, 12, 18):
        cut = {key: values[:-earlier] for key, values in series.items()}
        known = {key: values[:-months] for key, values in cut.items()}
        actual = {key: values[-months:] for key, values in cut.items()}
        title = f"{earlier} months earlier"
        found = forecasting.forecast(known, months)
        mean = {key: [sum(values[-12:]) / 12] * months for key, values in known.items()}
        for name, forecasts in (
            (f"ours ({found.methods[None]})", found.values), ("mean of the last 12 months", mean)
        ):
            show(f"{title}: {name}", f"{forecasting.total_error(forecasts, actual):.4f}", "error")


if FOLDER:
    measure_forecasts(FOLDER)
else:
    show(f"skipped: {FILE} is not there, JINXING_DATA names its folder", "-", "error")
