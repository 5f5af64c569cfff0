from datetime import time

import pytest

from odoo.addons.jinxing_base.rules.times import parse_times


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("00:00-24:00", ((time(0), time(0)),)),
        ("07:00-21:00", ((time(7), time(21)),)),
        (" 07:00-12:00 , 13:30-21:00,", ((time(7), time(12)), (time(13, 30), time(21)))),
        ("20:00-06:00", ((time(20), time(6)),)),
        ("06:00-20:00,20:00-06:00", ((time(6), time(20)), (time(20), time(6)))),
    ],
)
def test_windows_as_written(text, windows):
    """S8.2: a policy states between which times the contact's minutes run."""
    assert parse_times(text) == windows


@pytest.mark.parametrize(
    "text",
    ["", " , ", "07:00", "7-9", "7:00-21:00", "25:00-26:00", "07:60-08:00", "07:00-21:00-22:00",
     "０7:00-08:00", "07:00-12:00,11:00-13:00", "20:00-06:00,05:00-07:00", "x"],
)
def test_what_is_no_window_is_refused(text):
    """S8.2: windows that overlap or are no times would let the clock run wrong."""
    with pytest.raises(ValueError):
        parse_times(text)
