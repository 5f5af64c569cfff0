"""Measure, and write down what came of it: ``script/bench``.

python -m tools.bench [NAME...] [--rows N] [--fresh]     bench/bench_NAME.py → docs/bench/NAME.md
python -m tools.bench start                              from a clone to the login page, to green

A file of bench/ runs in ``odoo shell`` after bench/lib.py and prints lines ``name | value | unit``.
It says on which databases: ``# databases: plain, ours`` (ours alone when it does not say).
With ``# compare: ours / plain`` the page has a column for how many times as much the first takes.
``plain`` holds what our addons stand on and what bench/load_plain*.py puts there, ``ours`` our
addons and what bench/load_ours*.py puts there, ``fsm`` and ``ddmrp`` what ours stand on and the
OCA's field service or demand driven planning (fetched for the measure alone, see PEERS). Each is
made once for a number of rows and kept; a bench runs on a copy.
"""

import argparse
import ast
import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from . import bench_start, runner, settings, setup, templates
from .fetch import SetupError
from .locks import only_one
from .postgres import Cluster

BENCH = settings.ROOT / "bench"
PAGES = settings.ROOT / "docs" / "bench"
LIBRARY = BENCH / "lib.py"
CLUSTER = Cluster("bench")
KINDS = ("plain", "ours", "fsm", "ddmrp")
#: Addons ours are measured beside; nothing of ours stands on them.
PEERS = {
    "fsm": ("odoo-addon-fieldservice==19.0.1.2.3.6", "odoo-addon-base-territory==19.0.1.0.0.8"),
    "ddmrp": (
        "odoo-addon-ddmrp==19.0.1.1.2",
        "odoo-addon-base-cron-exclusion==19.0.1.0.0.6",
        "odoo-addon-date-range==19.0.1.0.1",
        "odoo-addon-mrp-multi-level==19.0.1.0.5.4",
        "odoo-addon-mrp-warehouse-calendar==19.0.1.0.0.8",
        "odoo-addon-stock-demand-estimate==19.0.1.1.0.1",
        "odoo-addon-stock-location-is-sublocation==19.0.1.0.0.8",
        "odoo-addon-stock-move-quantity-product-uom==19.0.1.0.0.8",
        "odoo-addon-stock-warehouse-calendar==19.0.1.0.0.8",
        "odoo-addon-web-widget-bokeh-chart==19.0.1.0.1.4",
        "bokeh==3.9.0",
        "contourpy==1.3.3",
        "tornado==6.6.1",
        "xyzservices==2026.9.1",
    ),
}
PEER_MODULES = {"fsm": "fieldservice", "ddmrp": "ddmrp"}
LINE = re.compile(r"^(?P<name>[^|]+) \| (?P<value>[^|]+) \| (?P<unit>[^|]+)$")

Results = dict[str, dict[str, dict[str, str]]]


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(f"[bench] {text}", flush=True)


def databases_of(source: str) -> tuple[str, ...]:
    """Return on which databases a bench file wants to run.

    :raises SetupError: it names one there is not
    """
    found = re.search(r"^# databases: (.+)$", source, re.MULTILINE)
    kinds = tuple(kind.strip() for kind in found.group(1).split(",")) if found else ("ours",)
    if unknown := set(kinds) - set(KINDS):
        raise SetupError(f"no such database: {', '.join(unknown)}; there are {', '.join(KINDS)}")
    return kinds


def compared(source: str) -> tuple[str, str] | None:
    """Return which database is compared with which, ``None`` when the file does not say."""
    found = re.search(r"^# compare: (\w+) / (\w+)$", source, re.MULTILINE)
    return (found.group(1), found.group(2)) if found else None


def ratio(results: Results, pair: tuple[str, str], row: str, unit: str) -> str:
    """Return how many times as much the first takes in a row, empty where one has none."""
    values = [results.get(kind, {}).get(row, {}).get(unit) for kind in pair]
    if not all(values) or not float(values[1] or 0):
        return ""
    return f"{float(values[0] or 0) / float(values[1] or 0):.2f}"


def parse(printed: str) -> dict[str, dict[str, str]]:
    """Return the results of one run: name → unit → value, in their order."""
    results: dict[str, dict[str, str]] = {}
    for line in printed.splitlines():
        if match := LINE.match(line.strip()):
            name, value, unit = (part.strip() for part in match.groups())
            results.setdefault(name, {})[unit] = value
    return results


def page(name: str, source: str, results: Results, about: str) -> str:
    """Return the page of one bench: its docstring, and a table with a column for each unit."""
    text = ast.get_docstring(ast.parse(source)) or name
    title, _, rest = text.partition("\n\n")
    units = list(
        dict.fromkeys(u for found in results.values() for row in found.values() for u in row)
    )
    columns = [(kind, unit) for kind in results for unit in units]
    heads = [unit if len(results) == 1 else f"{kind} {unit}" for kind, unit in columns]
    names = dict.fromkeys(row for found in results.values() for row in found)
    pair = compared(source)
    ratios = units if pair else []
    if pair:
        heads += [f"{pair[0]} / {pair[1]} {unit}" for unit in ratios]
    lines = [
        f"| {' | '.join(['what', *heads])} |",
        f"|---{'|---:' * len(heads)}|",
        *(
            f"| {row} | "
            + " | ".join(
                [results[kind].get(row, {}).get(unit, "") for kind, unit in columns]
                + [ratio(results, pair, row, unit) for unit in ratios if pair]
            )
            + " |"
            for row in names
        ),
    ]
    body = f"{rest.strip()}\n\n" if rest.strip() else ""
    return f"# {title.strip().rstrip('.')}\n\n{body}{about}\n\n" + "\n".join(lines) + "\n"


def machine(cluster: Cluster | None = None) -> str:
    """Return on what a measure was made."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    version = f", PostgreSQL {cluster.psql('show server_version')}" if cluster else ""
    return (
        f"{os.cpu_count()} cores ({model}), {memory:.0f} GB; Python "
        f"{sys.version.split()[0]}{version}, Odoo {settings.ODOO_VERSION}"
    )


def commit() -> str:
    """Return the commit measured."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or "unknown"


def key(kind: str, rows: int) -> str:
    """Return the name of a database with this many rows, of what it is made."""
    loads = sorted(BENCH.glob(f"load_{kind}*.py"))
    parts = [settings.tree_hash(LIBRARY, *loads), templates.key(), *PEERS.get(kind, ())]
    if kind == "ours":
        for addon in settings.our_addons():
            folder = settings.ADDONS / addon
            parts.append(
                settings.tree_hash(*(p for p in sorted(folder.iterdir()) if p.name != "tests"))
            )
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
    return f"bench_{kind}_{rows}_{digest}"


def peers(kind: str) -> list[str]:
    """Return the options that let Odoo find the addons of this kind, fetched if need be."""
    if kind not in PEERS:
        return []
    target = settings.VAR / "peers" / kind
    if not target.exists():
        setup.run_uv("pip", "install", "--no-deps", "--target", str(target), *PEERS[kind])
    return [f"--addons-path={settings.ADDONS},{target / 'odoo' / 'addons'}"]


def variables(kind: str, rows: int) -> dict[str, str]:
    """Return what a script on this kind is told; the libraries of its addons are on the path."""
    path = {"PYTHONPATH": str(settings.VAR / "peers" / kind)} if kind in PEERS else {}
    return {"JINXING_ROWS": str(rows), **path}


def loaded(kind: str, rows: int, fresh: bool = False) -> str:
    """Return the name of the database of this kind, made when it is not there."""
    name = key(kind, rows)
    if name in CLUSTER.databases() and not fresh:
        return name
    for old in CLUSTER.databases():
        if old.startswith(f"bench_{kind}_{rows}_"):
            CLUSTER.drop(old)
    part = f"making_{name}"
    CLUSTER.copy(templates.base(CLUSTER, say=say), part)
    if kind == "ours":
        say("Installing our addons")
        args = ("-i", ",".join(settings.our_addons()), "--stop-after-init", "--no-http")
        runner.run(CLUSTER, "-d", part, *args, log=settings.VAR / "log" / "bench-install.log")
    if kind in PEERS:
        say(f"Installing {PEER_MODULES[kind]}")
        args = ("-i", PEER_MODULES[kind], "--stop-after-init", "--no-http", *peers(kind))
        log = settings.VAR / "log" / "bench-install.log"
        runner.run(CLUSTER, "-d", part, *args, log=log, variables=variables(kind, rows))
    for path in sorted(BENCH.glob(f"load_{kind}*.py")):
        began = time.monotonic()
        runner.script(CLUSTER, part, LIBRARY, path, more=peers(kind), **variables(kind, rows))
        say(f"{path.name}: {rows} rows, {time.monotonic() - began:.0f} s")
    CLUSTER.rename(part, name)
    return name


def run(path: Path, rows: int, fresh: bool) -> str:
    """Run one bench file on its databases; return its page."""
    source = path.read_text(encoding="utf-8")
    results: Results = {}
    for kind in databases_of(source):
        name, copy = loaded(kind, rows, fresh), "bench_running"
        CLUSTER.copy(name, copy)
        CLUSTER.psql("analyze", database=copy)
        try:
            began = time.monotonic()
            printed = runner.script(
                CLUSTER, copy, LIBRARY, path, more=peers(kind), **variables(kind, rows)
            )
            say(f"{path.stem} on {kind}: {time.monotonic() - began:.0f} s")
        finally:
            CLUSTER.drop(copy)
        results[kind] = parse(printed)
        if not results[kind]:
            raise SetupError(f"{path.name} shows nothing on {kind}:\n{printed[-2000:]}")
        for row, values in results[kind].items():
            say(f"  {row}: {', '.join(f'{value} {unit}' for unit, value in values.items())}")
    about = (
        f"{rows:,} rows; medians; {machine(CLUSTER)}; commit {commit()}. "
        f"Made by `script/bench {path.stem.removeprefix('bench_')} --rows {rows}`."
    )
    return page(path.stem, source, results, about)


def main(args: list[str]) -> int:
    """Run the benches named, or all."""
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--rows", type=int, default=10000)
    parser.add_argument("--fresh", action="store_true", help="make the databases anew")
    options = parser.parse_args(args)
    there = {path.stem.removeprefix("bench_"): path for path in sorted(BENCH.glob("bench_*.py"))}
    names = options.names or list(there)
    if unknown := [name for name in names if name not in there and name != "start"]:
        parser.error(f"no such bench: {', '.join(unknown)}; there are start, {', '.join(there)}")
    settings.VAR.mkdir(exist_ok=True)
    PAGES.mkdir(parents=True, exist_ok=True)
    try:
        with only_one(settings.VAR / "bench.lock", lambda: say("Waiting for another run here")):
            for name in names:
                suffix = "" if options.rows == 10000 else f"_{options.rows}"
                target = PAGES / f"{name}{suffix if name != 'start' else ''}.md"
                if name == "start":
                    text = bench_start.run(say, f"{machine()}; commit {commit()}.")
                else:
                    with CLUSTER.hold():
                        text = run(there[name], options.rows, options.fresh)
                target.write_text(text, encoding="utf-8")
                say(f"written: {target.relative_to(settings.ROOT)}")
    except SetupError as error:
        print(f"\nbench stopped: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
