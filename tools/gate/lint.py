"""Read the sources: what tools off the shelf find, and what only this project asks."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from .. import runner, settings
from ..checks import addons, idioms, labels, po, traceability
from .plan import Outcome

SOURCES = ("addons", "tools", "bench", "conftest.py")
#: what the OCA hooks ask that this project does otherwise
OCA_LEFT_OUT = "xml-header-wrong,xml-tag-position,prefer-readme-rst"
#: polib's way to break lines is kept: script/dev i18n writes the files
PO_LEFT_OUT = "po-pretty-format"
#: symbol of a pylint message -> pattern in "path message" where it is meant as it is
EXCUSED = {
    # rules are imported under one name, with and without Odoo (conftest.py)
    "odoo-addons-relative-import": "/rules/",
    # readme/DESCRIPTION.md, of which the OCA makes README.rst, is asked for by checks.addons
    "missing-readme": "",
    # a model of more than 500 lines is split over files
    "consider-merging-classes-inherited": "",
    # reading a field is the test of who may read it; ruff's B018 wants a word about it
    "pointless-statement": "/tests/",
    # "_ = self.env._" is what is preferred, and the check does not know it
    "prefer-env-translation": "",
    # a helper of tests may be called read; an ORM method in addons may not go without super
    "method-required-super": "/tests/",
    # companies, checklist items: small tables; query counts are tested
    "no-search-all": "",
    # a compute returns nothing, in Odoo's own addons too
    "missing-return": r"method _compute_",
    # the way round a model's own guard of write() has this name
    "super-method-mismatch": r"defined method is `_store",
}


def _tool(*command: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(settings.VENV / "bin" / str(command[0])), *map(str, command[1:])],
        cwd=settings.ROOT,
        env=runner.python_environment(env or os.environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def _sources() -> list[str]:
    return [name for name in SOURCES if (settings.ROOT / name).exists()]


def _folders() -> list[Path]:
    return [settings.ADDONS / name for name in settings.our_addons()]


def ruff() -> list[str]:
    """Return what ruff finds."""
    done = _tool("ruff", "check", "--output-format=concise", "--no-cache", *_sources())
    return done.stdout.splitlines() if done.returncode else []


def _excused(message: dict) -> bool:
    pattern = EXCUSED.get(message["symbol"])
    where = f"/{message['path']} {message['message']}"
    return pattern is not None and re.search(pattern, where) is not None


def pylint() -> list[str]:
    """Return what pylint-odoo finds (its configuration is in pyproject.toml)."""
    done = _tool("pylint", "--output-format=json2", "--jobs=2", *_folders())
    try:
        messages = json.loads(done.stdout)["messages"]
    except (ValueError, KeyError):
        return [f"pylint did not run: {(done.stderr or done.stdout)[-800:]}"]
    return [
        f"{m['path']}:{m['line']}: {m['message']} ({m['symbol']})"
        for m in messages
        if not _excused(m)
    ]


def _oca_findings(done: subprocess.CompletedProcess) -> list[str]:
    lines = [line for line in done.stdout.splitlines() if line.startswith(("addons/", "/"))]
    if done.returncode and not lines:
        return [(done.stderr or done.stdout)[-800:]]
    return lines


def oca_module() -> list[str]:
    """Return what the OCA's checks of addons find."""
    folders = [path.relative_to(settings.ROOT) for path in _folders()]
    return _oca_findings(_tool("oca-checks-odoo-module", "-d", OCA_LEFT_OUT, *folders))


def oca_po() -> list[str]:
    """Return what the OCA's checks of translations find."""
    files = sorted(path.relative_to(settings.ROOT) for path in settings.ADDONS.glob("*/i18n/*.po"))
    return _oca_findings(_tool("oca-checks-po", "-d", PO_LEFT_OUT, *files)) if files else []


def stale_idioms() -> list[idioms.Finding]:
    """Return what Odoo 19 no longer understands."""
    return idioms.check_tree(settings.ADDONS)


def form() -> list[str]:
    """Return where an addon is not built as the others are."""
    return [problem for path in _folders() for problem in addons.check_addon(path)]


def chinese() -> list[str]:
    """Return the texts of the committed templates that have no Chinese."""
    missing = []
    for folder in _folders():
        template = folder / "i18n" / f"{folder.name}.pot"
        translated = folder / "i18n" / "zh_CN.po"
        if template.exists() and translated.exists():
            for text in po.untranslated(po.words(template), po.words(translated)):
                missing.append(f"{folder.name}: no Chinese for {text!r}")
    return missing


def handbook() -> list[str]:
    """Return what is not true in docs/handbook.md."""
    return traceability.check(settings.ROOT)


CHECKS = {
    "ruff": ruff,
    "pylint-odoo": pylint,
    "oca module": oca_module,
    "oca po": oca_po,
    "idioms": stale_idioms,
    "addons": form,
    "zh_CN": chinese,
    "handbook": handbook,
}


def run(names: Iterable[str] = CHECKS) -> Outcome:
    """Run the checks; each counts as one."""
    outcome = Outcome()
    for name in names:
        outcome.check(CHECKS[name](), name)
    return outcome


def fix() -> None:
    """Let the tools put right what they can."""
    for path in settings.ADDONS.glob("*/[mw]*/*.py"):
        text = path.read_text(encoding="utf-8")
        if (shorter := labels.without(text)) != text:
            path.write_text(shorter, encoding="utf-8")
    _tool("ruff", "check", "--fix", "-q", *_sources())
    folders = [path.relative_to(settings.ROOT) for path in _folders()]
    _tool("oca-checks-odoo-module", "--fix", "--no-exit", "-d", OCA_LEFT_OUT, *folders)


def python_tests() -> Outcome:
    """Run the tests that need no database: the rules, and these tools' own."""
    settings.VAR.mkdir(exist_ok=True)
    result = settings.VAR / "log" / "pytest.xml"
    result.parent.mkdir(exist_ok=True)
    result.unlink(missing_ok=True)
    folders = sorted(settings.ADDONS.glob("*/tests/rules"))
    done = _tool(
        *("python", "-m", "pytest", "-q", "--tb=short", f"--junitxml={result}"),
        *folders,
        settings.ROOT / "tools" / "tests",
    )
    if not result.exists():
        return Outcome(failed=1, problems=[(done.stdout + done.stderr)[-3000:]])
    suite = ElementTree.parse(result).getroot().find("testsuite")
    total, bad, skipped = (
        int(suite.get("tests")),
        int(suite.get("failures")) + int(suite.get("errors")),
        int(suite.get("skipped")),
    )
    outcome = Outcome(passed=total - bad - skipped, failed=bad)
    if skipped:
        outcome.check([f"{skipped} skipped: nothing here may be"])
    if bad or done.returncode:
        outcome.failed = max(bad, 1)
        outcome.problems.append(done.stdout[-6000:])
    return outcome


if __name__ == "__main__":
    sys.exit(bool(run().failed))
