"""EPC URIs and GS1 Digital Links: the one URI that stands for the same thing, and what is wrong with one.

Sources: GS1 EPC Tag Data Standard 2.0, sections 6 to 8 (URNs and the keys they hold); GS1 Digital Link URI Syntax 1.x
(canonical links); Core Business Vocabulary 2.0, section 8.9 (constrained canonical links).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import quote, unquote, urlsplit

from codes.formats.gs1.identifiers import primary_keys
from codes.formats.gs1.links import CANONICAL_ORIGIN, DigitalLink, InvalidDigitalLink, parse_link
from codes.formats.gtin import check_digit

FINEST = {
    "01": ("21", "10", "235"),
    "8006": ("21", "10"),
    "414": ("254",),
    "8010": ("8011",),
}
"""The qualifiers, finest first, of which a constrained canonical link keeps one; other keys stand alone."""
KEYS = frozenset({"00", "01", "253", "255", "401", "402", "414", "417", "8003", "8004", "8006", "8010", "8017", "8018"})

_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(.+)", re.DOTALL)
_PLAIN_ITEM = re.compile(r"https?://[a-z0-9.:-]+/01/([0-9]{14})/21/([0-9A-Za-z]{1,20})", re.ASCII)
"""The commonest link by far, which needs no reading of the whole dictionary."""
_PLAIN_SGTIN = re.compile(r"urn:epc:id:sgtin:([0-9]{6,12})\.([0-9]{1,7})\.([0-9A-Za-z]{1,20})", re.ASCII)
"""The commonest URN by far, whose serial needs no other notation in a link."""
_SGTIN_DIGITS = 13
_KEPT = 4_096
_LONGEST_KEPT = 200
_LEAST_PARTS = _PAIR = 2
_COMPANY_DIGITS = range(6, 13)

Parts = list[str]


class InvalidEpc(ValueError):  # noqa: N818 - says what is wrong with the text
    """An EPC URI or Digital Link that breaks its own rules; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the parts of an EPC URN become a Digital Link's path.

    Attributes:
        count: how many parts there are.
        digits: how many digits company prefix and reference have together; 0 where they are not digits alone.
        path: makes the path, given the parts, of which patterns have lost their last `*`.
    """

    count: int
    digits: int
    path: Callable[[Parts], str]


def canonical(uri: str) -> str:
    """The constrained canonical Digital Link of an EPC URI or Digital Link; any other text as it is."""
    return _judgement(uri)[0]


def fault_of(uri: str) -> str:
    """What is wrong with an identifier, and what would be right; "" for good ones and for URIs that are not GS1's."""
    return _judgement(uri)[1]


def _judgement(uri: str) -> tuple[str, str]:
    return _kept(uri) if len(uri) <= _LONGEST_KEPT else _judged(uri)


def _judged(uri: str) -> tuple[str, str]:
    """The canonical form, and what is wrong."""
    try:
        return _canonical(uri) or uri, ""
    except InvalidEpc as error:
        return uri, str(error)


_kept = lru_cache(_KEPT)(_judged)
"""A URI is asked for several times; one may be as long as the document, and long ones are not kept."""


def _canonical(uri: str) -> str:
    plain = _PLAIN_ITEM.fullmatch(uri)
    if plain and _is_gtin(plain[1]):
        return f"{CANONICAL_ORIGIN}/01/{plain[1]}/21/{plain[2]}"
    sgtin = _PLAIN_SGTIN.fullmatch(uri)
    if sgtin and len(sgtin[1]) + len(sgtin[2]) == _SGTIN_DIGITS:
        return f"{CANONICAL_ORIGIN}/01/{_gtin(sgtin[1], sgtin[2])}/21/{sgtin[3]}"
    if uri.startswith("urn:epc:"):
        return _of_urn(uri)
    return _of_link(uri) if uri.startswith(("http://", "https://")) else ""


def _of_urn(uri: str) -> str:
    found = _URN.fullmatch(uri)
    if found is None:
        raise InvalidEpc("an EPC URI begins with urn:epc:id:, urn:epc:class: or urn:epc:idpat: and a scheme")
    kind, name, rest = found.groups()
    scheme = SCHEMES.get((kind == "class", name))
    if scheme is None:
        return ""
    parts = rest.split(".", scheme.count - 1)
    _require_parts(name, scheme, parts)
    if kind != "idpat":
        return CANONICAL_ORIGIN + scheme.path([unquote(part) for part in parts])
    if parts[-1] != "*" or any("*" in part or "[" in part for part in parts[:-1]):
        return ""  # a pattern over several classes has no Digital Link
    if scheme.count == _LEAST_PARTS:
        return ""
    return CANONICAL_ORIGIN + scheme.path([*(unquote(part) for part in parts[:-1]), ""])


def _require_parts(name: str, scheme: Scheme, parts: Parts) -> None:
    if len(parts) != scheme.count or not all(parts):
        raise InvalidEpc(f"an EPC of the scheme {name} has {scheme.count} parts with dots between")
    company, reference = parts[0], parts[1]
    if not (company.isdecimal() and company.isascii() and len(company) in _COMPANY_DIGITS):
        raise InvalidEpc(f"the first part of an EPC of the scheme {name} is a GS1 company prefix of 6 to 12 digits")
    if not scheme.digits or reference == "*":
        return
    if not (reference.isdecimal() and reference.isascii()) or len(company) + len(reference) != scheme.digits:
        raise InvalidEpc(
            f"company prefix and reference of the scheme {name} are {scheme.digits} digits together,"
            f" not {len(company) + len(reference)}"
        )


def _of_link(uri: str) -> str:
    try:
        address = urlsplit(uri)
    except ValueError:
        return ""
    texts = address.path.split("/")[1:]
    keys = _link_keys()
    for place, text in enumerate(texts):
        if text not in keys or len(texts) - place < _PAIR:
            continue
        try:
            link = parse_link("/".join(texts[place:]), address.query)
        except InvalidDigitalLink as error:
            if place == 0 and text in KEYS and texts[1][:4].isdecimal():
                raise InvalidEpc(str(error)) from error
            continue
        return CANONICAL_ORIGIN + _constrained(link).path()
    return ""


@cache
def _link_keys() -> frozenset[str]:
    return frozenset(primary_keys())


def _constrained(link: DigitalLink) -> DigitalLink:
    kept: Mapping[str, str] = dict(link.qualifiers)
    finest = next((code for code in FINEST.get(link.key[0], ()) if code in kept), None)
    return DigitalLink(link.key, ((finest, kept[finest]),) if finest else ())


def _checked(body: str) -> str:
    return body + check_digit(body)


@lru_cache(_KEPT)
def _is_gtin(digits: str) -> bool:
    return digits[-1] == check_digit(digits[:-1])


@lru_cache(_KEPT)
def _gtin(company: str, item: str) -> str:
    """The item reference begins with the indicator digit, which stands before the company prefix in the GTIN."""
    return _checked(item[:1] + company + item[1:])


def _qualified(path: str, code: str, value: str) -> str:
    return f"{path}/{code}/{quote(value, safe='')}" if value else path


def _serialised(key: str, lead: str = "") -> Callable[[Parts], str]:
    """Keys of 13 digits whose serial follows in the same value."""
    return lambda parts: f"/{key}/{lead}{_checked(parts[0] + parts[1])}{quote(parts[2], safe='')}"


def _joined(key: str) -> Callable[[Parts], str]:
    return lambda parts: f"/{key}/{parts[0]}{quote(parts[1], safe='')}"


def _summed(key: str) -> Callable[[Parts], str]:
    return lambda parts: f"/{key}/{_checked(parts[0] + parts[1])}"


def _trade_item(code: str) -> Callable[[Parts], str]:
    return lambda parts: _qualified(f"/01/{_gtin(parts[0], parts[1])}", code, parts[2])


def _sscc(parts: Parts) -> str:
    return f"/00/{_gtin(parts[0], parts[1])}"


def _sgln(parts: Parts) -> str:
    return _qualified(_summed("414")(parts), "254", "" if parts[2] == "0" else parts[2])


def _component(parts: Parts) -> str:
    return _qualified(_joined("8010")(parts), "8011", parts[2])


def _piece(parts: Parts) -> str:
    return _qualified(f"/8006/{_gtin(parts[0], parts[1])}{parts[2]}{parts[3]}", "21", parts[4])


SCHEMES: Mapping[tuple[bool, str], Scheme] = {
    (False, "sgtin"): Scheme(3, 13, _trade_item("21")),
    (True, "lgtin"): Scheme(3, 13, _trade_item("10")),
    (False, "upui"): Scheme(3, 13, _trade_item("235")),
    (False, "sscc"): Scheme(2, 17, _sscc),
    (False, "sgln"): Scheme(3, 12, _sgln),
    (False, "pgln"): Scheme(2, 12, _summed("417")),
    (False, "grai"): Scheme(3, 12, _serialised("8003", "0")),
    (False, "giai"): Scheme(2, 0, _joined("8004")),
    (False, "gsrn"): Scheme(2, 17, _summed("8018")),
    (False, "gsrnp"): Scheme(2, 17, _summed("8017")),
    (False, "gdti"): Scheme(3, 12, _serialised("253")),
    (False, "sgcn"): Scheme(3, 12, _serialised("255")),
    (False, "cpi"): Scheme(3, 0, _component),
    (False, "ginc"): Scheme(2, 0, _joined("401")),
    (False, "gsin"): Scheme(2, 16, _summed("402")),
    (False, "itip"): Scheme(5, 13, _piece),
}
"""By whether it is of a class, and the scheme's name. Others (gid, usdod, …) stay as they are."""
