"""Run the Odoo tests of our addons, browser tours among them, in two halves side by side."""

import json
import re
from contextlib import suppress

from .. import runner, settings
from ..checks import addons, logs
from .databases import HALVES, Databases, log_of
from .plan import Outcome

Key = tuple[str, str, str, str]

STARTED = re.compile(r"odoo\.addons\.(\w+)\.tests\.(\w+): Starting (\w+)\.(\w+) \.\.\.")
TIMED = re.compile(r"^(\d{4}-\d\d-\d\d) (\d\d):(\d\d):(\d\d),(\d{3}) ")
TIMES = settings.VAR / "log" / "gate-test-times.json"


def expected() -> set[Key]:
    """Return all tests of our addons that are to run."""
    return {
        key for name in settings.our_addons() for key in addons.odoo_tests(settings.ADDONS / name)
    }


def started(log: str) -> set[Key]:
    """Return the tests that a log saw beginning."""
    return {match.groups() for match in STARTED.finditer(log)}


def durations(log: str) -> dict[str, float]:
    """Return seconds by ``addon:Class``, from the times of the log's lines."""
    spent: dict[str, float] = {}
    current, since = "", 0.0
    for line in log.splitlines():
        when = TIMED.match(line)
        if not when:
            continue
        hours, minutes, seconds, millis = map(int, when.groups()[1:])
        now = hours * 3600 + minutes * 60 + seconds + millis / 1000
        begins = STARTED.search(line)
        if begins or "post-tests in" in line:
            if current:
                spent[current] = spent.get(current, 0.0) + max(now - since, 0)
            current = f"{begins.group(1)}:{begins.group(3)}" if begins else ""
            since = now
    return spent


def halves(weights: dict[str, float]) -> list[list[str]]:
    """Part the classes into two lists that take about as long."""
    parts: list[list[str]] = [[], []]
    totals = [0.0, 0.0]
    for label in sorted(weights, key=lambda label: (-weights[label], label)):
        lighter = totals.index(min(totals))
        parts[lighter].append(label)
        totals[lighter] += weights[label]
    return parts


def known_times() -> dict[str, float]:
    """Return what the classes took the last time on this machine."""
    with suppress(OSError, ValueError):
        return json.loads(TIMES.read_text())
    return {}


def tags(part: int) -> str:
    """Return the test tags of one half; the second is all that the first is not."""
    weights = {
        label: seconds
        for name in settings.our_addons()
        for label, seconds in addons.guess_seconds(settings.ADDONS / name).items()
    }
    weights |= {label: seconds for label, seconds in known_times().items() if label in weights}
    first = sorted(halves(weights)[0])
    if part == 0:
        return ",".join(f"/{label}" for label in first)
    everything = [f"/{name}" for name in settings.our_addons()]
    return ",".join([*everything, *(f"-/{label}" for label in first)])


def judge(log: str, code: int) -> Outcome:
    """Return what one run of tests came to: skipped ones have failed, and so have warnings."""
    result = logs.tests(log)
    if result is None:
        return Outcome(failed=1, problems=[f"no result (odoo ended with {code}): {log[-3000:]}"])
    outcome = Outcome(passed=result.passed, failed=result.failed)
    if result.failed:
        outcome.problems.append(logs.excerpt(log, 300))
    for name, reason in result.skipped:
        outcome.failed += 1
        outcome.problems.append(f"skipped: {name}: {reason}")
    if code and not outcome.failed:
        outcome.check([f"odoo ended with {code}: {log[-3000:]}"])
    elif not result.failed:
        bad = logs.bad_lines(log, logs.BAD_LINE, logs.REFUSED)
        outcome.check(["\n".join(dict.fromkeys(line[:400] for line in bad))] if bad else [])
    return outcome


def run(databases: Databases, part: int) -> Outcome:
    """Run one half of the tests."""
    wanted = tags(part)
    if not wanted:
        return Outcome(note="nothing to run")
    name = f"tests-{part + 1}"
    ports = (f"--http-port={runner.free_port()}", f"--gevent-port={runner.free_port()}")
    code, log = runner.finish(
        databases.cluster,
        *("-d", HALVES[part], "--test-tags", wanted, "--stop-after-init"),
        *(*ports, "--max-cron-threads=0"),
        log=log_of(name),
    )
    databases.done(HALVES[part])
    return judge(log, code)


def complete() -> Outcome:
    """Compare the tests that ran with those there are: none may be passed over."""
    texts = [log_of(f"tests-{part + 1}").read_text(errors="replace") for part in (0, 1)]
    ran = started("\n".join(texts))
    spent = [durations(text) for text in texts]
    TIMES.write_text(json.dumps({**known_times(), **spent[0], **spent[1]}, indent=1))
    missing = sorted(expected() - ran)
    outcome = Outcome(note=f"{len(ran)} Odoo tests")
    return outcome.check(f"never ran: {'.'.join(key)}" for key in missing)
