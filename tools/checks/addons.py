"""Is an addon built as the others are: manifest, direction of its arrows, tests that will run?"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

#: The rooms (docs/architecture.md): an addon stands only on lower floors.
FLOOR = {
    "jinxing_base": 0,
    "jinxing_warranty": 1,
    "jinxing_technician": 1,
    "jinxing_repair": 2,
    "jinxing_parts": 3,
    "jinxing_return": 3,
    "jinxing_complaint": 3,
}
BRIDGE = 4
NEEDED = ("readme/DESCRIPTION.md", "static/description/icon.png", "security/ir.model.access.csv")
VERSION = re.compile(r"^19\.0\.\d+\.\d+\.\d+$")
TEST_TAGS = {"post_install", "-at_install"}


def floor(name: str, manifest: dict) -> int | None:
    """Return the floor of an addon; None for one of Odoo's or OCA's."""
    if name in FLOOR:
        return FLOOR[name]
    return BRIDGE if name.startswith("jinxing_") and manifest.get("auto_install") else None


def check_manifest(addon: Path) -> Iterator[str]:
    """Yield what is wrong with the manifest."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))
    if manifest.get("license") != "AGPL-3":
        yield "licence is not AGPL-3"
    if not VERSION.match(manifest.get("version", "")):
        yield f"version {manifest.get('version')} is not of the form 19.0.x.y.z"
    own = floor(addon.name, manifest)
    if own is None:
        yield "is in no room of tools/checks/addons.py and docs/architecture.md"
        return
    for below in manifest.get("depends", ()):
        if below.startswith("jinxing_") and FLOOR.get(below, BRIDGE) >= own:
            yield f"depends on {below}: arrows go down only"


def test_classes(path: Path) -> Iterator[tuple[ast.ClassDef, list[str]]]:
    """Yield the classes of a test file, each with the names of its own test methods."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            methods = [
                part.name
                for part in node.body
                if isinstance(part, ast.FunctionDef) and part.name.startswith("test")
            ]
            if methods:
                yield node, methods


def _tags(node: ast.ClassDef) -> set[str]:
    tags: set[str] = set()
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "tagged":
            tags |= {arg.value for arg in decorator.args if isinstance(arg, ast.Constant)}
    return tags


def odoo_tests(addon: Path) -> set[tuple[str, str, str, str]]:
    """Return (addon, file, class, method) of each test that Odoo is to run."""
    return {
        (addon.name, path.stem, node.name, method)
        for path in addon.glob("tests/test_*.py")
        for node, methods in test_classes(path)
        for method in methods
    }


def guess_seconds(addon: Path) -> dict[str, float]:
    """Return about how long each test class takes, by ``addon:Class``: browsers are slow."""
    guessed: dict[str, float] = {}
    for path in addon.glob("tests/test_*.py"):
        text = path.read_text(encoding="utf-8")
        for node, methods in test_classes(path):
            body = ast.get_source_segment(text, node) or ""
            tours = len(re.findall(r"\b(?:start_tour|browser_js)\(", body))
            pages = len(re.findall(r"\b(?:url_open|_render_qweb_pdf|make_jsonrpc_request)\(", body))
            guessed[f"{addon.name}:{node.name}"] = 1 + 0.15 * len(methods) + 0.4 * pages + 8 * tours
    return guessed


def check_tests(addon: Path) -> Iterator[str]:
    """Yield tests that Odoo would pass over without a word."""
    init = addon / "tests" / "__init__.py"
    text = init.read_text(encoding="utf-8") if init.exists() else ""
    for path in sorted(addon.glob("tests/test_*.py")):
        if not re.search(rf"^from \. import (.*\b)?{path.stem}\b", text, re.MULTILINE):
            yield f"tests/__init__.py does not import {path.stem}"
        for node, _methods in test_classes(path):
            if not _tags(node) >= TEST_TAGS:
                yield f'{path.stem}.{node.name} is not @tagged("post_install", "-at_install")'


def check_sudo(addon: Path) -> Iterator[str]:
    """Yield calls of ``sudo()`` that do not say why in a comment above their statement."""
    for path in sorted(addon.rglob("*.py")):
        if "tests" in path.parts or "__pycache__" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        lines = source.splitlines()
        for line, begin in _sudo_calls(ast.parse(source)):
            if not any("# sudo:" in text for text in lines[max(begin - 5, 0) : line]):
                yield f"{path.relative_to(addon)}:{line}: sudo() without '# sudo: why' above it"


def _sudo_calls(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """Yield (line of the call, first line of its statement)."""

    def visit(node: ast.AST, begin: int) -> Iterator[tuple[int, int]]:
        if isinstance(node, ast.stmt):
            begin = node.lineno
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "sudo":
            yield node.func.end_lineno or node.lineno, begin
        for child in ast.iter_child_nodes(node):
            yield from visit(child, begin)

    return visit(tree, 1)


def check_addon(addon: Path) -> list[str]:
    """Return all that is wrong with the form of one addon."""
    found = [f"{name} is missing" for name in NEEDED if not (addon / name).exists()]
    for check in (check_manifest, check_tests, check_sudo):
        found += check(addon)
    return [f"{addon.name}: {problem}" for problem in found]
