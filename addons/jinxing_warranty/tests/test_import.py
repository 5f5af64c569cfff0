import base64
import io
from datetime import date, timedelta

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..rules.card_import import COLUMNS, REASONS
from ..wizards import jinxing_card_import as wizard_module
from .common import WarrantyCase

HEADING = [aliases[0] for aliases in COLUMNS.values()]


@tagged("post_install", "-at_install")
class TestImport(WarrantyCase):
    """G4: the paper archive comes in whole rows, checked first, every problem named."""

    def row(self, number, **changes):
        values = {
            "serial": f"IMP{number:05d}",
            "model": "T-A",
            "engine": f"IE{number:05d}",
            "card": f"IC{number:05d}",
            "invoice": f"{number:08d}",
            "invoice_date": self.today - timedelta(days=60),
            "owner": f"机主{number}",
            "phone": "13980123456",
            "address": "三台县芦溪镇",
            "dealer": "Dealer A",
            "made": self.today - timedelta(days=90),
            **changes,
        }
        return [values[name] for name in COLUMNS]

    def xlsx(self, *rows, heading=None):
        book = openpyxl.Workbook()
        for row in (heading or HEADING, *rows):
            book.active.append(row)
        output = io.BytesIO()
        book.save(output)
        return output.getvalue()

    def wizard(self, data, filename="list.xlsx", role="clerk", **values):
        return self.env["jinxing.card.import"].with_user(self.users[role]).create(
            {"file": base64.b64encode(data), "filename": filename, **values}
        )

    def problems(self, wizard):
        return [(line.row, line.column, line.reason) for line in wizard.line_ids]

    def imported(self):
        return self.env["jinxing.warranty.card"].search([("source", "=", "import")])

    # -- good lists ----------------------------------------------------------------------------

    def test_dry_run_changes_nothing(self):
        """G4: checking is checking."""
        before = self.env["stock.lot"].search_count([]), self.env["res.partner"].search_count([])
        wizard = self.wizard(self.xlsx(self.row(1), self.row(2)))
        wizard.action_check()
        self.assertEqual((wizard.state, wizard.good_count, wizard.bad_count), ("checked", 2, 0))
        after = self.env["stock.lot"].search_count([]), self.env["res.partner"].search_count([])
        self.assertEqual(before, after)
        self.assertFalse(self.imported())

    def test_import(self):
        """G4: machines, owners and active cards, with their cover."""
        wizard = self.wizard(self.xlsx(self.row(1), self.row(2, card=None, made=None)))
        wizard.action_import()
        self.assertEqual(wizard.state, "done")
        first, second = self.imported().sorted("serial")
        self.assertEqual(wizard.card_ids, first | second)
        self.assertEqual((first.name, first.state), ("IC00001", "active"))
        self.assertRegex(second.name, r"^SB\d+$")
        self.assertEqual(first.lot_id.engine_number, "IE00001")
        self.assertEqual(first.lot_id.manufacture_date, self.today - timedelta(days=90))
        self.assertEqual(first.owner_id.street, "三台县芦溪镇")
        self.assertEqual(len(first.line_ids), 3)
        self.assertEqual(first.create_uid, self.users["clerk"])
        self.assertIn(("id", "in", wizard.card_ids.ids), wizard.action_open_cards()["domain"])
        self.assertTrue(first.decision_ids)

    def test_csv_as_excel_writes_it_in_china(self):
        """G4: GB18030, or UTF-8 with a mark; comma, semicolon or tab."""
        for number, (encoding, comma) in enumerate(
            (("gb18030", ","), ("utf-8-sig", ";"), ("utf-8", "\t"))
        ):
            cells = [str(cell) for cell in self.row(number, made="2026年1月1日")]
            cells[COLUMNS_AT["invoice_date"]] = "2026/5/4"
            text = "\r\n".join([comma.join(HEADING), comma.join(cells)])
            wizard = self.wizard(text.encode(encoding), "名单.CSV")
            wizard.action_import()
            self.assertEqual(wizard.state, "done", self.problems(wizard))
            card = self.imported().filtered(lambda c, n=number: c.name == f"IC{n:05d}")
            self.assertEqual(card.owner_id.name, f"机主{number}")
            self.assertEqual(card.invoice_date, date(2026, 5, 4))

    def test_machine_in_stock_gets_its_card(self):
        """G4: no second machine; what was missing on it is filled in."""
        machine = self.machine(name="IMP00001", engine_number=False)
        self.wizard(self.xlsx(self.row(1))).action_import()
        self.assertEqual(self.imported().lot_id, machine)
        self.assertEqual(machine.engine_number, "IE00001")
        self.assertEqual(machine.manufacture_date, self.today - timedelta(days=90))

    def test_owner_with_several_machines_is_one_contact(self):
        """S8.1: the same name and phone is the same man, also if he was there already."""
        rows = [self.row(n, owner="张德福", phone="139-8012-3456") for n in (1, 2)]
        self.wizard(self.xlsx(*rows)).action_import()
        self.assertEqual(self.imported().owner_id, self.owner)

    # -- bad lists -----------------------------------------------------------------------------

    def test_bad_row_stops_the_import(self):
        """G4: nothing is half imported: not the good rows either, until the user says so."""
        data = self.xlsx(self.row(1), self.row(2, phone="12"))
        wizard = self.wizard(data)
        wizard.action_import()
        self.assertEqual((wizard.state, wizard.good_count, wizard.bad_count), ("checked", 1, 1))
        self.assertFalse(self.imported())
        wizard.skip_bad = True
        wizard.action_import()
        self.assertEqual(self.imported().serial, "IMP00001")

    def test_every_kind_of_bad_row_is_named(self):
        """G4 G5.3 G5.4: row, column and reason, in one pass over one list."""
        twin = {"name": "双胞胎", "is_storable": True, "tracking": "serial", "is_machine": True}
        self.env["product.product"].create([twin, twin])
        self.partner("同名农机", is_dealer=True)
        self.partner("同名农机", is_dealer=True)
        sold = self.card()
        waiting = self.draft()
        stock = self.machine(
            engine_number="E-STOCK",
            dealer_id=self.rival.id,
            manufacture_date=self.today - timedelta(days=100),
        )
        like_stock = {
            "serial": stock.name,
            "engine": "E-STOCK",
            "dealer": "Dealer B",
            "made": None,
        }
        tomorrow = self.today + timedelta(days=1)
        # An old day with no policy: the handbook's begins in 1990.
        self.env.ref("jinxing_warranty.policy_handbook").date_from = "1995-01-01"
        bad = [
            ("Serial number", "missing", {"serial": None}),
            ("Serial number", "too_long", {"serial": "J" * 65}),
            ("Serial number", "characters", {"serial": "编号"}),
            ("Serial number", "has_card", {"serial": sold.serial}),
            ("Serial number", "has_card", {"serial": waiting.serial}),
            ("Serial number", "digits_lost", {"serial": 123456789012345678}),
            ("Model", "missing", {"model": ""}),
            ("Model", "unknown", {"model": "4LZ-9.9"}),
            ("Model", "ambiguous", {"model": "双胞胎"}),
            ("Model", "model_differs", {**like_stock, "model": "T-B"}),
            ("Engine number", "missing", {"engine": None}),
            ("Engine number", "characters", {"engine": "E;1"}),
            ("Engine number", "engine_taken", {"engine": sold.engine_number}),
            ("Engine number", "engine_differs", {**like_stock, "engine": "E-X"}),
            ("Card number", "characters", {"card": "卡 1"}),
            ("Card number", "card_taken", {"card": sold.name}),
            ("Invoice number", "missing", {"invoice": None}),
            ("Invoice number", "format", {"invoice": "发票"}),
            ("Invoice number", "digits_lost", {"invoice": 12345678901234567890}),
            ("Invoice day", "missing", {"invoice_date": None}),
            ("Invoice day", "unreadable", {"invoice_date": "去年"}),
            ("Invoice day", "future", {"invoice_date": tomorrow}),
            ("Invoice day", "too_early", {"invoice_date": date(1980, 1, 1), "made": None}),
            ("Invoice day", "no_policy", {"invoice_date": date(1994, 1, 1), "made": None}),
            ("Invoice day", "before_made", {"invoice_date": self.today - timedelta(days=91)}),
            ("Owner", "missing", {"owner": None}),
            ("Phone", "missing", {"phone": None}),
            ("Phone", "format", {"phone": 12345}),
            ("Address", "missing", {"address": None}),
            ("Dealer", "missing", {"dealer": None}),
            ("Dealer", "unknown", {"dealer": "没有"}),
            ("Dealer", "ambiguous", {"dealer": "同名农机"}),
            ("Manufactured on", "unreadable", {"made": "?"}),
            ("Manufactured on", "future", {"made": tomorrow}),
        ]
        rows = [self.row(number, **changes) for number, (_c, _r, changes) in enumerate(bad, 100)]
        # These lines name the same machine in stock, so they stand in lists of their own.
        shared = [i for i, (_c, reason, _v) in enumerate(bad) if reason.endswith("_differs")]
        apart = [[i] for i in shared] + [[i for i in range(len(bad)) if i not in shared]]
        told = {}
        for group in apart:
            wizard = self.wizard(self.xlsx(self.row(1), *(rows[i] for i in group)))
            wizard.action_check()
            self.assertEqual(wizard.good_count, 1)
            for line in wizard.line_ids:
                self.assertTrue(line.reason)
                told.setdefault(group[line.row - 3], []).append((line.column, line.reason))
        env = self.env["jinxing.card.import"].with_user(self.users["clerk"]).env
        expected = {
            i: [(column, wizard_module.import_texts.reason(env, reason))]
            for i, (column, reason, _values) in enumerate(bad)
        }
        self.maxDiff = None
        self.assertEqual(told, expected)
        self.assertGreaterEqual(len({(c, r) for c, r, _v in bad}), 20)
        self.assertFalse(self.imported())

    def test_twice_in_the_list(self):
        """G4: both rows, and each of the three numbers."""
        rows = (self.row(1), self.row(1, owner="Other"))
        wizard = self.wizard(self.xlsx(*rows))
        wizard.action_check()
        self.assertEqual(
            {(line.row, line.column) for line in wizard.line_ids},
            {
                (row, column)
                for row in (2, 3)
                for column in ("Serial number", "Engine number", "Card number")
            },
        )

    def test_every_reason_has_its_words(self):
        """G4: no problem without a sentence, no sentence without a problem; in Chinese too."""
        self.assertEqual(set(wizard_module.import_texts.REASONS), REASONS)
        self.assertEqual(set(wizard_module.import_texts.COLUMNS), set(COLUMNS))
        self.chinese()
        env = self.env(context={"lang": "zh_CN"})
        for key in REASONS:
            words = wizard_module.import_texts.reason(env, key)
            self.assertTrue(any(char > "\u3000" for char in words), key)

    def test_report_can_be_corrected_and_imported(self):
        """G4: the error report holds the bad rows as they were, and why they are bad."""
        wizard = self.wizard(self.xlsx(self.row(1), self.row(2, phone="12")), skip_bad=True)
        wizard.action_import()
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(wizard.report_file)))
        sheet = book.worksheets[0]
        self.assertEqual(sheet.max_row, 2)
        self.assertEqual(sheet.cell(2, 12).value, "Phone has the wrong form")
        self.assertEqual(
            [cell.value for cell in book.worksheets[1][2]],
            [3, "Phone", "12", "has the wrong form"],
        )
        sheet.cell(2, 1 + COLUMNS_AT["phone"]).value = "13980123456"
        output = io.BytesIO()
        book.save(output)
        again = self.wizard(output.getvalue())
        again.action_import()
        self.assertEqual(again.state, "done", self.problems(again))
        self.assertEqual(len(self.imported()), 2)

    def test_formula_in_a_cell_stays_text(self):
        """G4: what a list says is not run by who opens the report."""
        wizard = self.wizard(self.xlsx(self.row(1, owner='=HYPERLINK("http://x")', phone="1")))
        wizard.action_check()
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(wizard.report_file)))
        self.assertNotEqual(book.worksheets[0].cell(2, 1 + COLUMNS_AT["owner"]).data_type, "f")

    def test_only_the_first_problems_are_shown(self):
        """G4: the report holds all of them."""
        rows = [self.row(number, phone="1") for number in range(wizard_module.SHOWN + 5)]
        wizard = self.wizard(self.xlsx(*rows))
        wizard.action_check()
        self.assertEqual(len(wizard.line_ids), wizard_module.SHOWN)
        self.assertEqual(wizard.problem_count, wizard_module.SHOWN + 5)
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(wizard.report_file)))
        self.assertEqual(book.worksheets[1].max_row, wizard_module.SHOWN + 6)

    # -- no lists ------------------------------------------------------------------------------

    def test_files_that_are_no_list(self):
        """G4: each with a sentence that says what to do."""
        big = b"x" * (wizard_module.MAX_BYTES + 1)
        for data, filename, words in (
            (b"%PDF", "list.pdf", "Only .xlsx and .csv"),
            (b"PK\x03\x04 broken", "list.xlsx", "no readable .xlsx"),
            (b"", "list.csv", "Choose a file"),
            (b"a,b", "list.csv", "empty"),
            (b"\xff\xfe\xff,\xff", "list.csv", "encoding"),
            (big, "list.csv", "larger than 20 MB"),
            (self.xlsx(self.row(1), heading=["型号"] * 11), "list.xlsx", "columns are missing"),
            (
                self.xlsx(self.row(1) + [1], heading=[*HEADING, "机型"]),
                "list.xlsx",
                "there twice",
            ),
        ):
            with self.refused(words):
                self.wizard(data, filename).action_check()
        with self.refused("did not arrive whole"):
            self.env["jinxing.card.import"].create(
                {"file": b"no base64!", "filename": "a.csv"}
            ).action_check()

    def test_too_many_rows(self):
        """G4: a list has its limit, and says it."""
        self.patch(wizard_module, "MAX_ROWS", 2)
        rows = [self.row(number) for number in range(3)]
        with self.refused("more than 2 rows"):
            self.wizard(self.xlsx(*rows)).action_check()

    def test_packed_trap(self):
        """G4: a small file that unpacks to an enormous one is not unpacked."""
        self.patch(wizard_module, "MAX_UNPACKED", 1000)
        with self.refused("too large"):
            self.wizard(self.xlsx(self.row(1))).action_check()

    def test_another_file_is_checked_again(self):
        """G4: a new list has no good rows yet."""
        wizard = self.wizard(self.xlsx(self.row(1)))
        wizard.action_check()
        wizard._onchange_file()
        self.assertEqual(wizard.state, "upload")

    def test_who_may(self):
        """G4: clerks and above; another company's machines are not touched."""
        data = self.xlsx(self.row(1))
        for role in ("technician", "parts_keeper", "nobody", "dealer"):
            with self.assertRaises(AccessError):
                self.wizard(data, role=role)
        foreign = self.machine(name="IMP00001", company_id=self.other_company.id)
        self.wizard(data).action_import()
        self.assertNotEqual(self.imported().lot_id, foreign)
        self.assertFalse(foreign.card_ids)


COLUMNS_AT = {name: position for position, name in enumerate(COLUMNS)}
