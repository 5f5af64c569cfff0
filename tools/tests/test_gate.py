"""The gate itself: it must not be green when something failed, was skipped, or never ran."""

import threading

import pytest

from tools import settings
from tools.checks import addons
from tools.gate import __main__ as gate
from tools.gate import base, odoo_tests
from tools.gate.databases import Databases
from tools.gate.plan import Outcome, Plan, Task, chosen
from tools.postgres import Cluster

LINE = "2026-05-01 10:00:0{},000 12 {} db {}: {}"
START = "odoo.addons.jinxing_base.tests.test_a"


def _log(*entries):
    return "\n".join(
        LINE.format(at, level, logger, text) for at, (level, logger, text) in enumerate(entries)
    )


def _result(failed=0, errors=0, run=2):
    level = "ERROR" if failed or errors else "INFO"
    text = f"{failed} failed, {errors} error(s) of {run} tests when loading database 'db'"
    return level, "odoo.tests.result", text


def _run(*tasks, workers=2):
    said = []
    reports = Plan(list(tasks), workers, said.append).run()
    return {report.name: report.outcome for report in reports}, "\n".join(said)


def test_tasks_run_when_what_they_need_is_done():
    order = []

    def task(name, *needs):
        return Task(name, lambda: order.append(name) or Outcome().check([]), needs)

    _run(task("c", "b"), task("b", "a"), task("a"))
    assert order == ["a", "b", "c"]


def test_two_tasks_run_at_once():
    both = threading.Barrier(2, timeout=10)

    def meet():
        both.wait()
        return Outcome().check([])

    done, _said = _run(Task("a", meet), Task("b", meet))
    assert not done["a"].failed and not done["b"].failed


def test_what_needs_a_failed_task_has_failed():
    done, said = _run(
        Task("a", lambda: Outcome().check(["no"])), Task("b", lambda: Outcome().check([]), ("a",))
    )
    assert (done["b"].passed, done["b"].failed) == (0, 1)
    assert "not run: a failed" in said


def test_a_task_that_breaks_has_failed():
    done, said = _run(Task("a", lambda: 1 / 0))
    assert done["a"].failed == 1 and "ZeroDivisionError" in said


def test_one_task_brings_what_it_needs():
    tasks = [Task("a", Outcome), Task("b", Outcome), Task("c", Outcome, ("a",))]
    assert [task.name for task in chosen(tasks, ["c"])] == ["a", "c"]


def test_every_need_names_a_task():
    databases = Databases(Cluster("test"), print)
    for tasks in (gate.tasks(databases), base.tasks(databases)):
        names = [task.name for task in tasks]
        assert len(set(names)) == len(names)
        assert all(need in names for task in tasks for need in task.needs)


@pytest.mark.parametrize(
    ("problems", "code", "last"), [([], 0, "1 passed, 0 failed"), (["x"], 1, "0 passed, 1 failed")]
)
def test_the_last_line_is_for_machines(monkeypatch, capsys, tmp_path, problems, code, last):
    monkeypatch.setattr(settings, "VAR", tmp_path)
    monkeypatch.setattr(gate, "tasks", lambda db: [Task("lint", lambda: Outcome().check(problems))])
    monkeypatch.setattr(gate.signal, "signal", lambda *args: None)
    assert gate.main([]) == code
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_odoo_tests_that_hold():
    refused = ("WARNING", "odoo.http", "You may not read this.")
    log = _log(("INFO", START, "Starting TestA.test_b ... "), refused, _result())
    outcome = odoo_tests.judge(log, 0)
    assert (outcome.passed, outcome.failed) == (3, 0)  # two tests, and no warning
    assert odoo_tests.started(log) == {("jinxing_base", "test_a", "TestA", "test_b")}


@pytest.mark.parametrize(
    ("log", "code"),
    [
        ("", 0),
        (_log(("INFO", "odoo", "nothing ran")), 0),
        (_log(("ERROR", START, "FAIL: TestA.test_b"), _result(failed=1)), 1),
        (_log(("INFO", START, "skipped TestA.test_b : Chrome executable not found"), _result()), 0),
        (_log(("WARNING", "odoo.models", "two fields, one label"), _result()), 0),
        (_log(_result()), 1),
    ],
    ids=["no log", "no result", "failure", "skip", "warning", "exit code"],
)
def test_odoo_tests_that_do_not_hold(log, code):
    assert odoo_tests.judge(log, code).failed


def test_a_test_that_never_ran_is_missed(monkeypatch, tmp_path):
    monkeypatch.setattr(odoo_tests, "log_of", lambda name: tmp_path / name)
    monkeypatch.setattr(odoo_tests, "TIMES", tmp_path / "times")
    keys = {("jinxing_base", "test_a", "TestA", name) for name in ("test_b", "test_c")}
    monkeypatch.setattr(odoo_tests, "expected", lambda: keys)
    (tmp_path / "tests-1").write_text(_log(("INFO", START, "Starting TestA.test_b ... ")))
    (tmp_path / "tests-2").write_text(_log(_result()))
    assert odoo_tests.complete().problems == ["never ran: jinxing_base.test_a.TestA.test_c"]


def test_durations_are_read_from_the_log():
    log = _log(
        ("INFO", START, "Starting TestA.test_b ... "),
        ("INFO", START, "Starting TestA.test_c ... "),
        ("INFO", START, "Starting TestD.test_e ... "),
        ("INFO", "odoo.service.server", "3 post-tests in 3.0s, 1 queries"),
    )
    assert odoo_tests.durations(log) == {"jinxing_base:TestA": 2.0, "jinxing_base:TestD": 1.0}


def test_halves_take_about_as_long():
    assert odoo_tests.halves({"a": 9.0, "b": 4.0, "c": 3.0, "d": 2.0}) == [["a"], ["b", "c", "d"]]


def test_the_base_may_fail_what_it_fails_alone():
    alone = _log(("ERROR", START, "FAIL: TestA.test_b"), _result(failed=1))
    assert not base.judge(alone, alone).failed
    ours = _log(
        ("ERROR", START, "FAIL: TestA.test_b"),
        ("ERROR", START, "FAIL: TestA.test_c"),
        _result(failed=2),
    )
    assert base.judge(ours, alone).failed == 1
    assert base.judge(_log(_result(run=1)), _log(_result(run=2))).failed == 1


@pytest.fixture
def addon(tmp_path):
    """An addon that is as it should be."""
    folder = tmp_path / "jinxing_repair"
    files = {
        "__manifest__.py": repr(
            {"license": "AGPL-3", "version": "19.0.1.0.0", "depends": ["jinxing_base", "stock"]}
        ),
        "readme/DESCRIPTION.md": "What it does.",
        "static/description/icon.png": "",
        "security/ir.model.access.csv": "",
        "tests/__init__.py": "from . import test_a\n",
        "tests/test_a.py": (
            '@tagged("post_install", "-at_install")\n'
            "class TestA(TransactionCase):\n    def test_b(self):\n        pass\n"
        ),
        "models/a.py": "def f(self):\n    # sudo: because\n    return self.sudo().x\n",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_an_addon_as_it_should_be(addon):
    assert addons.check_addon(addon) == []
    assert addons.odoo_tests(addon) == {("jinxing_repair", "test_a", "TestA", "test_b")}


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        ("__manifest__.py", "AGPL-3", "LGPL-3", "licence is not AGPL-3"),
        ("__manifest__.py", "19.0.1.0.0", "1.0", "version 1.0 is not"),
        ("__manifest__.py", "jinxing_base", "jinxing_parts", "arrows go down only"),
        ("tests/__init__.py", "test_a", "test_b", "does not import test_a"),
        ("tests/test_a.py", '"post_install", ', "", "TestA is not @tagged"),
        ("models/a.py", "# sudo", "# why", "a.py:3: sudo() without"),
    ],
)
def test_an_addon_as_it_should_not_be(addon, name, old, new, found):
    path = addon / name
    path.write_text(path.read_text().replace(old, new))
    (problem,) = addons.check_addon(addon)
    assert found in problem


def test_an_addon_without_description(addon):
    (addon / "readme" / "DESCRIPTION.md").unlink()
    assert addons.check_addon(addon) == ["jinxing_repair: readme/DESCRIPTION.md is missing"]


def test_an_addon_in_no_room(addon):
    other = addon.rename(addon.with_name("jinxing_extra"))
    assert "is in no room" in addons.check_addon(other)[0]
