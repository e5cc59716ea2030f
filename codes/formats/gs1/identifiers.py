"""GS1's application identifiers: which there are, how their values are built, which stand beside which.

`identifiers.tsv` holds, a line each: identifier or range; `?` where it may be an attribute of a Digital Link; the parts
of its value with the names of their checks; its associations; its title. The facts are those of the GS1 Barcode Syntax
Dictionary (GS1 AISBL, Apache License 2.0), whose notation the third and fourth columns keep.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("identifiers.tsv")
_PART = re.compile(r"(\[?)([NXYZ])(\.\.)?(\d+)\]?((?:,\w+)*)")


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a value: characters of `charset` (N, X, Y or Z), exactly `length` or, if variable, up to it."""

    charset: str
    length: int
    variable: bool
    optional: bool
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identifier:
    """An application identifier.

    Attributes:
        is_attribute: may stand in a Digital Link's query.
        excludes: identifiers, or patterns such as `39nn`, that must not stand beside it.
        qualifiers: None unless it is a primary key of Digital Links; then the orders in which qualifiers may follow.
    """

    code: str
    title: str
    parts: tuple[Part, ...]
    is_attribute: bool
    excludes: tuple[str, ...]
    qualifiers: tuple[tuple[str, ...], ...] | None

    def forbids(self, other: str) -> bool:
        """Whether the identifier `other` must not stand beside this one."""
        return other != self.code and any(_matches(pattern, other) for pattern in self.excludes)


@cache
def contradict(code: str, other: str) -> bool:
    """Whether two known identifiers must not stand beside each other, by what the first one excludes."""
    return _all()[code].forbids(other)


def identifier(code: str) -> Identifier | None:
    """The identifier of these digits; None where GS1 has given them no meaning."""
    return _all().get(code)


def codes() -> Iterable[str]:
    """The digits of every identifier."""
    return _all().keys()


@cache
def primary_keys() -> tuple[str, ...]:
    """The identifiers that a Digital Link may begin with, in order."""
    return tuple(sorted(code for code, found in _all().items() if found.qualifiers is not None))


@cache
def qualifiers_of(key: str) -> frozenset[str]:
    """Every identifier that may follow this primary key in the path."""
    return frozenset(qualifier for order in orders_of(key) for qualifier in order)


def orders_of(key: str) -> tuple[tuple[str, ...], ...]:
    """The orders in which qualifiers may follow this primary key in the path."""
    return _all()[key].qualifiers or ()


@cache
def _all() -> dict[str, Identifier]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return {found.code: found for line in lines for found in _of_line(line)}


def _of_line(line: str) -> Iterator[Identifier]:
    codes, attribute, parts, associations, title = line.split("\t")
    first, _, last = codes.partition("-")
    for number in range(int(first), int(last or first) + 1):
        yield Identifier(
            code=f"{number:0{len(first)}d}",
            title=title,
            parts=parts_of(parts),
            is_attribute=attribute == "?",
            excludes=_listed(associations, "ex"),
            qualifiers=_orders(associations),
        )


def parts_by_code(code: str) -> tuple[Part, ...]:
    """The parts of a known identifier's value."""
    return _all()[code].parts


def parts_of(text: str) -> tuple[Part, ...]:
    """The parts that a text of the table's third column names, such as `N13,csum [X..17]`."""
    return tuple(_part(found) for found in _PART.finditer(text))


def _part(found: re.Match[str]) -> Part:
    optional, charset, variable, length, checks = found.groups()
    return Part(charset, int(length), bool(variable), bool(optional), tuple(checks.split(",")[1:]))


def _listed(associations: str, name: str) -> tuple[str, ...]:
    found = [word.removeprefix(f"{name}=") for word in associations.split() if word.startswith(f"{name}=")]
    return tuple(code for text in found for code in text.split(","))


def _orders(associations: str) -> tuple[tuple[str, ...], ...] | None:
    for word in associations.split():
        if word == "dlpkey":
            return ()
        if word.startswith("dlpkey="):
            return tuple(tuple(order.split(",")) for order in word.removeprefix("dlpkey=").split("|"))
    return None


def _matches(pattern: str, code: str) -> bool:
    return re.fullmatch(pattern.replace("n", "[0-9]"), code) is not None
