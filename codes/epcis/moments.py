"""Moments as EPCIS writes them: RFC 3339 with any offset in, UTC out."""

import datetime as dt
import re
from functools import lru_cache

_FRACTION = re.compile(r"\.(\d+)")
_MICRO = 6
_KEPT = 1_024
_LONGEST_KEPT = 40


def moment_of(text: str) -> dt.datetime:
    """The moment in UTC, to the microsecond, rounded half up. Raises ValueError, also for a leap second."""
    return _kept(text) if len(text) <= _LONGEST_KEPT else _read(text)


def _read(text: str) -> dt.datetime:
    found = _FRACTION.search(text)
    whole = dt.datetime.fromisoformat((_FRACTION.sub("", text) if found else text).strip().upper())
    if whole.tzinfo is None:
        raise ValueError("a moment has its offset, such as Z or +08:00")
    digits = (found[1] if found else "").ljust(_MICRO + 1, "0")
    micros = int(digits[:_MICRO]) + (digits[_MICRO] >= "5")
    return whole.astimezone(dt.UTC) + dt.timedelta(microseconds=micros)


_kept = lru_cache(_KEPT)(_read)
"""An event's times are asked for several times; a text may have any number of digits, and long ones are not kept."""


def text_of(moment: dt.datetime) -> str:
    """In UTC with six digits behind the second: texts of one length, whose order is that of time."""
    return f"{moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def normal_moment(text: str) -> str:
    """The same moment as `text_of` writes it. Raises ValueError."""
    return text_of(moment_of(text))


def in_milliseconds(text: str) -> str:
    """A normal moment rounded half up to the millisecond, as the pre-hash string of CBV 2.0 wants it."""
    moment = moment_of(text) + dt.timedelta(microseconds=500)
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
