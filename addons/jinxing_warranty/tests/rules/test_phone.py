"""Telephone numbers as people write them (S8.1, G1.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.jinxing_warranty.rules.phone import is_valid, masked, normalise


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("139 8012 3456", "13980123456"),
        ("139-8012-3456", "13980123456"),
        ("+86 139 8012 3456", "13980123456"),
        ("0086 13980123456", "13980123456"),
        ("8613980123456", "13980123456"),
        ("１３９８０１２３４５６", "13980123456"),
        ("(0838) 290-1234", "08382901234"),
        ("400-800-1234", "4008001234"),
        ("+49 30 123456", "+4930123456"),
        ("", ""),
        (None, ""),
        ("unknown", ""),
    ],
)
def test_normalise(written, number):
    assert normalise(written) == number


@pytest.mark.parametrize(
    "written", ["13980123456", "+86 139 8012 3456", "0838-2901234", "2901234", "+84 912345678"]
)
def test_numbers_one_can_call(written):
    assert is_valid(written)


@pytest.mark.parametrize(
    "written", ["", None, "12345", "1398012345", "139801234567", "11111111111", "abc", "+861"]
)
def test_numbers_nobody_answers(written):
    assert not is_valid(written)


def test_masked():
    assert masked("13980123456") == "139****3456"
    assert masked("2901234") == "*******"


@given(st.text(max_size=30))
def test_normalising_twice_is_normalising_once(text):
    assert normalise(normalise(text)) == normalise(text)
