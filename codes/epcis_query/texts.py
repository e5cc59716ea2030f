"""How values are written in the index and in queries, so that equal ones are equal texts."""

import datetime as dt
import hashlib
import math
import re
from typing import Any

JOINT = "\x1f"
"""Between the parts of a stored text: no name or URI holds it."""
LONGEST = 600
"""Bytes of a stored text; what is longer is cut and told apart by its hash (PostgreSQL's index takes 2,700 bytes)."""
MOMENT = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
    r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+", re.ASCII)


def stored(text: str) -> str:
    """The text as the index holds it: without NUL, no longer than an index can take."""
    if len(text) <= LONGEST and text.isascii() and "\x00" not in text:
        return text
    clean = text.replace("\x00", "\ufffd")
    raw = clean.encode("utf-8", "replace")
    if len(raw) <= LONGEST:
        return clean if len(raw) == len(clean) else raw.decode()
    head = raw[: LONGEST - 65].decode("utf-8", "ignore")
    return f"{head}{JOINT}{hashlib.sha256(raw).hexdigest()}"


def joined(*parts: str) -> str:
    """Several parts as one stored text."""
    return stored(JOINT.join(parts))


def is_uri(text: str) -> bool:
    """Whether it reads as an absolute URI or a compact one (RFC 3986 by its characters)."""
    return URI.fullmatch(text) is not None


def moment_of(text: str) -> dt.datetime | None:
    """The moment of an RFC 3339 text with its zone, UTC; None for any other text. A leap second is the next second."""
    if not MOMENT.fullmatch(text):
        return None
    leap = text[17:19] == "60"
    head, _, rest = text.upper().partition("T")
    clock = rest.replace(":60", ":59", 1) if leap else rest
    clock = re.sub(r"(\.\d{6})\d+", r"\1", clock)
    try:
        moment = dt.datetime.fromisoformat(f"{head}T{clock}").astimezone(dt.UTC)
        return moment + dt.timedelta(seconds=int(leap))
    except (ValueError, OverflowError):
        return None


def seconds_of(moment: dt.datetime) -> float:
    """Seconds since 1970."""
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).total_seconds()


def number_of(text: str) -> float | None:
    """The finite number that the text writes, or None."""
    if not NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def plain_number(number: float) -> str:
    """One text for each number: `5` for 5, 5.0 and 5e0."""
    value = float(number)
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def plain_moment(moment: dt.datetime) -> str:
    """One text for each moment."""
    return moment.astimezone(dt.UTC).isoformat()


def texts_of(value: Any) -> set[str]:
    """The texts under which a value is found: as it is written, and as the number or moment that it writes.

    JSON made from XML holds numbers as texts, and in an address every value is one.
    """
    if isinstance(value, bool):
        return {"true" if value else "false"}
    if isinstance(value, int | float):
        return {plain_number(value)}
    text = str(value)
    moment, number = moment_of(text), number_of(text)
    if moment is not None:
        return {text, plain_moment(moment)}
    return {text} if number is None else {text, plain_number(number)}
