import base64
import csv
import io
import zipfile
from collections import Counter, defaultdict

import openpyxl
import xlsxwriter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every
from odoo.tools.translate import LazyTranslate

from ..rules import card_import

_lt = LazyTranslate(__name__)

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
BATCH = 1_000
SHOWN = 200

COLUMN_LABELS = {
    "serial": _lt("Serial number"),
    "model": _lt("Model"),
    "engine": _lt("Engine number"),
    "card": _lt("Card number"),
    "invoice": _lt("Invoice number"),
    "invoice_date": _lt("Invoice day"),
    "owner": _lt("Owner"),
    "phone": _lt("Phone"),
    "address": _lt("Address"),
    "dealer": _lt("Dealer"),
    "made": _lt("Manufactured on"),
}
REASONS = {
    "missing": _lt("is missing"),
    "too_long": _lt("is longer than 64 characters"),
    "characters": _lt("may hold only letters, digits and - / ."),
    "unknown": _lt("is not known"),
    "ambiguous": _lt("means more than one record"),
    "unreadable": _lt("is no date we can read (2026-03-15, 2026/3/15, 2026年3月15日)"),
    "future": _lt("lies in the future"),
    "too_early": _lt("lies before 1990"),
    "format": _lt("has the wrong form"),
    "before_made": _lt("lies before the day of manufacture"),
    "twice": _lt("stands in this list twice"),
    "has_card": _lt("has an active warranty card already"),
    "differs": _lt("is not the model this serial number is registered with"),
    "taken": _lt("belongs to another record already"),
}


class JinxingCardImport(models.TransientModel):
    """Import of sold machines from a sheet: check first, then bring in the good rows."""

    _name = "jinxing.card.import"
    _description = "Import of Sold Machines"

    file = fields.Binary("List (.xlsx or .csv)", attachment=False)
    filename = fields.Char()
    state = fields.Selection(
        [("upload", "Choose"), ("checked", "Checked"), ("done", "Imported")], default="upload"
    )
    good_count = fields.Integer("Good rows", readonly=True)
    bad_count = fields.Integer("Bad rows", readonly=True)
    line_ids = fields.One2many("jinxing.card.import.line", "import_id", readonly=True)
    report_file = fields.Binary("Error report", readonly=True, attachment=False)
    report_name = fields.Char(readonly=True)
    card_ids = fields.Many2many("jinxing.warranty.card", readonly=True)

    # -- reading -------------------------------------------------------------------------------

    def _read_table(self):
        """Return the sheet's rows as ``[(row number, cells)]``.

        :raises UserError: no file, too big, not a sheet, or empty
        """
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        data = base64.b64decode(self.file)
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
        if len(rows) < 2:
            raise UserError(self.env._("The list is empty."))
        if len(rows) > MAX_ROWS + 1:
            raise UserError(
                self.env._("The list has more than %(count)s rows; split it.", count=MAX_ROWS)
            )
        return rows

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
            return list(enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1))
        except csv.Error as error:
            raise UserError(
                self.env._("The file cannot be read: %(error)s", error=error)
            ) from error

    def _read_xlsx(self, data):
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            return list(enumerate(book.worksheets[0].iter_rows(values_only=True), 1))
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
            raise UserError(self.env._("The file is no readable .xlsx sheet.")) from error

    def _known(self, rows, heading):
        """Return what the system knows of the names and numbers in the list."""
        values = defaultdict(set)
        for _number, cells in rows:
            for name, position in heading.items():
                if position < len(cells):
                    values[name].add(card_import.cell_text(cells[position]))
        # sudo: numbers taken by machines the clerk may not see count as taken too
        lots = self.env["stock.lot"].sudo()
        known_lots = lots.search_fetch(
            [
                ("is_machine", "=", True),
                "|",
                ("name", "in", list(values["serial"])),
                ("engine_number", "in", list(values["engine"])),
            ],
            ["name", "engine_number", "product_id", "card_id"],
        )
        names = {product: self._model_names(product) for product in known_lots.product_id}
        # sudo: as above
        cards = self.env["jinxing.warranty.card"].sudo().search_fetch(
            [("name", "in", list(values["card"])), ("company_id", "=", self.env.company.id)],
            ["name"],
        )
        return card_import.Known(
            models=Counter(
                name for product in self._models() for name in self._model_names(product)
            ),
            dealers=Counter(self._dealers().mapped("name")),
            serials={lot.name: names[lot.product_id] for lot in known_lots},
            engines={lot.engine_number: lot.name for lot in known_lots if lot.engine_number},
            active=frozenset(known_lots.filtered("card_id").mapped("name")),
            cards=frozenset(cards.mapped("name")),
        )

    def _models(self):
        return self.env["product.product"].search([("is_machine", "=", True)])

    def _dealers(self):
        return self.env["res.partner"].search([("is_dealer", "=", True)])

    @staticmethod
    def _model_names(product):
        """Return the names a list may call a model by: its reference and its name."""
        return {name for name in (product.default_code, product.name) if name}

    def _check(self):
        """Return good rows and problems of the file."""
        rows = self._read_table()
        try:
            heading = card_import.read_heading(rows[0][1])
        except card_import.HeadingError as error:
            raise UserError(self._heading_message(error)) from error
        body = rows[1:]
        return card_import.check_rows(
            heading, body, self._known(body, heading), fields.Date.context_today(self)
        )

    def _column_label(self, name):
        return self.env._(COLUMN_LABELS[name])  # pylint: disable=gettext-variable

    def _heading_message(self, error):
        def labels(names):
            return ", ".join(
                f"{self._column_label(name)} ({card_import.COLUMNS[name][0]})" for name in names
            )

        if error.missing:
            return self.env._("These columns are missing: %(names)s", names=labels(error.missing))
        return self.env._("These columns are there twice: %(names)s", names=labels(error.double))

    def _reason(self, problem):
        key = problem.key.removeprefix(problem.column).removeprefix("invoice").strip("_")
        return self.env._(REASONS[key])  # pylint: disable=gettext-variable

    # -- buttons -------------------------------------------------------------------------------

    def action_check(self):
        """Check the whole list and change nothing (dry run)."""
        good, problems = self._check()
        self._report(good, problems)
        self.state = "checked"
        return self._reopen()

    def action_import(self):
        """Bring in the good rows as machines with active cards; report the bad ones."""
        self.check_access("write")
        self.env["jinxing.warranty.card"].check_access("create")
        good, problems = self._check()
        cards = self.env["jinxing.warranty.card"]
        for batch in split_every(BATCH, good, list):
            cards |= self._create_cards(batch)
        self._report(good, problems)
        self.write({"state": "done", "card_ids": [(6, 0, cards.ids)]})
        return self._reopen()

    def _report(self, good, problems):
        lines = [
            {
                "import_id": self.id,
                "row": problem.row,
                "column": self._column_label(problem.column),
                "value": problem.value[:200],
                "reason": self._reason(problem),
            }
            for problem in problems
        ]
        self.line_ids.unlink()
        self.env["jinxing.card.import.line"].create(lines[:SHOWN])
        self.write(
            {
                "good_count": len(good),
                "bad_count": len({problem.row for problem in problems}),
                "report_file": self._report_sheet(lines) if lines else False,
                "report_name": self.env._("import errors.xlsx") if lines else False,
            }
        )

    def _report_sheet(self, lines):
        """Return the error report as a sheet: row, column, value, reason."""
        output = io.BytesIO()
        book = xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False})
        sheet = book.add_worksheet()
        heads = (
            self.env._("Row"),
            self.env._("Column"),
            self.env._("Value"),
            self.env._("What is wrong"),
        )
        sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
        for number, line in enumerate(lines, 1):
            sheet.write_row(
                number, 0, (line["row"], line["column"], line["value"], line["reason"])
            )
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
        """Create machines, owners and active cards of good rows, in constant queries."""
        models = {
            name: product for product in self._models() for name in self._model_names(product)
        }
        dealers = {dealer.name: dealer for dealer in self._dealers()}
        owners = self._owners(rows)
        # sudo: a clerk may not create stock records but may register machines
        lots = self.env["stock.lot"].sudo()
        known = {
            lot.name: lot
            for lot in lots.search(
                [("is_machine", "=", True), ("name", "in", [row.serial for row in rows])]
            )
        }
        missing = [row for row in rows if row.serial not in known]
        created = lots.create(
            [
                {
                    "name": row.serial,
                    "product_id": models[row.model].id,
                    "company_id": self.env.company.id,
                    "engine_number": row.engine,
                    "manufacture_date": row.made,
                }
                for row in missing
            ]
        )
        known.update({lot.name: lot for lot in created})
        for row in rows:
            lot = known[row.serial]
            if lot not in created:
                lot.write(
                    {
                        "engine_number": row.engine,
                        "manufacture_date": row.made or lot.manufacture_date,
                    }
                )
        cards = self.env["jinxing.warranty.card"].create(
            [
                {
                    "name": row.card or "/",
                    "source": "import",
                    "lot_id": known[row.serial].id,
                    "product_id": models[row.model].id,
                    "owner_id": owners[row.owner, row.phone].id,
                    "owner_phone": row.phone,
                    "dealer_id": dealers[row.dealer].id,
                    "invoice_number": row.invoice,
                    "invoice_date": row.invoice_date,
                }
                for row in rows
            ]
        )
        cards.action_activate()
        return cards

    def _owners(self, rows):
        """Return ``{(name, phone): contact}``, created where there is none with both."""
        partners = self.env["res.partner"]
        found = {}
        numbers = {row.phone for row in rows}
        for partner in partners.search_fetch(
            [("name", "in", [row.owner for row in rows]), ("phone", "in", list(numbers))],
            ["name", "phone"],
        ):
            found.setdefault((partner.name, partner.phone), partner)
        wanted = {(row.owner, row.phone): row for row in rows}
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
