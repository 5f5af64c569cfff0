"""Odoo's and OCA's own tests, with our addons and without: we must break nothing of theirs.

Not part of every run: it takes minutes and finds only what a change of ours does to the base.
What fails without us too is no fault of ours: three tests of ``rma_sale``, for example, where
this Odoo differs from the one the wheel was made for.
"""

from .. import runner, settings, templates
from ..checks import logs
from .databases import FED, Databases, log_of
from .plan import Outcome, Task

#: whose tests are run, as far as they are installed
MODULES = (
    "repair",
    "repair_service",
    "helpdesk_mgmt",
    "helpdesk_type",
    "rma",
    "rma_sale",
    "stock_request",
    "purchase_repair",
)


def tasks(databases: Databases) -> list[Task]:
    """Return the tasks of this run."""
    return [
        Task("demo template", lambda: databases.template(demo=True)),
        Task("base with ours", lambda: run(databases, "gate_base_ours"), ("demo template",)),
        Task("base alone", lambda: run(databases, "gate_base_alone"), ("demo template",)),
        Task("compare", compare, ("base with ours", "base alone")),
    ]


def run(databases: Databases, database: str) -> Outcome:
    """Run the tests of the base; what fails is judged when both runs are over."""
    cluster = databases.cluster
    cluster.copy(templates.base(cluster, True), database)
    if database.endswith("ours"):
        outcome = databases.odoo(
            *("base-install", database, "-i", ",".join(settings.our_addons())),
            *("--with-demo", "--no-http"),
        )
        if outcome.failed:
            return outcome
    installed = cluster.psql(
        "select name from ir_module_module where state = 'installed'", database=database
    ).split()
    tags = ",".join(f"/{name}" for name in MODULES if name in installed)
    _code, log = runner.finish(
        cluster,
        *("-d", database, "--test-tags", tags, "--stop-after-init", "--max-cron-threads=0"),
        *(f"--http-port={runner.free_port()}", f"--gevent-port={runner.free_port()}"),
        log=log_of(database),
        launcher=FED / "all_positions.py",
    )
    return Outcome().check([] if logs.tests(log) else [f"no result: {log[-3000:]}"])


def compare() -> Outcome:
    """Fail on each test that fails with us and not without."""
    ours, alone = (
        log_of(name).read_text(errors="replace") for name in ("gate_base_ours", "gate_base_alone")
    )
    return judge(ours, alone)


def judge(ours: str, alone: str) -> Outcome:
    """Return what the tests in the log ``ours`` came to beside the log ``alone``."""
    with_us, without = logs.tests(ours), logs.tests(alone)
    known = set(without.names)
    new = sorted(set(with_us.names) - known)
    outcome = Outcome(passed=with_us.passed, failed=len(new))
    if known:
        outcome.note = f"failing without us too: {', '.join(sorted(known))}"
    if fewer := without.run - with_us.run:
        outcome.check([f"{fewer} tests did not run with our addons"] if fewer > 0 else [])
    if new:
        outcome.problems.append(f"failing only with our addons: {', '.join(new)}")
        outcome.problems.append(logs.excerpt(ours, 200))
    return outcome
