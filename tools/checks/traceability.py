"""docs/handbook.md: for each clause what holds it, and the tests that show it.

python -m tools.checks.traceability --write     bring the table up to the tree

The clauses themselves are data of jinxing_base. Of the table, ``state`` is written by hand:
``open`` (nothing yet), ``part`` (some of it holds) or ``done`` (all of it holds). Where and tests
are found. A source file holds a clause when it names it; a test shows one when its name
(``test_g4_1_…``), its docstring or its class's docstring names it: a code among the test's data
shows nothing.
"""

import ast
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

STATES = ("open", "part", "done")
HEAD = "| clause | title | state | where | tests |\n|---|---|---|---|---|\n"
WHERE = ("rules", "models", "controllers", "wizards", "report")
CLAUSES = "addons/jinxing_base/data/jinxing_clause_*.xml"


@dataclass(frozen=True)
class Clause:
    """One clause of the handbook, or one fact of the law."""

    code: str
    title: str
    document: str


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    code: str
    state: str
    files: tuple[str, ...]


def clauses(root: Path) -> list[Clause]:
    """Return all clauses in the order of the data."""
    found = []
    for path in sorted(root.glob(CLAUSES)):
        for record in ElementTree.parse(path).getroot().iter("record"):
            values = {f.get("name"): (f.text or "").strip() for f in record.iter("field")}
            if record.get("model") == "jinxing.clause" and values.get("code"):
                found.append(Clause(values["code"], values["title"], values["document"]))
    return found


def _loose(code: str) -> str:
    return re.escape(code).replace(r"\.", "[._]").replace(r"\-", "[-_]")


def names(text: str, code: str) -> bool:
    """Tell whether a text names a clause: ``G4.1``, or ``g4_1`` in the name of a test."""
    end = r"(?!\d|[._]\d|[a-z](?![a-z]))"
    plain = rf"(?<![A-Za-z0-9.\-]){_loose(code)}{end}"
    if re.search(plain, text) or re.search(rf"\btest_(?:\w+_)?{_loose(code.lower())}{end}", text):
        return True
    return any(code in _between(first, last) for first, last in RANGE.findall(text))


#: "T1-T5", "G5.1–G5.5"
RANGE = re.compile(r"(?<![A-Za-z0-9])([A-Z][\d.]*\d) ?[-–] ?([A-Z][\d.]*\d)(?![\d.]*\d)")


def _between(first: str, last: str) -> list[str]:
    """Return the codes from ``first`` to ``last`` when they differ in their last number only."""
    head, low = re.match(r"(.*?)(\d+)$", first).groups()
    other, high = re.match(r"(.*?)(\d+)$", last).groups()
    if head != other:
        return []
    return [f"{head}{number}" for number in range(int(low), int(high) + 1)]


def rows(page: str) -> list[Row]:
    """Return the rows of the table."""
    found = []
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 5 and cells[0] != "clause":
            files = re.findall(r"`([^`]+)`", " ".join(cells[3:]))
            found.append(Row(cells[0], cells[2], tuple(files)))
    return found


def test_files(root: Path) -> list[Path]:
    """Return all files that can hold a test: Python, and browser tours."""
    addons = root / "addons"
    files = [*addons.glob("*/tests/**/*.py"), *addons.glob("*/static/tests/**/*.js")]
    return sorted(path for path in files if path.name != "__init__.py")


def source_files(root: Path) -> list[Path]:
    """Return all files that can hold a clause: rules first, then models and the rest."""
    return [
        path
        for folder in WHERE
        for path in sorted(root.glob(f"addons/*/{folder}/**/*"))
        if path.suffix in (".py", ".xml") and path.name != "__init__.py"
    ]


def said(path: Path) -> str:
    """Return the names and docstrings of a file's tests; of a browser tour, all of it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    parts = []
    for node in ast.walk(ast.parse(text)):
        kind = isinstance(node, ast.FunctionDef | ast.ClassDef)
        if kind and node.name.lower().startswith("test"):
            parts += [node.name, ast.get_docstring(node) or ""]
    return "\n".join(parts)


def read(path: Path) -> str:
    """Return all of a file."""
    return path.read_text(encoding="utf-8")


def naming(code: str, texts: dict[Path, str]) -> list[Path]:
    """Return the files whose text names a clause."""
    return [path for path, text in texts.items() if names(text, code)]


def check(root: Path) -> list[str]:
    """Return what is not true in docs/handbook.md."""
    path = root / "docs" / "handbook.md"
    if not path.exists():
        return ["docs/handbook.md is missing"]
    table = {row.code: row for row in rows(path.read_text(encoding="utf-8"))}
    known = [clause.code for clause in clauses(root)]
    problems = [f"{code} has no row" for code in known if code not in table]
    tests = {path: said(path) for path in test_files(root)}
    for code, row in table.items():
        if code not in known:
            problems.append(f"{code} is no clause of jinxing_base")
        if row.state not in STATES:
            problems.append(f"{code}: state {row.state!r} is none of {', '.join(STATES)}")
        elif row.state != "open" and not naming(code, tests):
            problems.append(f"{code} is {row.state}, and no test names it")
        problems += [f"{code}: {name} is gone" for name in row.files if not _exists(root, name)]
    return problems


def _short(root: Path, path: Path) -> str:
    addon, *rest = path.relative_to(root / "addons").parts
    return f"`{addon.removeprefix('jinxing_')}/{'/'.join(rest)}`"


def _exists(root: Path, name: str) -> bool:
    return (root / "addons" / f"jinxing_{name}").exists()


def table(root: Path, states: dict[str, str]) -> str:
    """Return the table as the tree has it, with the states given."""
    tests = {path: said(path) for path in test_files(root)}
    sources = {path: read(path) for path in source_files(root)}
    lines, document = [], None
    for clause in clauses(root):
        if clause.document != document:
            document = clause.document
            lines.append(f"\n## {document}\n\n{HEAD}")
        where = " ".join(_short(root, path) for path in naming(clause.code, sources))
        shown = " ".join(_short(root, path) for path in naming(clause.code, tests))
        state = states.get(clause.code, "open")
        lines.append(f"| {clause.code} | {clause.title} | {state} | {where} | {shown} |\n")
    return "".join(lines)


def write(root: Path) -> None:
    """Bring the table of docs/handbook.md up to the tree; states and introduction stay."""
    path = root / "docs" / "handbook.md"
    page = path.read_text(encoding="utf-8")
    states = {row.code: row.state for row in rows(page)}
    introduction = page.split("\n## ", 1)[0].rstrip("\n")
    path.write_text(f"{introduction}\n{table(root, states)}", encoding="utf-8")


if __name__ == "__main__":
    here = Path(__file__).resolve().parents[2]
    if "--write" in sys.argv:
        write(here)
    problems = check(here)
    print(*problems, sep="\n")
    sys.exit(bool(problems))
