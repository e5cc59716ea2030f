"""What hostile or broken programs send, and where our addresses are that take it."""

import base64
import json
import uuid
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# JSON texts of single values; some no serializer would ever write.
VALUES = [
    "null", "true", "-1", "0", "1.5", "9223372036854775808", "18446744073709551616", "1e308", "1e999", "1" + "0" * 400,
    "-" + "9" * 400, "NaN", "Infinity", '""', '" "', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udfff\\ud800"',
    '"' + "x" * 5000 + '"', '"' + "9" * 500 + '"', '"-1"', '"1e5"', '"٣٤٥"', '"²"', '"😀"', '"\\u202e"',
    '"2026-02-30"', '"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59-14:00"', '"10000-01-01"', '"not-a-uuid"',
    "[]", "{}", "[[]]", "[null]", '{"a": 1}', '[{"a": [1]}]', "[" * 60 + "]" * 60,
]  # fmt: skip
# Whole bodies.
BODIES = [
    b"", b"{", b"[]", b"null", b'"text"', b"1", b"\xff\xfe\x00", b'{"code": "\xff"}', b"\x00" * 64,
    b"[" * 100_000, b'{"a":' * 5_000, b'{"a": 1, "a": 2}', b"\xef\xbb\xbf{}", "{“code”: 1}".encode(), b"code=1&code=2",
]  # fmt: skip
TEXTS = [
    "", " ", "-1", "0", "9" * 20, "9" * 5000, "1e5", "٣", "a\x00b", "\x00", "😀", "'", "%", "\\", "x" * 2000, "null",
    "NaN", "../../etc/passwd", "2026-02-30", "[]", "<script>", "\ufffe", "a" * 32,
    "00000000-0000-0000-0000-00000000000g",
]  # fmt: skip
FEW_TEXTS = ["-1", "9" * 5000, "a\x00b", "😀'%", "x" * 2000, "2026-02-30"]
WORST_TEXTS = ["9" * 5000, "a\x00b", "😀'%"]
"""For what is asked of very many pages."""
POSITIONS = [b"p=abc", b"p=\x00", b"p=" + b"9" * 50, b"o=-1", b"o=x", b"o=" + b"9" * 30, b"r=1&p=2026-13-01", b"\xff"]
CURSORS = [base64.b64encode(position).decode() for position in POSITIONS]
NUMBERS = ["0", "1", str(2**31), str(2**40), str(2**63), str(2**64), "9" * 400, "9" * 5000]
SLUGS = ["item_inner", "nonsense", "-", "x" * 300]
UNITS = ["0", "-1", "9" * 16, "9" * 17, "9" * 5000, "%00", "%FF%FE", "..", "٣", "%20", "😀", "1" + "0" * 16, "2" * 17]
ARGUMENTS = {
    "int": NUMBERS,
    "uuid": [str(uuid.UUID(int=0)), str(uuid.uuid4())],
    "slug": SLUGS,
    "str": UNITS,
    "path": UNITS,
}


def api_addresses() -> Iterator[tuple[str, Any]]:
    """Every route below /api/v1/ and /epcis, as its pattern with converters, and its view."""
    for found in get_resolver().url_patterns:
        if isinstance(found, URLResolver) and str(found.pattern) in ("api/v1/", "epcis"):
            for route in found.url_patterns:
                assert isinstance(route, URLPattern)
                yield f"/{found.pattern}{route.pattern}", route.callback


def with_hostile_leaves(body: Any, *, of: int) -> Iterator[str]:
    """JSON texts: the body with each of its values, at any depth, replaced by hostile ones, or left out.

    Each value in turn meets another part of the hostile ones, 1 / `of` of them.
    """
    for turn, path in enumerate(paths_of(body)):
        for value in VALUES[turn % of :: of]:
            yield json.dumps(replaced(body, path, "@HERE@")).replace('"@HERE@"', value)
        yield json.dumps(replaced(body, path, None, leave_out=True))


def paths_of(body: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    children = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, inner in children:
        yield (*before, name)
        yield from paths_of(inner, (*before, name))


def replaced(body: Any, path: tuple[Any, ...], value: Any, *, leave_out: bool = False) -> Any:
    """A copy of the body with another value at this path, or with nothing there."""
    copy = json.loads(json.dumps(body))
    *way, last = path
    inner = copy
    for name in way:
        inner = inner[name]
    if leave_out:
        del inner[last]
    else:
        inner[last] = value
    return copy
