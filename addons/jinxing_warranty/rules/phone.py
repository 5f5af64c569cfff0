"""Telephone numbers as people write them, and as the system compares them (S8.1, G1.5)."""

import re

_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_LANDLINE = re.compile(r"^0\d{9,11}$")
_LOCAL = re.compile(r"^[2-9]\d{6,7}$")
_SERVICE = re.compile(r"^[48]00\d{7}$")
_FOREIGN = re.compile(r"^\+(?!86)[1-9]\d{6,14}$")


def normalise(text: str | None) -> str:
    """Return the number without blanks, dashes, brackets and the Chinese prefix.

    Full-width digits become plain ones; a foreign prefix stays. Empty for nothing.
    """
    text = (text or "").translate(str.maketrans("０１２３４５６７８９＋", "0123456789+"))
    plus = text.strip().startswith("+")
    digits = re.sub(r"\D", "", text)
    if digits.startswith("0086"):
        digits, plus = digits[4:], False
    elif digits.startswith("86") and (plus or len(digits) == 13):
        digits, plus = digits[2:], False
    return f"+{digits}" if plus and digits else digits


def is_valid(text: str | None) -> bool:
    """Tell whether this is a Chinese mobile, landline or service number, or a foreign one."""
    number = normalise(text)
    kinds = (_MOBILE, _LANDLINE, _LOCAL, _SERVICE, _FOREIGN)
    return any(kind.match(number) for kind in kinds)


def masked(text: str | None) -> str:
    """Return the number with its middle hidden, for pages that strangers may see."""
    number = normalise(text)
    if len(number) < 8:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
