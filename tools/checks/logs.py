"""Read Odoo's log as a judge: what went wrong, how many tests ran, which were skipped."""

import re
from dataclasses import dataclass, field

#: A log line that must not be there: warning or worse, from a server, not from a traceback.
BAD_LINE = re.compile(r"^\d{4}-\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
ERROR_LINE = re.compile(r"^\d{4}-\S+ \S+ \d+ (ERROR|CRITICAL) ")
#: Lines of the base that say nothing about us, each with its reason.
TOLERATED = (
    # Odoo's own test browser, when Chromium keeps a connection a moment too long.
    re.compile(r"odoo\.tests\..*(websocket|chrome).*(stale|close)", re.IGNORECASE),
)
#: Besides these in a log of tests: a request that a test wants refused is refused with a warning.
REFUSED = re.compile(r"^\S+ \S+ \d+ WARNING \S+ odoo\.http: ")
SUMMARY = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
SKIPPED = re.compile(r"odoo\.\S+: skipped (.+?) : (.+)$")
FAILED = re.compile(r"^\S+ \S+ \d+ \w+ \S+ \S+: (FAIL|ERROR): (.+)$")


def bad_lines(log: str, pattern: re.Pattern = BAD_LINE, *more: re.Pattern) -> list[str]:
    """Return the lines of a log that match ``pattern`` and that nothing excuses.

    :param more: what excuses a line besides :data:`TOLERATED`
    """
    excuses = (*TOLERATED, *more)
    return [
        line
        for line in log.splitlines()
        if pattern.match(line) and not any(known.search(line) for known in excuses)
    ]


@dataclass
class Tests:
    """What the Odoo tests of one run came to."""

    run: int = 0
    failed: int = 0
    names: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    @property
    def passed(self) -> int:
        """Return how many ran and did not fail (a test's subtests may fail several times)."""
        return max(self.run - self.failed - len(self.skipped), 0)


def tests(log: str) -> Tests | None:
    """Return the tests of a log; None when it never came to a result."""
    found = SUMMARY.findall(log)
    if not found:
        return None
    failures, errors, run = map(int, found[-1])
    result = Tests(run=run, failed=failures + errors)
    for line in log.splitlines():
        if match := FAILED.match(line):
            result.names.append(match.group(2))
        elif match := SKIPPED.search(line):
            result.skipped.append((match.group(1), match.group(2)))
    return result


def excerpt(log: str, limit: int = 80) -> str:
    """Return failures with their tracebacks and the bad lines: what a person reads first."""
    kept: list[str] = []
    inside = False
    for line in log.splitlines():
        if re.match(r"^\d{4}-\d\d-\d\d ", line):
            inside = bool(BAD_LINE.match(line))
        if inside:
            kept.append(line[:800])
    if len(kept) > limit:
        kept = [*kept[:limit], f"... {len(kept) - limit} more lines in the log"]
    return "\n".join(kept)
