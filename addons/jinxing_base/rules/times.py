"""Times of the day as a policy writes them: ``07:00-12:00, 13:30-21:00``."""

from datetime import time


def parse_times(text: str) -> tuple[tuple[time, time], ...]:
    """Return the windows of a day; one that ends before it starts runs past midnight.

    ``24:00`` is midnight, and equal ends are the whole day, so ``00:00-24:00`` is day and night.

    :raises ValueError: no window at all, a time that is none, or windows that overlap
    """
    windows = tuple(_window(part) for part in text.split(",") if part.strip())
    if not windows:
        raise ValueError(f"no times of the day: {text!r}")
    minutes: set[int] = set()
    for first, last in windows:
        begin, end = _minute(first), _minute(last)
        taken = range(begin, end if end > begin else end + 1440)
        mine = {minute % 1440 for minute in taken}
        if minutes & mine:
            raise ValueError(f"times that overlap: {text!r}")
        minutes |= mine
    return windows


def _window(text: str) -> tuple[time, time]:
    first, dash, last = text.strip().partition("-")
    if not dash:
        raise ValueError(f"not two times: {text!r}")
    return _time(first), _time(last)


def _time(text: str) -> time:
    if text.strip() == "24:00":
        return time()
    hour, _colon, minute = text.strip().partition(":")
    digits = hour + minute
    if len(hour) != 2 or len(minute) != 2 or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"not a time: {text!r}")
    return time(int(hour), int(minute))


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
