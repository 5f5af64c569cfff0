"""The gate's own questions: each must catch what it is there for, and let the rest pass."""

from pathlib import Path

import pytest

from tools.checks import idioms, labels, logs, po, traceability

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
    "x = fields.Char(states={'draft': []})",
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
    "states = {}",
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


@pytest.mark.parametrize(
    ("code", "shorter"),
    [
        ('serious = fields.Boolean("Serious")', "serious = fields.Boolean()"),
        ('serious = fields.Boolean("Serious", help="x")', 'serious = fields.Boolean(help="x")'),
        ('city_id = fields.Many2one("res.city", "City")', 'city_id = fields.Many2one("res.city")'),
        (
            'city_id = fields.Many2one("res.city", string="City", help="市")',
            'city_id = fields.Many2one("res.city", help="市")',
        ),
        ('state = fields.Selection([("a", "State")], "State")', None),
        (
            'line_ids = fields.One2many("x", "y_id", "Line")',
            'line_ids = fields.One2many("x", "y_id")',
        ),
        ('line_ids = fields.One2many("x", "y_id", "Lines")', ""),
        ('name = fields.Char("Number")', ""),
        ('phone = fields.Char(related="partner_id.phone", string="Phone")', ""),
        ('city_id = fields.Many2one("City")', ""),
    ],
)
def test_labels_that_say_the_name_again(code, shorter):
    if shorter is None:
        shorter = 'state = fields.Selection([("a", "State")])'
    assert labels.without(code) == (shorter or code)


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
    [
        ("Order", True),
        ("派工单", False),
        ("%(name)s: %s", False),
        ("<b>1</b>", False),
        ("售后服务凭证 (S8.4)", False),
        ("送修: the receipt when the machine was taken back, else the call.", True),
    ],
)
def test_what_needs_a_translation(text, needed):
    assert po.needs_translation(text) is needed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("G4.1 covers the machine", "G4.1"),
        ("def test_g4_1_covers", "G4.1"),
        ("def test_installs_s_inst_first", "S-inst"),
        ("grades (T1-T5, S7)", "T3"),
        ("G5.1–G5.5", "G5.4"),
        ("L-down: the cover moves", "L-down"),
    ],
)
def test_a_text_names_a_clause(text, code):
    assert traceability.names(text, code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("S8.11 is another clause", "S8.1"),
        ("t0 = time.time()", "T0"),
        ("def test_g4_12", "G4.1"),
        ("T1-T5", "T6"),
        ("L24b", "L24a"),
        ("MG4.1", "G4.1"),
    ],
)
def test_a_text_that_names_another(text, code):
    assert not traceability.names(text, code)


CLAUSES = """<odoo>
    <record id="a" model="jinxing.clause"><field name="code">G4.1</field>
        <field name="title">One year</field><field name="document">JY</field></record>
    <record id="b" model="jinxing.clause"><field name="code">G4.2</field>
        <field name="title">Two years</field><field name="document">JY</field></record>
</odoo>"""


@pytest.fixture
def book(tmp_path):
    """A tree with two clauses, a rule for both, and a test for one."""
    files = {
        "addons/jinxing_base/data/jinxing_clause_x.xml": CLAUSES,
        "addons/jinxing_base/rules/cover.py": "# G4.1, G4.2",
        "addons/jinxing_base/tests/rules/test_cover.py": (
            'def test_cover():\n    """G4.1: a year."""\n    assert "G4.2"\n'
        ),
        "docs/handbook.md": "# The handbook\n\nWhat holds.\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def _page(book, change=("", "")):
    path = book / "docs" / "handbook.md"
    path.write_text(path.read_text().replace(*change))
    return path.read_text()


def test_the_table_finds_rules_and_tests(book):
    assert traceability.check(book) == ["G4.1 has no row", "G4.2 has no row"]
    traceability.write(book)
    test = "`base/tests/rules/test_cover.py`"
    assert _page(book) == (
        "# The handbook\n\nWhat holds.\n\n## JY\n\n" + traceability.HEAD + f"| G4.1 | One year"
        f" | open | `base/rules/cover.py` | {test} |\n"
        "| G4.2 | Two years | open | `base/rules/cover.py` |  |\n"
    )
    assert traceability.check(book) == []


def test_states_outlive_a_new_table(book):
    traceability.write(book)
    page = _page(book, ("One year | open", "One year | done"))
    traceability.write(book)
    assert _page(book) == page


def test_a_clause_done_without_a_test_is_found(book):
    traceability.write(book)
    _page(book, ("| open |", "| done |"))
    assert traceability.check(book) == ["G4.2 is done, and no test names it"]


def test_a_file_that_is_gone_and_an_unknown_state_are_found(book):
    traceability.write(book)
    _page(book, ("Two years | open", "Two years | nearly"))
    (book / "addons/jinxing_base/rules/cover.py").rename(book / "addons/jinxing_base/rules/c.py")
    assert traceability.check(book) == [
        "G4.1: base/rules/cover.py is gone",
        "G4.2: state 'nearly' is none of open, part, done",
        "G4.2: base/rules/cover.py is gone",
    ]
