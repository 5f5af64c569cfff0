"""Run the gate's tasks, several at once, and keep what each came to."""

import os
import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What a task came to: how many checks held, how many did not, and why."""

    passed: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)
    note: str = ""

    def check(self, problems: Iterable[object], name: str = "") -> "Outcome":
        """Count one check, which failed when there are ``problems``."""
        found = [f"{name}: {p}" if name else str(p) for p in problems]
        self.problems += found
        if found:
            self.failed += 1
        else:
            self.passed += 1
        return self

    def add(self, other: "Outcome") -> "Outcome":
        """Take in what another task came to."""
        self.passed += other.passed
        self.failed += other.failed
        self.problems += other.problems
        return self


@dataclass(frozen=True)
class Task:
    """One piece of work.

    :param needs: names of the tasks that must have ended well before
    """

    name: str
    run: Callable[[], Outcome]
    needs: tuple[str, ...] = ()


@dataclass
class Report:
    """The outcome of one task, and when."""

    name: str
    outcome: Outcome
    began: float
    seconds: float


def chosen(tasks: list[Task], names: Iterable[str]) -> list[Task]:
    """Return the named tasks and all they need, in the order of ``tasks``."""
    wanted: set[str] = set()
    by_name = {task.name: task for task in tasks}

    def want(name: str) -> None:
        if name not in wanted:
            wanted.add(name)
            for need in by_name[name].needs:
                want(need)

    for name in names:
        want(name)
    return [task for task in tasks if task.name in wanted]


def _guarded(task: Task) -> Outcome:
    try:
        return task.run()
    except Exception as error:
        return Outcome(failed=1, problems=[f"{type(error).__name__}: {error}"])


class Plan:
    """Tasks in the order of their importance, run as soon as what they need is done.

    :param workers: how many at once
    :param say: told of every beginning and end
    """

    def __init__(self, tasks: list[Task], workers: int, say: Callable[[str], None]):
        self.waiting = list(tasks)
        self.workers = workers
        self.say = say
        self.reports: dict[str, Report] = {}
        self._done: queue.Queue[tuple[Task, Outcome, float]] = queue.Queue()
        self._began = time.monotonic()

    def run(self) -> list[Report]:
        """Run all tasks; return their reports in the order in which they ended."""
        running = 0
        while self.waiting or running:
            while running < self.workers and (task := self._next()):
                self._start(task)
                running += 1
            if running:
                self._end(*self._done.get())
                running -= 1
            elif self.waiting:
                raise RuntimeError(f"tasks wait for each other: {self.waiting}")
        return list(self.reports.values())

    def _next(self) -> Task | None:
        for task in list(self.waiting):
            if any(need not in self.reports for need in task.needs):
                continue
            self.waiting.remove(task)
            broken = [need for need in task.needs if self.reports[need].outcome.failed]
            if not broken:
                return task
            outcome = Outcome(failed=1, problems=[f"not run: {', '.join(broken)} failed"])
            self._keep(task, outcome, time.monotonic())
        return None

    def _start(self, task: Task) -> None:
        self.say(f"{self._clock()} ...    {task.name}")
        began = time.monotonic()

        def work() -> None:
            self._done.put((task, _guarded(task), began))

        threading.Thread(target=work, name=task.name, daemon=True).start()

    def _end(self, task: Task, outcome: Outcome, began: float) -> None:
        self._keep(task, outcome, began)

    def _keep(self, task: Task, outcome: Outcome, began: float) -> None:
        now = time.monotonic()
        self.reports[task.name] = Report(task.name, outcome, began - self._began, now - began)
        verdict = "FAILED" if outcome.failed else "ok    "
        counted = f"{outcome.passed} passed"
        if outcome.failed:
            counted += f", {outcome.failed} failed"
        note = f" ({outcome.note})" if outcome.note else ""
        self.say(f"{self._clock()} {verdict} {task.name}: {counted}, {now - began:.0f} s{note}")
        for problem in outcome.problems:
            self.say("".join(f"           {line}\n" for line in problem.splitlines()).rstrip("\n"))

    def _clock(self) -> str:
        return f"[{time.monotonic() - self._began:4.0f} s]"


def workers() -> int:
    """Return how many tasks this machine runs at once."""
    return max(2, min(4, os.cpu_count() or 2))


def table(reports: list[Report]) -> str:
    """Return the durations of all tasks as a table for a person."""
    width = max(len(report.name) for report in reports)
    return "\n".join(
        f"  {report.name:<{width}}  {report.seconds:6.1f} s  from {report.began:5.0f} s"
        for report in sorted(reports, key=lambda report: report.began)
    )
