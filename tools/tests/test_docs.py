"""The documentation leads where it says, and its two languages say the same."""

import re
from pathlib import Path

import pytest

from tools import settings

ROOT = settings.ROOT
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
#: made by the walk through the browser, which is not part of the tests
PICTURES = "docs/screenshots/"


def _links(page: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for link in _links(page):
        if link and not link.startswith(("http", "mailto:", PICTURES)):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def _commands(page: Path) -> list[str]:
    lines = page.read_text(encoding="utf-8").splitlines()
    commands = [line.split("#")[0].strip() for line in lines if line.startswith("    ")]
    return [re.sub(r"<[^>]*>", "<>", command) for command in commands]


def test_both_readmes_give_the_same_commands():
    english, chinese = ROOT / "README.md", ROOT / "README.zh-CN.md"
    assert _commands(english) == _commands(chinese)
    assert "script/server" in _commands(english) and "script/test" in _commands(english)

    def targets(page):
        return sorted(link for link in _links(page) if not link.startswith("README"))

    assert targets(english) == targets(chinese)


def test_every_script_is_explained():
    text = (ROOT / "docs" / "development.md").read_text(encoding="utf-8")
    for path in (ROOT / "script").iterdir():
        assert f"script/{path.name}" in text, path.name


def test_every_cited_record_of_a_decision_is_there():
    there = {path.name[:4] for path in (ROOT / "docs" / "adr").glob("0*.md")}
    listed = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    assert there == set(re.findall(r"^- \[(\d{4})\]", listed, re.MULTILINE))
    sources = [ROOT / "pyproject.toml", *(ROOT / "tools").rglob("*.py")]
    for path in [*sources, *(ROOT / "addons").rglob("*.py")]:
        for cited in re.findall(r"docs/adr/(\d{4})", path.read_text(encoding="utf-8")):
            assert cited in there, f"{path.name} cites {cited}"


def test_every_addon_is_in_the_picture():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for name in settings.our_addons():
        assert name in text, name
