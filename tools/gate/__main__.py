"""All that must hold before a change is good: ``script/test``.

python -m tools.gate                     everything
python -m tools.gate --list              names of the tasks
python -m tools.gate lint rules          only these, and what they need
python -m tools.gate --base              Odoo's and OCA's own tests with our addons installed

Needs nothing running and leaves nothing running. The last line is ``N passed, N failed``.
"""

import argparse
import signal
import sys
import time

import psutil

from .. import settings
from ..fetch import SetupError
from ..locks import only_one
from ..postgres import Cluster
from . import base, lint, odoo_tests
from .databases import Databases
from .plan import Outcome, Plan, Report, Task, chosen, table, workers


def say(text: str) -> None:
    """Print one line at once."""
    print(text, flush=True)


def tasks(databases: Databases) -> list[Task]:
    """Return all tasks; what stands first is begun first."""
    return [
        Task("template", databases.template),
        Task("lint", lint.run),
        Task("install", databases.install, ("template",)),
        Task("demo template", lambda: databases.template(demo=True)),
        Task("odoo tests 1", lambda: odoo_tests.run(databases, 0), ("install",)),
        Task("odoo tests 2", lambda: odoo_tests.run(databases, 1), ("install",)),
        Task("install demo", databases.install_demo, ("demo template",)),
        Task("update", databases.update, ("install demo",)),
        Task("uninstall", databases.uninstall, ("update",)),
        Task("words", databases.words, ("install",)),
        Task("life", databases.life, ("install",)),
        Task("rules", lint.python_tests),
        Task("all ran", odoo_tests.complete, ("odoo tests 1", "odoo tests 2")),
    ]


def _interrupt(signum, frame):
    raise KeyboardInterrupt


def _stop_children() -> None:
    """End what this run has started and is still under way."""
    children = psutil.Process().children(recursive=True)
    for child in children:
        child.terminate()
    psutil.wait_procs(children, timeout=10)


def run(wanted: list[Task], databases: Databases, jobs: int, keep: bool) -> list[Report]:
    """Run the tasks with the test server up, and clear up after them."""
    needs_server = any(task.name not in ("lint", "rules") for task in wanted)
    plan = Plan(wanted, jobs, say)
    if not needs_server:
        return plan.run()
    with databases.cluster.hold():
        databases.drop_all()
        try:
            return plan.run()
        except KeyboardInterrupt:
            _stop_children()
            raise
        finally:
            if not keep:
                databases.drop_all()


def main(args: list[str]) -> int:
    """Run what the command line asks for; return 0 when all of it holds."""
    parser = argparse.ArgumentParser(prog="script/test")
    parser.add_argument("names", nargs="*", metavar="TASK")
    parser.add_argument("--list", action="store_true", help="name the tasks")
    parser.add_argument("--base", action="store_true", help="Odoo's own tests beside our addons")
    parser.add_argument("--jobs", type=int, default=workers(), help="tasks at once")
    parser.add_argument("--keep", action="store_true", help="keep the databases to look at")
    options = parser.parse_args(args)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    settings.VAR.mkdir(exist_ok=True)
    databases = Databases(Cluster("test"), say)
    every = base.tasks(databases) if options.base else tasks(databases)
    names = [task.name for task in every]
    if options.list:
        print(*names, sep="\n")
        return 0
    if unknown := [name for name in options.names if name not in names]:
        parser.error(f"no such task: {', '.join(unknown)}; there are {', '.join(names)}")
    began = time.monotonic()
    total = Outcome()
    try:
        with only_one(settings.VAR / "gate.lock", lambda: say("Waiting for another run here")):
            reports = run(
                chosen(every, options.names or names), databases, options.jobs, options.keep
            )
    except SetupError as error:
        say(f"stopped: {error}")
        total.failed += 1
        reports = []
    except KeyboardInterrupt:
        say("interrupted\n\n0 passed, 1 failed")
        return 130
    for report in reports:
        total.add(report.outcome)
    if reports:
        say(f"\n{table(reports)}\n  {time.monotonic() - began:.0f} s in all")
    broken = [report.name for report in reports if report.outcome.failed]
    if broken:
        say(f"\nFailed: {', '.join(broken)}. Logs: var/log/gate-*.log")
    say(f"\n{total.passed} passed, {total.failed} failed")
    return int(total.failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
