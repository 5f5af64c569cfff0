"""A clause that docs/handbook.md marks done must have a test that names its code.

The page is a table: ``| code | clause | rule or model | tests | state |``; the columns' order
does not matter, a row counts as done when one of its cells says so.
"""

import re
from pathlib import Path

CODE = re.compile(r"^[GTNSRCOBMA]\d+(?:\.\d+)*[a-z]?$")
DONE = {"done", "✓", "完成"}


def done_clauses(page: str) -> list[str]:
    """Return the codes of the rows marked done."""
    codes = []
    for line in page.splitlines():
        if not line.lstrip().startswith("|"):
            continue
        cells = [cell.strip(" `*") for cell in line.strip().strip("|").split("|")]
        code = next((cell for cell in cells if CODE.match(cell)), None)
        if code and any(cell.lower() in DONE for cell in cells):
            codes.append(code)
    return codes


def names(text: str, code: str) -> bool:
    """Tell whether a text names a clause: ``G4.1``, or ``g4_1`` in a name."""
    chapter = code.replace(".", r"[._]")
    return re.search(rf"(?<![A-Za-z0-9]){chapter}(?!\d|[._]\d)", text, re.IGNORECASE) is not None


def untested(page: str, tests: list[Path]) -> list[str]:
    """Return the codes marked done that no test names."""
    texts = [path.read_text(encoding="utf-8") for path in tests]
    return [code for code in done_clauses(page) if not any(names(text, code) for text in texts)]


def test_files(addons: Path) -> list[Path]:
    """Return all files that can hold a test: Python, and browser tours."""
    return [*addons.glob("*/tests/**/*.py"), *addons.glob("*/static/tests/**/*.js")]
