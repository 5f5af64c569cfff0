import pytest

from odoo.addons.jinxing_repair.rules import fapiao


@pytest.mark.parametrize(
    ("text", "number", "paper", "code", "notice"),
    [
        ("12345678", True, True, False, False),
        ("26512000000012345678", True, False, False, True),
        ("1234567", False, False, False, False),
        ("123456789", False, False, False, False),
        ("2651200000001234567", False, False, False, False),
        ("265120000000123456789", False, False, False, False),
        ("1234567a", False, False, False, False),
        ("１２３４５６７８", False, False, False, False),
        ("12345678\n", False, False, False, False),
        ("5100194320", False, False, True, False),
        ("051001900104", False, False, True, False),
        ("5100194320150001", False, False, False, True),
        ("", False, False, False, False),
    ],
)
def test_s8_4_kinds_of_numbers(text, number, paper, code, notice):
    assert fapiao.is_number(text) is number
    assert fapiao.is_paper(text) is paper
    assert fapiao.is_code(text) is code
    assert fapiao.is_notice(text) is notice


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" 2651 2000 0000 1234 5678\n", "26512000000012345678"), (None, ""), ("12345678", "12345678")],
)
def test_s8_4_blanks_are_not_kept(typed, kept):
    assert fapiao.clean(typed) == kept
