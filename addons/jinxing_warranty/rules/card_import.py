"""Reading a list of sold machines row by row, and saying what is wrong with each row.

A row is imported whole or not at all. Everything wrong with a row is named at once: row,
column, reason. Nothing here touches a database; what is known there comes in as ``Known``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from . import phone

#: Our columns: name -> headings that mean it (compared without blanks, in lower case).
COLUMNS = {
    "serial": ("出厂编号", "机器编号", "serial", "serialnumber"),
    "model": ("型号", "机型", "产品型号", "model"),
    "engine": ("发动机号", "发动机编号", "engine", "enginenumber"),
    "card": ("三包凭证号", "凭证号", "card", "cardnumber"),
    "invoice": ("发票号", "发票号码", "invoice", "invoicenumber"),
    "invoice_date": ("发票日期", "开票日期", "invoicedate"),
    "owner": ("机主", "用户姓名", "购机者", "owner"),
    "phone": ("电话", "联系电话", "手机", "phone"),
    "address": ("地址", "用户地址", "address"),
    "dealer": ("经销商", "销售单位", "dealer"),
    "made": ("出厂日期", "生产日期", "manufacturedate", "manufactured"),
}
REQUIRED = (
    "serial",
    "model",
    "engine",
    "invoice",
    "invoice_date",
    "owner",
    "phone",
    "address",
    "dealer",
)
#: No combine of ours is older than the company's first handbook edition in the archive.
_EARLIEST = date(1990, 1, 1)
_CODE = re.compile(r"^[0-9A-Za-z][0-9A-Za-z\-/.]*$")
_INVOICE = re.compile(r"^(?:\d{8}|\d{20}|[0-9A-Za-z\-]{4,30})$")
_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
_MAX_LENGTH = 64


class HeadingError(ValueError):
    """The first row lacks columns; ``missing`` and ``double`` name them."""

    def __init__(self, missing, double):
        super().__init__(missing, double)
        self.missing = missing
        self.double = double


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell: row number as the sheet shows it, column, reason, value."""

    row: int
    column: str
    key: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A good row, typed."""

    number: int
    serial: str
    model: str
    engine: str
    card: str
    invoice: str
    invoice_date: date
    owner: str
    phone: str
    address: str
    dealer: str
    made: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the system knows already.

    ``models`` and ``dealers`` map a name as written to how many records it means. ``serials``
    maps a registered serial to its model's names, ``engines`` an engine number to its serial;
    ``active`` holds the serials with an active card, ``cards`` the card numbers in use.
    """

    models: Mapping[str, int] = field(default_factory=dict)
    dealers: Mapping[str, int] = field(default_factory=dict)
    serials: Mapping[str, Sequence[str]] = field(default_factory=dict)
    engines: Mapping[str, str] = field(default_factory=dict)
    active: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()


def read_heading(cells: Sequence[Any]) -> dict[str, int]:
    """Return ``{our column: position}`` of a heading row.

    :raises HeadingError: a required column is missing, or one is there twice
    """
    wanted = {
        "".join(alias.lower().split()): name
        for name, aliases in COLUMNS.items()
        for alias in aliases
    }
    found: dict[str, int] = {}
    double = []
    for position, cell in enumerate(cells):
        text = re.sub(r"[\s_*＊:：]", "", str(cell or "").lower())
        name = wanted.get(text)
        if name in found:
            double.append(name)
        elif name:
            found[name] = position
    missing = [name for name in REQUIRED if name not in found]
    if missing or double:
        raise HeadingError(missing, double)
    return found


def cell_text(value: Any) -> str:
    """Return a cell as trimmed text; whole numbers without ``.0``, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def read_date(text: str) -> date | None:
    """Return the day a text means, ``None`` when it means none."""
    text = text.strip().split(" ")[0]
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


class _Checker:
    """Checks the cells of one row and remembers what is wrong."""

    def __init__(self, number, cells):
        self.number = number
        self.cells = cells
        self.problems: list[Problem] = []

    def blame(self, column, key, value=None):
        shown = self.cells.get(column, "") if value is None else value
        self.problems.append(Problem(self.number, column, key, shown))

    def code(self, column, required=True):
        """Check a number that identifies something."""
        text = self.cells.get(column, "")
        if not text:
            if required:
                self.blame(column, f"{column}_missing")
        elif len(text) > _MAX_LENGTH:
            self.blame(column, f"{column}_too_long")
        elif not _CODE.match(text):
            self.blame(column, f"{column}_characters")
        return text

    def words(self, column, known, required=True):
        """Check a name that must mean exactly one record."""
        text = self.cells.get(column, "")
        if not text:
            if required:
                self.blame(column, f"{column}_missing")
        elif not known.get(text):
            self.blame(column, f"{column}_unknown")
        elif known[text] > 1:
            self.blame(column, f"{column}_ambiguous")
        return text

    def day(self, column, today, required=True):
        """Check a date that cannot lie in the future."""
        text = self.cells.get(column, "")
        if not text:
            if required:
                self.blame(column, f"{column}_missing")
            return None
        day = read_date(text)
        if day is None:
            self.blame(column, f"{column}_unreadable")
        elif day > today:
            self.blame(column, f"{column}_future")
        elif day < _EARLIEST:
            self.blame(column, f"{column}_too_early")
        return day

    def text(self, column):
        """Check a text that must be there."""
        text = self.cells.get(column, "")
        if not text:
            self.blame(column, f"{column}_missing")
        return text


def _check_row(check: _Checker, known: Known, twice: Mapping[str, Counter], today: date) -> Row:
    serial = check.code("serial")
    model = check.words("model", known.models)
    engine = check.code("engine")
    card = check.code("card", required=False)
    invoice = check.text("invoice")
    if invoice and not _INVOICE.match(invoice):
        check.blame("invoice", "invoice_format")
    sold = check.day("invoice_date", today)
    made = check.day("made", today, required=False)
    if sold and made and sold < made:
        check.blame("invoice_date", "invoice_before_made")
    owner = check.text("owner")
    number = check.text("phone")
    if number and not phone.is_valid(number):
        check.blame("phone", "phone_format")
    address = check.text("address")
    dealer = check.words("dealer", known.dealers)

    for column, value in (("serial", serial), ("engine", engine), ("card", card)):
        if value and twice[column][value] > 1:
            check.blame(column, f"{column}_twice")
    if serial in known.active:
        check.blame("serial", "serial_has_card")
    elif serial in known.serials and model and model not in known.serials[serial]:
        check.blame("model", "model_differs")
    if engine and known.engines.get(engine, serial) != serial:
        check.blame("engine", "engine_taken")
    if card in known.cards:
        check.blame("card", "card_taken")
    return Row(
        check.number,
        serial,
        model,
        engine,
        card,
        invoice,
        sold,
        owner,
        phone.normalise(number),
        address,
        dealer,
        made,
    )


def check_rows(
    heading: Mapping[str, int],
    rows: Iterable[tuple[int, Sequence[Any]]],
    known: Known,
    today: date,
) -> tuple[list[Row], list[Problem]]:
    """Sort rows into good ones and problems; empty rows are skipped.

    :param rows: ``(row number as the sheet shows it, cells)``
    """
    read = []
    twice: dict[str, Counter] = {name: Counter() for name in ("serial", "engine", "card")}
    for number, cells in rows:
        named = {
            name: cell_text(cells[position]) if position < len(cells) else ""
            for name, position in heading.items()
        }
        if not any(named.values()):
            continue
        read.append((number, named))
        for name, counter in twice.items():
            if named.get(name):
                counter[named[name]] += 1
    good, problems = [], []
    for number, named in read:
        check = _Checker(number, named)
        row = _check_row(check, known, twice, today)
        if check.problems:
            problems += check.problems
        else:
            good.append(row)
    return good, problems
