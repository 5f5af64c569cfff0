"""The gate's own questions: each must catch what it is there for, and let the rest pass."""

from pathlib import Path

import pytest

from tools.checks import idioms, logs, po, traceability

STALE_PYTHON = [
    "_sql_constraints = []",
    "    def name_get(self):",
    "    @api.model\n    def create(self, vals):",
    "from odoo import api, registry",
    "from odoo.tools import lazy_property",
    "class TestX(SavepointCase):",
    "from odoo.osv import expression",
    "user.groups_id",
    "@route('/x', type='json', auth='user')",
    "self.env['x'].read_group([], [], [])",
    "self.check_access_rights('read')",
    "x = fields.Float(group_operator='sum')",
    "Markup(_('<b>%s</b>'))",
    "self._cr.execute('')",
    'digits="Product Unit of Measure"',
    "{'view_mode': 'tree,form'}",
    "self.env['procurement.group']",
]
FINE_PYTHON = [
    "# name_get was the old way",
    '"""Replaces name_get and groups_id."""',
    "self.env['x']._read_group([], ['a'], ['__count'])",
    "self.env['x'].formatted_read_group([], ['a'])",
    "@route('/x', type='jsonrpc', auth='user')",
    "@api.model_create_multi\ndef create(self, vals_list):",
    "{'view_mode': 'list,form'}",
    "Markup('<b>%s</b>') % _('x')",
]
STALE_XML = [
    "<odoo><tree/></odoo>",
    '<odoo><t t-name="kanban-box"/></odoo>',
    '<odoo><div class="oe_chatter"/></odoo>',
    '<odoo><t t-raw="x"/></odoo>',
    '<odoo><field name="a" attrs="{}"/></odoo>',
    '<odoo><search><group expand="0"/></search></odoo>',
    '<odoo><record model="res.groups" id="g"><field name="category_id"/></record></odoo>',
    '<odoo><record model="ir.cron" id="c"><field name="numbercall">-1</field></record></odoo>',
    '<odoo><record model="x" id="a"><field name="view_mode">tree,form</field></record></odoo>',
    '<odoo><record model="uom.category" id="a"/></odoo>',
    "<odoo><list></odoo>",
]


@pytest.mark.parametrize("code", STALE_PYTHON)
def test_stale_python_is_found(code):
    assert list(idioms.check_python(Path("models/x.py"), code))


@pytest.mark.parametrize("code", FINE_PYTHON)
def test_python_of_today_passes(code):
    assert not list(idioms.check_python(Path("models/x.py"), code))


@pytest.mark.parametrize("code", STALE_XML)
def test_stale_xml_is_found(code):
    assert list(idioms.check_xml(Path("views/x.xml"), code))


def test_xml_of_today_passes():
    view = '<odoo><list><field name="a" invisible="b"/></list><chatter/></odoo>'
    assert not list(idioms.check_xml(Path("views/x.xml"), view))


def test_rules_import_no_odoo():
    rules = Path("addons/a/rules/x.py")
    assert list(idioms.check_python(rules, "from odoo import fields"))
    assert list(idioms.check_python(rules, "from odoo.addons.a.models import x"))
    assert not list(idioms.check_python(rules, "from odoo.addons.a.rules import x"))


def test_a_finding_names_its_line():
    (found,) = idioms.check_python(Path("x.py"), "a = 1\n\nuser.groups_id\n")
    assert str(found).startswith("x.py:3: ")


LOG = """\
2026-05-01 10:00:00,000 12 INFO db odoo.modules.loading: Loading module x
2026-05-01 10:00:01,000 12 WARNING db odoo.fields: a label twice
2026-05-01 10:00:02,000 12 INFO db odoo.addons.x.tests.test_a: skipped TestA.test_b : no Chrome
2026-05-01 10:00:03,000 12 ERROR db odoo.addons.x.tests.test_a: FAIL: TestA.test_c
Traceback (most recent call last):
  File "x.py", line 1
AssertionError: WARNING
2026-05-01 10:00:04,000 12 INFO db odoo.tests.result: 1 failed, 0 error(s) of 5 tests when loading
"""


def test_bad_lines_are_the_servers_not_a_tracebacks():
    assert [line.split()[3] for line in logs.bad_lines(LOG)] == ["WARNING", "ERROR"]
    assert len(logs.bad_lines(LOG, logs.ERROR_LINE)) == 1


def test_tests_of_a_log():
    result = logs.tests(LOG)
    assert (result.run, result.failed, result.passed) == (5, 1, 3)
    assert result.names == ["TestA.test_c"]
    assert result.skipped == [("TestA.test_b", "no Chrome")]


def test_a_log_without_a_result_is_no_success():
    assert logs.tests("2026-05-01 10:00:00,000 12 INFO db odoo: nothing") is None


def test_excerpt_keeps_failure_and_traceback():
    kept = logs.excerpt(LOG)
    assert "FAIL: TestA.test_c" in kept and "AssertionError" in kept
    assert "Loading module" not in kept


def _po(folder, name, **texts):
    entries = "".join(
        f'msgid "{key.replace("_", " ")}"\nmsgstr "{value}"\n\n' for key, value in texts.items()
    )
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + entries, encoding="utf-8")
    return path


def test_missing_chinese_and_stale_template_are_found(tmp_path):
    addon = tmp_path / "shop"
    fresh = _po(tmp_path, "fresh.pot", Order="", New_word="")
    assert po.check_addon(addon, fresh) == ["shop: i18n/shop.pot or i18n/zh_CN.po is missing"]
    _po(addon, "i18n/shop.pot", Order="", Old_word="")
    _po(addon, "i18n/zh_CN.po", Order="单")
    assert po.check_addon(addon, fresh) == [
        "shop.pot lacks: 'New word'",
        "shop.pot has a text no longer used: 'Old word'",
        "shop: no Chinese for 'New word'",
    ]


def test_refresh_keeps_what_is_translated(tmp_path):
    addon = tmp_path / "shop"
    fresh = _po(tmp_path, "fresh.pot", Order="", New_word="")
    _po(addon, "i18n/zh_CN.po", Order="单", Old_word="旧")
    assert po.refresh(addon, fresh) == ["New word"]
    chinese = po.words(addon / "i18n" / "zh_CN.po")
    assert chinese["Order"].msgstr == "单" and "Old word" not in chinese


def test_refresh_leaves_files_alone_whose_texts_are_the_same(tmp_path):
    addon = tmp_path / "shop"
    fresh = _po(tmp_path, "fresh.pot", Order="")
    _po(addon, "i18n/zh_CN.po", Order="单")
    po.refresh(addon, fresh)
    files = [addon / "i18n" / "shop.pot", addon / "i18n" / "zh_CN.po"]
    before = [path.read_text() for path in files]
    fresh.write_text(fresh.read_text().replace("UTF-8", "utf-8"))  # as another date would
    assert po.refresh(addon, fresh) == []
    assert [path.read_text() for path in files] == before


@pytest.mark.parametrize(
    ("text", "needed"),
    [("Order", True), ("派工单", False), ("%(name)s: %s", False), ("<b>1</b>", False)],
)
def test_what_needs_a_translation(text, needed):
    assert po.needs_translation(text) is needed


PAGE = """\
| code | clause | rule | tests | state |
|---|---|---|---|---|
| G4.1 | one year | coverage | test_x | done |
| G4.2 | two years | coverage | | planned |
| S8.1 | registration | ticket | test_y | done |
"""


def test_a_done_clause_without_a_test_is_found(tmp_path):
    test = tmp_path / "test_x.py"
    test.write_text("def test_g4_1_covers_the_machine(): ...\n# S8.11 is another clause\n")
    assert traceability.done_clauses(PAGE) == ["G4.1", "S8.1"]
    assert traceability.untested(PAGE, [test]) == ["S8.1"]
