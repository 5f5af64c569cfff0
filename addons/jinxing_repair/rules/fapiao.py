"""Numbers of Chinese tax invoices (发票): paper ones have 8 digits and a code, digital ones 20.

The tax bureau's system issues them; Odoo keeps what it issued.
"""

import re

_NUMBER = re.compile(r"[0-9]{8}(?:[0-9]{12})?")
_PAPER = re.compile(r"[0-9]{8}")
_CODE = re.compile(r"[0-9]{10}(?:[0-9]{2})?")
_NOTICE = re.compile(r"[0-9]{16}(?:[0-9]{4})?")


def clean(text: str | None) -> str:
    """Return a number as it is kept: without the blanks people copy with it."""
    return "".join((text or "").split())


def is_number(text: str) -> bool:
    """Tell whether ``text`` is the number of a paper (8) or a digital (20 digits) fapiao."""
    return bool(_NUMBER.fullmatch(text))


def is_paper(text: str) -> bool:
    """Tell whether ``text`` is the number of a paper fapiao, which has a code beside it."""
    return bool(_PAPER.fullmatch(text))


def is_code(text: str) -> bool:
    """Tell whether ``text`` is the code of a paper fapiao: 10 or 12 digits."""
    return bool(_CODE.fullmatch(text))


def is_notice(text: str) -> bool:
    """Tell whether ``text`` numbers a red-letter notice (红字信息表 16, 确认单 20 digits)."""
    return bool(_NOTICE.fullmatch(text))
