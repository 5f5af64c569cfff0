"""Reading a list of sold machines row by row, and saying what is wrong with each row.

A row is good or bad as a whole. Everything wrong with a row is named at once: row, column,
reason. Nothing here touches a database; what is known there comes in as ``Known``.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
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
#: Why a cell is bad; each has its sentence in the wizard.
REASONS = frozenset(
    "missing too_long characters unknown ambiguous unreadable future too_early format "
    "before_made twice has_card model_differs dealer_differs engine_differs made_differs "
    "engine_taken card_taken no_policy digits_lost".split()
)
#: Columns that identify something: one value may stand in one row only.
_UNIQUE = ("serial", "engine", "card")
#: Columns of numbers and codes, where full-width characters mean the plain ones.
_CODES = ("serial", "engine", "card", "invoice", "invoice_date", "phone", "made")
#: A sanity limit, no rule: a date before it is a typing error.
_EARLIEST = date(1990, 1, 1)
_CODE = re.compile(r"^[0-9A-Za-z][0-9A-Za-z\-/.]*$")
#: A paper invoice has 8 digits, a digital one 20, a foreign one what it likes.
_INVOICE = re.compile(r"^[0-9A-Za-z\-]{4,30}$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
_MAX_CODE = 64
_MAX_TEXT = 200
#: A sheet keeps 15 digits of a number; what follows is made up.
_SURE_DIGITS = 15


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
    reason: str
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
class Machine:
    """A machine as it is registered: names of its model, engine, dealer, day of manufacture.

    ``has_card`` is true for a draft too: somebody has registered the sale already.
    """

    models: Sequence[str]
    engine: str = ""
    dealer: str = ""
    made: date | None = None
    has_card: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the system knows already.

    ``models`` and ``dealers`` map a name as written to how many records it means,
    ``machines`` a serial to the machine, ``engines`` an engine number to its serial;
    ``cards`` are the card numbers in use. ``has_policy`` tells whether there is a warranty
    policy for a model sold on a day.
    """

    models: Mapping[str, int] = field(default_factory=dict)
    dealers: Mapping[str, int] = field(default_factory=dict)
    machines: Mapping[str, Machine] = field(default_factory=dict)
    engines: Mapping[str, str] = field(default_factory=dict)
    cards: frozenset[str] = frozenset()
    has_policy: Callable[[str, date], bool] = lambda _model, _day: True


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
    return _CONTROL.sub(" ", str(value)).strip()


def named_cells(heading: Mapping[str, int], cells: Sequence[Any]) -> dict[str, str]:
    """Return ``{our column: text}`` of a row, full-width digits and letters made plain."""
    named = {
        name: cell_text(cells[position]) if position < len(cells) else ""
        for name, position in heading.items()
    }
    for name in _CODES:
        if named.get(name):
            named[name] = unicodedata.normalize("NFKC", named[name]).strip()
    return named


def _lost_digits(heading, cells):
    """Return the columns where a sheet has kept a long number as a number."""
    return [
        name
        for name in ("serial", "engine", "card", "invoice")
        if name in heading
        and heading[name] < len(cells)
        and isinstance(cells[heading[name]], (int, float))
        and abs(cells[heading[name]]) >= 10**_SURE_DIGITS
    ]


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

    def blame(self, column, reason):
        self.problems.append(Problem(self.number, column, reason, self.cells.get(column, "")))

    def present(self, column, required=True, longest=_MAX_TEXT):
        """Return the text of a cell, ``None`` when it is missing or too long."""
        text = self.cells.get(column, "")
        if not text:
            if required:
                self.blame(column, "missing")
            return None
        if len(text) > longest:
            self.blame(column, "too_long")
            return None
        return text

    def matching(self, column, pattern, reason, required=True):
        """Check a number that identifies something."""
        text = self.present(column, required, _MAX_CODE)
        if text and not pattern.match(text):
            self.blame(column, reason)
        return text or ""

    def words(self, column, known):
        """Check a name that must mean exactly one record."""
        text = self.present(column)
        if text and not known.get(text):
            self.blame(column, "unknown")
        elif text and known[text] > 1:
            self.blame(column, "ambiguous")
        return text or ""

    def day(self, column, today, required=True):
        """Check a date that cannot lie in the future."""
        text = self.present(column, required)
        day = read_date(text) if text else None
        if text and day is None:
            self.blame(column, "unreadable")
        elif day and day > today:
            self.blame(column, "future")
        elif day and day < _EARLIEST:
            self.blame(column, "too_early")
        return day


def _check_machine(check: _Checker, machine: Machine, row: Row) -> None:
    """Compare a row with the machine its serial is registered with."""
    if machine.has_card:
        check.blame("serial", "has_card")
        return
    if row.model and row.model not in machine.models:
        check.blame("model", "model_differs")
    if row.engine and machine.engine and machine.engine != row.engine:
        check.blame("engine", "engine_differs")
    if row.dealer and machine.dealer and machine.dealer != row.dealer:
        check.blame("dealer", "dealer_differs")
    if row.made and machine.made and machine.made != row.made:
        check.blame("made", "made_differs")


def _check_row(check: _Checker, known: Known, twice: Mapping[str, Counter], today: date) -> Row:
    serial = check.matching("serial", _CODE, "characters")
    model = check.words("model", known.models)
    engine = check.matching("engine", _CODE, "characters")
    card = check.matching("card", _CODE, "characters", required=False)
    invoice = check.matching("invoice", _INVOICE, "format")
    sold = check.day("invoice_date", today)
    owner = check.present("owner") or ""
    number = check.present("phone") or ""
    if number and not phone.is_valid(number):
        check.blame("phone", "format")
    address = check.present("address") or ""
    dealer = check.words("dealer", known.dealers)
    made = check.day("made", today, required=False)
    row = Row(
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
    machine = known.machines.get(serial)
    first_day = made or (machine.made if machine else None)
    if sold and first_day and sold < first_day <= today:
        check.blame("invoice_date", "before_made")
    dated = sold and _EARLIEST <= sold <= today
    if dated and known.models.get(model) == 1 and not known.has_policy(model, sold):
        check.blame("invoice_date", "no_policy")
    for column, value in (("serial", serial), ("engine", engine), ("card", card)):
        if value and twice[column][value] > 1:
            check.blame(column, "twice")
    if machine:
        _check_machine(check, machine, row)
    if engine and known.engines.get(engine, serial) != serial:
        check.blame("engine", "engine_taken")
    if card in known.cards:
        check.blame("card", "card_taken")
    return row


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
    twice: dict[str, Counter] = {name: Counter() for name in _UNIQUE}
    for number, cells in rows:
        named = named_cells(heading, cells)
        if not any(named.values()):
            continue
        read.append((number, named, _lost_digits(heading, cells)))
        for name, counter in twice.items():
            if named.get(name):
                counter[named[name]] += 1
    good, problems = [], []
    for number, named, lost in read:
        check = _Checker(number, named)
        for column in lost:
            check.blame(column, "digits_lost")
        row = _check_row(check, known, twice, today)
        if check.problems:
            problems += check.problems
        else:
            good.append(row)
    return good, problems
