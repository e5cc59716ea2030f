"""What a captured event tells of our own units: the serials and the partner that its URIs name."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.ciphers import code_cipher
from codes.epcis.naming import Named, Naming
from codes.formats.code_text import CODE_LENGTH, SERIAL_LIMIT, CodeTextError, extract_code
from codes.formats.keys import UnknownKeyVersion
from codes.formats.serials import SerialRange
from codes.reading import GTIN_LENGTH
from codes.selectors.blocks import issued_blocks
from codes.selectors.epcis_units import Span, known_orders
from core.errors import Invalid
from stores.models import Brand, Dealer, Store

SERIAL_IN_LINK = re.compile(r"/01/(?P<gtin>[0-9]{8,14})(?:/10/[^/]+)?/21/(?P<code>[^/?]+)")
CODE_IN_LINK = re.compile(r"/[cC]/(?P<code>[^/?]+)")
PARTNER = re.compile(r"/epcis/(?:loc|party)/(store|dealer)\.([^.]+)\.(.+)", re.DOTALL)
NUMBER = re.compile(r"[0-9]{1,13}")
MOST_UNITS = 50_000
LISTS = ("epcList", "childEPCs")


class UnknownPartner(Invalid):
    code = "unknown_partner"
    title = gettext_lazy("The event names no store or dealer of the brand.")


class ForeignUnits(Invalid):
    code = "foreign_units"
    title = gettext_lazy("Some of the event's EPCs are not units of ours.")


def unit_named(uri: str, naming: Naming) -> Named | None:
    """The unit that we named, or whose code stands in a link; None for other URIs. Asks no table.

    Whether the GTIN in the URI is that of the unit's product is left to `serials_named`.
    """
    named = naming.unit_named(uri)
    if named is not None or not uri.startswith(("http://", "https://", "HTTP://", "HTTPS://")):
        return named
    path = urlsplit(uri).path
    found = SERIAL_IN_LINK.search(path) or CODE_IN_LINK.search(path)
    if found is None or len(unquote(found["code"])) < CODE_LENGTH:
        return None
    try:
        serial = int(code_cipher().decode(extract_code(unquote(found["code"]))).serial)
    except (CodeTextError, UnknownKeyVersion):
        return None
    gtin = found.groupdict().get("gtin", "")
    return Named(serial, gtin and gtin.zfill(GTIN_LENGTH))


def serials_named(uris: Iterable[str], *, brand: Brand, naming: Naming) -> list[int]:
    """The serials of units, all of which are ours.

    Raises:
        ForeignUnits: one is not, or stands under another product's GTIN, or there are too many.
    """
    found: list[Named] = []
    for uri in uris:
        named = unit_named(uri, naming)
        if named is None or len(found) >= MOST_UNITS:
            raise ForeignUnits(uri=uri[:200])
        found.append(named)
    check_products([named for named in found if named.gtin], brand)
    return [named.serial for named in found]


def check_products(named: Sequence[Named], brand: Brand) -> None:
    """Refuse units of the brand under a GTIN that is not their product's; of no others anything is said. One statement.

    Raises:
        ForeignUnits: there is one; no such unit was ever made.
    """
    if not named:
        return
    known = known_orders(brand.pk, [Span(one.serial, one.serial) for one in named])
    for one in named:
        if any(unit.gtin != one.gtin for unit in known.units([Span(one.serial, one.serial)])):
            message = _("Serial %(serial)d is not of the product %(gtin)s, under which the event names it.")
            raise ForeignUnits(message % one._asdict(), first_offending_serial=one.serial)


def ranges_told(event: Mapping[str, Any], naming: Naming) -> Iterator[SerialRange]:
    """The ranges of our own extension, in which large events name their units; what is no range is passed over."""
    told = event.get(f"{{{naming.namespace}}}serials") or []
    for one in told if isinstance(told, list) else [told]:
        named = one if isinstance(one, Mapping) else {}
        first, last = (str(named.get(f"{{{naming.namespace}}}{end}", "")) for end in ("first", "last"))
        if NUMBER.fullmatch(first) and NUMBER.fullmatch(last) and int(first) <= int(last) < SERIAL_LIMIT:
            yield SerialRange(int(first), int(last))


def units_of(event: Mapping[str, Any], name: str, *, brand: Brand, naming: Naming) -> list[SerialRange]:
    """The units of the list of this name, as few ranges, each of one level.

    Raises:
        ForeignUnits: some are not ours, stand under another product's GTIN, or only classes are named.
    """
    ranges = list(ranges_told(event, naming)) if name not in event else []
    serials = serials_named(event.get(name) or (), brand=brand, naming=naming)
    if not ranges and not serials:
        raise ForeignUnits
    return ranges + joined(serials, brand) if serials else ranges


def joined(serials: Sequence[int], brand: Brand) -> list[SerialRange]:
    """Serials, one at least, as ranges; those that stand together and have one level make one."""
    numbers = np.unique(np.array(serials, dtype=np.int64))
    ranks = issued_blocks(brand.pk, numbers.tolist(), numbers.tolist()).place(numbers, numbers).ranks
    breaks = np.flatnonzero((np.diff(numbers) != 1) | (np.diff(ranks) != 0)) + 1
    return [SerialRange(int(piece[0]), int(piece[-1])) for piece in np.split(numbers, breaks)]


def partner_of(event: Mapping[str, Any], *, brand: Brand, names: Sequence[str]) -> Store | Dealer:
    """The first store or dealer of the brand that stands under one of these names.

    Raises:
        UnknownPartner: none does.
    """
    for uri in (uri for name in names for uri in uris_under(event, name)):
        found = PARTNER.search(unquote(uri))
        if found is None or found[2] != brand.slug:
            continue
        kind: type[Store | Dealer] = Store if found[1] == "store" else Dealer
        partner = kind.objects.filter(brand=brand, number=found[3]).first()
        if partner is not None:
            return partner
    raise UnknownPartner


def uris_under(event: Mapping[str, Any], name: str) -> list[str]:
    """Places and parties of an event in normal form."""
    value = event.get(name)
    if isinstance(value, Mapping):
        return [str(value.get("id", ""))]
    return [str(one.get(name.removesuffix("List"), "")) for one in value or ()]
