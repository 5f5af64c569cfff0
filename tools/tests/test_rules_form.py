"""The rules of the handbook are plain Python: no clock, no Odoo."""

import re

import pytest

from tools import settings

RULES = sorted(settings.ROOT.glob("addons/*/rules/*.py"))


@pytest.mark.parametrize("path", RULES, ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_rules_ask_no_clock_and_no_odoo(path):
    """Today is an argument, and Odoo's own modules stay out of the rules."""
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(now|today|utcnow)\(\)|\btime\.time\(", source)
    imports = re.findall(r"^\s*(?:from|import)\s+(odoo\S*)", source, flags=re.M)
    assert all(re.match(r"odoo\.addons\.jinxing_\w+\.rules\.", name) for name in imports)
