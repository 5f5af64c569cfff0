import base64
import binascii
import csv
import io
import itertools
import zipfile
from collections import Counter, defaultdict

import openpyxl
import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list, split_every

from ..models import import_texts
from ..models.service_day import service_day
from ..rules import card_import, phone

MAX_BYTES = 20 * 1024 * 1024
#: A sheet is a zip file; one that grows beyond this is a trap, not a list.
MAX_UNPACKED = 400 * 1024 * 1024
MAX_ROWS = 20_000
BATCH = 1_000
SHOWN = 200


class JinxingCardImport(models.TransientModel):
    """Import of sold machines from a sheet: check first, change nothing, then bring them in.

    All in one transaction, so nothing is half imported. While rows are bad nothing is
    imported at all, unless the user has said that they are to be left out.
    """

    _name = "jinxing.card.import"
    _description = "Import of Sold Machines"

    file = fields.Binary("List (.xlsx or .csv)", attachment=False)
    filename = fields.Char()
    state = fields.Selection(
        [("upload", "Choose"), ("checked", "Checked"), ("done", "Imported")], default="upload"
    )
    good_count = fields.Integer("Good rows", readonly=True)
    bad_count = fields.Integer("Bad rows", readonly=True)
    problem_count = fields.Integer("Number of problems", readonly=True)
    skip_bad = fields.Boolean("Leave out the bad rows")
    line_ids = fields.One2many("jinxing.card.import.line", "import_id", "Problems", readonly=True)
    report_file = fields.Binary("Error report", readonly=True, attachment=False)
    report_name = fields.Char(readonly=True)
    card_ids = fields.Many2many("jinxing.warranty.card", readonly=True)

    @api.onchange("file")
    def _onchange_file(self):
        """Another list has not been checked yet."""
        self.state = "upload"

    # -- reading -------------------------------------------------------------------------------

    def _read_table(self):
        """Return the sheet's rows as ``[(row number, cells)]``.

        :raises UserError: no file, too big, not a sheet, or empty
        """
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        try:
            data = base64.b64decode(self.file, validate=True)
        except binascii.Error as error:
            raise UserError(self.env._("The file did not arrive whole.")) from error
        if len(data) > MAX_BYTES:
            raise UserError(
                self.env._("The file is larger than %(size)s MB.", size=MAX_BYTES // 1024**2)
            )
        name = (self.filename or "").lower()
        if name.endswith(".csv"):
            rows = self._read_csv(data)
        elif name.endswith(".xlsx"):
            rows = self._read_xlsx(data)
        else:
            raise UserError(self.env._("Only .xlsx and .csv files can be read."))
        # One row more than allowed is enough to know.
        table = list(enumerate(itertools.islice(rows, MAX_ROWS + 2), 1))
        if len(table) < 2:
            raise UserError(self.env._("The list is empty."))
        if len(table) > MAX_ROWS + 1:
            raise UserError(
                self.env._("The list has more than %(count)s rows; split it.", count=MAX_ROWS)
            )
        return table

    def _read_csv(self, data):
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                text = data.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
        else:
            raise UserError(self.env._("The file's encoding is neither UTF-8 nor GB18030."))
        first = text.split("\n", 1)[0]
        delimiter = max(",;\t", key=first.count)
        try:
            return list(csv.reader(io.StringIO(text), delimiter=delimiter))
        except csv.Error as error:
            raise UserError(
                self.env._("The file cannot be read: %(error)s", error=error)
            ) from error

    def _read_xlsx(self, data):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                    raise UserError(self.env._("The sheet is too large; split it."))
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            return list(
                itertools.islice(book.worksheets[0].iter_rows(values_only=True), MAX_ROWS + 2)
            )
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
            raise UserError(self.env._("The file is no readable .xlsx sheet.")) from error

    # -- checking ------------------------------------------------------------------------------

    def _check(self):
        """Return the table, good rows and problems of the file."""
        table = self._read_table()
        try:
            heading = card_import.read_heading(table[0][1])
        except card_import.HeadingError as error:
            raise UserError(self._heading_message(error)) from error
        body = table[1:]
        values = defaultdict(set)
        for _number, cells in body:
            for name, text in card_import.named_cells(heading, cells).items():
                values[name].add(text)
        good, problems = card_import.check_rows(
            heading, body, self._known(values), service_day(self.env)
        )
        return table, good, problems

    def _known(self, values):
        """Return what the system knows of the names and numbers in the list."""
        company = self.env.company
        # sudo: numbers taken by machines the clerk may not see count as taken too
        lots = self.env["stock.lot"].sudo()
        columns = ["name", "engine_number", "product_id", "dealer_id", "manufacture_date"]
        machines = lots.search_fetch(
            [
                ("is_machine", "=", True),
                ("company_id", "in", [company.id, False]),
                ("name", "in", list(values["serial"])),
            ],
            columns,
        )
        engines = lots.search_fetch(
            [("is_machine", "=", True), ("engine_number", "in", list(values["engine"] - {""}))],
            columns,
        )
        # sudo: as above
        cards = self.env["jinxing.warranty.card"].sudo()
        alive = cards.search_fetch(
            [("lot_id", "in", machines.ids), ("state", "in", ["draft", "active"])], ["lot_id"]
        )
        numbers = cards.search_fetch(
            [("name", "in", list(values["card"])), ("company_id", "=", company.id)], ["name"]
        )
        models_by_name = self._models_by_name()
        policies = self.env["jinxing.warranty.policy"]._candidates(company)
        return card_import.Known(
            models={name: len(found) for name, found in models_by_name.items()},
            dealers=Counter(self._dealers().mapped("name")),
            machines={
                lot.name: card_import.Machine(
                    models=self._model_names(lot.product_id),
                    engine=lot.engine_number or "",
                    dealer=lot.dealer_id.name or "",
                    made=lot.manufacture_date or None,
                    has_card=lot in alive.lot_id,
                )
                for lot in machines
            },
            engines={lot.engine_number: lot.name for lot in engines},
            cards=frozenset(numbers.mapped("name")),
            has_policy=lambda name, day: bool(policies._pick(models_by_name[name], day)),
        )

    def _models_by_name(self):
        """Return ``{name or reference: the models it means}``."""
        found = defaultdict(self.env["product.product"].browse)
        for product in self.env["product.product"].search([("is_machine", "=", True)]):
            for name in self._model_names(product):
                found[name] |= product
        return found

    def _dealers(self):
        return self.env["res.partner"].search([("is_dealer", "=", True)])

    @staticmethod
    def _model_names(product):
        """Return the names a list may call a model by: its reference and its name."""
        return {name for name in (product.default_code, product.name) if name}

    def _heading_message(self, error):
        def labels(names):
            return format_list(
                self.env,
                [
                    f"{import_texts.column(self.env, name)} ({card_import.COLUMNS[name][0]})"
                    for name in names
                ],
            )

        if error.missing:
            return self.env._("These columns are missing: %(names)s", names=labels(error.missing))
        return self.env._("These columns are there twice: %(names)s", names=labels(error.double))

    # -- buttons -------------------------------------------------------------------------------

    def action_check(self):
        """Check the whole list and change nothing (dry run)."""
        self._report(*self._check())
        self.state = "checked"
        return self._reopen()

    def action_import(self):
        """Bring in the rows as machines with active cards, or nothing at all.

        Bad rows stop the import and are reported; with ``skip_bad`` they are left out.
        """
        self.check_access("write")
        self.env["jinxing.warranty.card"].check_access("create")
        table, good, problems = self._check()
        self._report(table, good, problems)
        if problems and not self.skip_bad:
            self.state = "checked"
            return self._reopen()
        cards = self.env["jinxing.warranty.card"]
        for batch in split_every(BATCH, good, list):
            cards |= self._create_cards(batch)
        self.write({"state": "done", "card_ids": [(6, 0, cards.ids)]})
        return self._reopen()

    def _report(self, table, good, problems):
        lines = [
            {
                "import_id": self.id,
                "row": problem.row,
                "column": import_texts.column(self.env, problem.column),
                "value": problem.value[:200],
                "reason": import_texts.reason(self.env, problem.reason),
            }
            for problem in problems
        ]
        self.line_ids.unlink()
        self.env["jinxing.card.import.line"].create(lines[:SHOWN])
        self.write(
            {
                "good_count": len(good),
                "bad_count": len({problem.row for problem in problems}),
                "problem_count": len(lines),
                "report_file": self._report_sheet(table, lines) if lines else False,
                "report_name": self.env._("import errors.xlsx") if lines else False,
            }
        )

    def _report_sheet(self, table, lines):
        """Return the bad rows as a sheet to correct and import, and all problems as a second."""
        _ = self.env._
        output = io.BytesIO()
        book = xlsxwriter.Workbook(
            output,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "default_date_format": "yyyy-mm-dd",
                "remove_timezone": True,
            },
        )
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        wrong = defaultdict(list)
        for line in lines:
            wrong[line["row"]].append(f"{line['column']} {line['reason']}")
        sheet = book.add_worksheet(_("To correct"))
        width = len(table[0][1])
        sheet.write_row(0, 0, [*map(card_import.cell_text, table[0][1]), _("What is wrong")], bold)
        bad_rows = [(number, cells) for number, cells in table[1:] if number in wrong]
        for position, (number, cells) in enumerate(bad_rows, 1):
            for column, cell in enumerate(cells[:width]):
                sheet.write_string(position, column, card_import.cell_text(cell), text)
            sheet.write_string(position, width, "; ".join(wrong[number]))
        sheet.set_column(0, width, 18)
        sheet = book.add_worksheet(_("Problems"))
        heads = (_("Row"), _("Column"), _("Value"), _("What is wrong"))
        sheet.write_row(0, 0, heads, bold)
        for position, line in enumerate(lines, 1):
            sheet.write_number(position, 0, line["row"])
            for column, name in enumerate(("column", "value", "reason"), 1):
                sheet.write_string(position, column, line[name])
        sheet.set_column(1, 3, 28)
        book.close()
        return base64.b64encode(output.getvalue())

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
            "name": self.env._("Import Sold Machines"),
        }

    def action_open_cards(self):
        """Open the imported cards."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Warranty Cards"),
            "res_model": "jinxing.warranty.card",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", self.card_ids.ids)],
        }

    # -- writing -------------------------------------------------------------------------------

    def _create_cards(self, rows):
        """Create machines, owners and active cards of good rows.

        The number of queries does not grow with the number of rows.
        """
        products = self._models_by_name()
        dealers = {dealer.name: dealer for dealer in self._dealers()}
        owners = self._owners(rows)
        machines = self._machines(rows, products)
        # sudo: that a card was imported is noted by the system
        cards = self.env["jinxing.warranty.card"].sudo().with_context(tracking_disable=True)
        created = cards.create(
            [
                {
                    "name": row.card or "/",
                    "source": "import",
                    "lot_id": machines[row.serial].id,
                    "product_id": products[row.model].id,
                    "engine_number": row.engine,
                    "owner_id": owners[row.owner, row.phone].id,
                    "owner_phone": row.phone,
                    "dealer_id": dealers[row.dealer].id,
                    "invoice_number": row.invoice,
                    "invoice_date": row.invoice_date,
                    "company_id": self.env.company.id,
                }
                for row in rows
            ]
        )
        created.action_activate()
        return created.with_env(self.env)

    def _machines(self, rows, products):
        """Return ``{serial: machine}``, created where there is none."""
        # sudo: a clerk may not create stock records but may register machines
        lots = self.env["stock.lot"].sudo().with_context(tracking_disable=True)
        known = {
            lot.name: lot
            for lot in lots.search(
                [
                    ("is_machine", "=", True),
                    ("company_id", "in", [self.env.company.id, False]),
                    ("name", "in", [row.serial for row in rows]),
                ]
            )
        }
        for row in rows:
            lot = known.get(row.serial)
            if lot and row.made and not lot.manufacture_date:
                lot.manufacture_date = row.made
        created = lots.create(
            [
                {
                    "name": row.serial,
                    "product_id": products[row.model].id,
                    "company_id": self.env.company.id,
                    "engine_number": row.engine,
                    "manufacture_date": row.made,
                }
                for row in rows
                if row.serial not in known
            ]
        )
        known.update({lot.name: lot for lot in created})
        return known

    def _owners(self, rows):
        """Return ``{(name, phone): contact}``, created where there is none with both."""
        partners = self.env["res.partner"].with_context(tracking_disable=True)
        wanted = {(row.owner, row.phone): row for row in rows}
        found = {}
        for partner in partners.search_fetch(
            [("name", "in", [name for name, _number in wanted]), ("phone", "!=", False)],
            ["name", "phone"],
            order="id",
        ):
            found.setdefault((partner.name, phone.normalise(partner.phone)), partner)
        new = [key for key in wanted if key not in found]
        created = partners.create(
            [
                {
                    "name": key[0],
                    "phone": key[1],
                    "street": wanted[key].address,
                    "lang": self.env.lang,
                    "country_id": self.env.company.country_id.id,
                }
                for key in new
            ]
        )
        found.update(zip(new, created, strict=True))
        return found


class JinxingCardImportLine(models.TransientModel):
    """One thing wrong with one row."""

    _name = "jinxing.card.import.line"
    _description = "Problem of an Import"
    _order = "row, id"

    import_id = fields.Many2one(
        "jinxing.card.import", required=True, ondelete="cascade", index=True
    )
    row = fields.Integer()
    column = fields.Char()
    value = fields.Char()
    reason = fields.Char("What is wrong")
