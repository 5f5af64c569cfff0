"""Find what Odoo 19 no longer understands, much of it without a word.

An idiom of an older Odoo seldom fails loudly: ``_sql_constraints`` only warns and makes no
constraint, ``name_get`` is never called, a ``<tree>`` passes the server and breaks in the
client. ruff, pylint-odoo and the OCA hooks let these pass, so this looks for them.
"""

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

GONE_MODELS = {
    "procurement.group": "stock.reference",
    "stock.valuation.layer": "stock.move.value",
    "stock.quant.package": "stock.package",
    "product.packaging": "uom.uom on the product",
    "uom.category": "relative units",
    "hr.contract": "hr.version",
    "res.partner.title": "nothing",
}
#: pattern in Python code without comments -> what to write now
PYTHON = {
    r"\b_sql_constraints\b": "models.Constraint / models.UniqueIndex: no constraint is made",
    r"\bdef name_get\b": "_compute_display_name: name_get is never called",
    r"@api\.model\s+def create\(": "@api.model_create_multi: create gets a list",
    r"\bfrom odoo import [^\n]*\bregistry\b|\bodoo\.registry\b": "odoo.modules.registry.Registry",
    r"\bodoo\.tools(\.func)? import [^\n]*\blazy_property\b": "functools.cached_property",
    r"\bSavepointCase\b": "TransactionCase",
    r"\bodoo\.osv\b": "odoo.fields.Domain, odoo.models",
    r"\bgroups_id\b": "group_ids",
    r"\b(numbercall|doall)\b": "nothing: these fields of ir.cron are gone",
    r"""\btype=["']json["']""": 'type="jsonrpc"',
    r"(?<![_\w])read_group\(": "_read_group or formatted_read_group",
    r"\bcheck_access_(rights|rule)\(": "check_access or has_access",
    r"\bgroup_operator\s*=": "aggregator=",
    r"\bdetailed_type\b": "type='consu' and is_storable",
    r"\bMarkup\(\s*(self\.env\.)?_\(": 'Markup("…%s…") % text: this trusts a translation',
    r"\bself\._(cr|uid|context)\b": "self.env.cr, self.env.uid, self.env.context",
    r"""["']Product Unit of Measure["']""": 'digits="Product Unit": an unknown one gives 2 digits',
    r"""view_mode["']?\s*[:=]\s*["'][^"']*\btree\b""": "list",
    r"[(,\s](attrs|states)=\{": "invisible, required, readonly as Python expressions",
    **{
        rf"""["']{re.escape(name)}["']""": f"{instead} ({name} is gone)"
        for name, instead in GONE_MODELS.items()
    },
}
#: pattern in JavaScript -> what to write now
SCRIPT = {
    r"\bodoo\.define\(": "an ES module",
    r"""require\(["']web""": "import from @web/…",
    r"""["']web_tour\.tour["']""": 'registry.category("web_tour.tours")',
}


@dataclass(frozen=True)
class Finding:
    """One place that needs a change."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def without_comments(source: str) -> str:
    """Return Python code with its comments and docstrings blanked, lines kept."""
    lines = [list(line) for line in source.splitlines(keepends=True)]
    fresh = True  # a string that starts a statement is a docstring
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return source  # ruff names the error
    for token in tokens:
        blank = token.type == tokenize.COMMENT or (token.type == tokenize.STRING and fresh)
        if blank:
            (row, column), (last, end) = token.start, token.end
            for number in range(row, last + 1):
                line = lines[number - 1]
                begin = column if number == row else 0
                stop = end if number == last else len(line)
                for place in range(begin, stop):
                    if line[place] != "\n":
                        line[place] = " "
        elif token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
            fresh = True
        elif token.type != tokenize.NL:
            fresh = False
    return "".join(map("".join, lines))


def _matches(text: str, patterns: dict[str, str], path: Path) -> Iterator[Finding]:
    for pattern, instead in patterns.items():
        for match in re.finditer(pattern, text):
            line = text.count("\n", 0, match.start()) + 1
            yield Finding(path, line, f"{match.group(0).strip()!r} is stale, write {instead}")


def check_python(path: Path, text: str) -> Iterator[Finding]:
    """Yield the stale idioms of one Python file, and Odoo imports in ``rules/``."""
    code = without_comments(text)
    yield from _matches(code, PYTHON, path)
    if "rules" in path.parts and "tests" not in path.parts:
        for match in re.finditer(r"^\s*(?:from|import) odoo(?!\.addons\.\w+\.rules)\b", code, re.M):
            line = code.count("\n", 0, match.start()) + 1
            yield Finding(path, line, "rules/ is plain Python: no Odoo (docs/adr/0003)")


def _line_of(text: str, fragment: str) -> int:
    place = text.find(fragment)
    return text.count("\n", 0, place) + 1 if place >= 0 else 1


def _field_of_record(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    model = element.get("model", "")
    stale = {
        "res.groups": {"users": "user_ids", "category_id": "privilege_id"},
        "res.users": {"groups_id": "group_ids"},
        "ir.cron": {"numbercall": "nothing", "doall": "nothing"},
    }
    for field in element.iter("field"):
        name = field.get("name", "")
        instead = stale.get(model, {}).get(name)
        if instead is None and name == "groups_id":
            instead = "group_ids"
        if instead:
            yield f'name="{name}"', f"{name} of {model} is stale, write {instead}"
        if name == "view_mode" and "tree" in (field.text or ""):
            yield "view_mode", "view_mode 'tree' is stale, write list"


def check_xml(path: Path, text: str) -> Iterator[Finding]:
    """Yield the stale idioms of one XML file."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        yield Finding(path, error.position[0], f"not well-formed: {error}")
        return
    views = "static" not in path.parts
    for element in root.iter():
        found: list[tuple[str, str]] = []
        tag = element.tag
        if tag == "tree":
            found.append(("<tree", "<tree> is stale, write <list>"))
        if element.get("t-name") == "kanban-box":
            found.append(("kanban-box", "kanban-box is stale, write card"))
        if "oe_chatter" in (element.get("class") or ""):
            found.append(("oe_chatter", "div.oe_chatter is stale, write <chatter/>"))
        if element.get("t-raw") is not None:
            found.append(("t-raw", "t-raw is gone, write t-out"))
        if views and tag in ("field", "button", "group", "page", "div", "xpath", "attribute"):
            for name in ("attrs", "states"):
                if element.get(name) or (tag == "attribute" and element.get("name") == name):
                    found.append((name, f"{name} is gone, write invisible/required/readonly"))
        if tag == "search":
            for group in element.iter("group"):
                if set(group.attrib) & {"expand", "string"}:
                    found.append(("<group", "<group> of a search view takes no expand, no string"))
        if tag == "record":
            found += _field_of_record(element)
            if element.get("model") in GONE_MODELS:
                found.append((element.get("model"), f"model {element.get('model')} is gone"))
        for fragment, message in found:
            yield Finding(path, _line_of(text, fragment), message)


def check_tree(folder: Path) -> list[Finding]:
    """Return all findings below ``folder``."""
    findings: list[Finding] = []
    for path in sorted(folder.rglob("*")):
        if "__pycache__" in path.parts or "lib" in path.parts or not path.is_file():
            continue
        if path.suffix not in (".py", ".xml", ".js"):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            findings += check_python(path, text)
        elif path.suffix == ".xml":
            findings += check_xml(path, text)
        else:
            findings += _matches(text, SCRIPT, path)
    return findings


if __name__ == "__main__":
    found = [finding for name in sys.argv[1:] for finding in check_tree(Path(name))]
    print(*found, sep="\n")
    sys.exit(bool(found))
