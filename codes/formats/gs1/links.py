"""GS1 Digital Link URIs: read, validated, written canonically.

Source: GS1 Digital Link Standard: URI Syntax 1.x. The path is a primary key, its value, and qualifiers in one of the
key's orders; the query may add attributes, and parameters that are not GS1's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode

from codes.formats.gs1.identifiers import Identifier, contradict, identifier, primary_keys, qualifiers_of
from codes.formats.gs1.values import InvalidValue, validate
from codes.formats.gtin import GTIN_LENGTHS

CANONICAL_ORIGIN = "https://id.gs1.org"

Pair = tuple[str, str]


class InvalidDigitalLink(ValueError):  # noqa: N818 - says what is wrong with the text
    """Not a GS1 Digital Link; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """A valid link. Values are decoded, a GTIN has 14 digits.

    Attributes:
        key: the primary key and its value.
        qualifiers: identifier and value each, from the general to the particular.
        attributes: of the query, in order of their identifiers.
        others: what else the query said, as it came.
    """

    key: Pair
    qualifiers: tuple[Pair, ...] = ()
    attributes: tuple[Pair, ...] = ()
    others: tuple[Pair, ...] = ()

    def path(self) -> str:
        """Such as `/01/06901234567892/10/L1`, percent-encoded."""
        return "".join(f"/{code}/{quote(value, safe='')}" for code, value in (self.key, *self.qualifiers))

    def canonical(self) -> str:
        """The one URI, at GS1's own host, that says the same as this link."""
        query = urlencode(self.attributes, quote_via=quote, safe="")
        return f"{CANONICAL_ORIGIN}{self.path()}{'?' if query else ''}{query}"

    def levels(self) -> Iterator["DigitalLink"]:
        """The link without attributes, then with ever fewer qualifiers, down to its bare key."""
        for count in range(len(self.qualifiers), -1, -1):
            yield DigitalLink(self.key, self.qualifiers[:count])

    def value_of(self, code: str) -> str:
        """The value under this identifier in the path, or ""."""
        return dict((self.key, *self.qualifiers)).get(code, "")


def parse_link(path: str, query: str = "") -> DigitalLink:
    """Read a path from its primary key on, percent-encoded as it came, and a query string.

    A trailing slash does no harm. Raises `InvalidDigitalLink`.
    """
    return _read([unquote(text) for text in path.strip("/").split("/")], query)


def parse_decoded_link(path: str, query: str = "") -> DigitalLink:
    """The same for a path that a server has decoded already: what does not name a qualifier belongs to a value."""
    texts = path.strip("/").split("/")
    if texts[0] not in primary_keys():
        return _read(texts, query)
    known = qualifiers_of(texts[0])
    joined = texts[:2]
    for place, text in enumerate(texts[2:], 2):
        after_key = len(joined) % 2 == 1
        if after_key or (text in known and place + 1 < len(texts)):
            joined.append(text)
        else:
            joined[-1] += f"/{text}"
    return _read(joined, query)


def _read(texts: Sequence[str], query: str) -> DigitalLink:
    if len(texts) % 2:
        raise InvalidDigitalLink("a link is made of pairs: identifier, value, identifier, value …")
    pairs = list(zip(texts[::2], texts[1::2], strict=True))
    key = _known(pairs[0][0])
    if key.qualifiers is None:
        raise InvalidDigitalLink(f"({key.code}) {key.title} is no key that a link may begin with")
    _require_order(key, [code for code, _ in pairs[1:]])
    checked = [_checked(code, value) for code, value in pairs]
    attributes, others = _of_query(query)
    _require_compatible([code for code, _ in (*checked, *attributes)])
    return DigitalLink(checked[0], tuple(checked[1:]), attributes, others)


def _known(code: str) -> Identifier:
    found = identifier(code)
    if found is None:
        raise InvalidDigitalLink(f"({code}) is no application identifier of GS1")
    return found


def _require_order(key: Identifier, codes: Sequence[str]) -> None:
    orders = key.qualifiers or ()
    if not codes or any(_is_within(codes, order) for order in orders):
        return
    allowed = " or ".join(", ".join(order) for order in orders) or "none"
    raise InvalidDigitalLink(f"after ({key.code}) may follow, in this order: {allowed}")


def _is_within(codes: Sequence[str], order: Sequence[str]) -> bool:
    left = iter(order)
    return all(code in left for code in codes)


def _checked(code: str, value: str) -> Pair:
    found = _known(code)
    whole = value.zfill(GTIN_LENGTHS[-1]) if code == "01" and len(value) in GTIN_LENGTHS else value
    try:
        validate(found, whole)
    except InvalidValue as error:
        raise InvalidDigitalLink(str(error)) from error
    return code, whole


def _of_query(query: str) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """What GS1 gives a meaning to: parameters whose names are digits alone; and the others."""
    pairs = parse_qsl(query, keep_blank_values=True)
    attributes = [_attribute(code, value) for code, value in pairs if code.isdigit()]
    if len({code for code, _ in attributes}) < len(attributes):
        raise InvalidDigitalLink("an attribute stands twice")
    return tuple(sorted(attributes)), tuple(pair for pair in pairs if not pair[0].isdigit())


def _attribute(code: str, value: str) -> Pair:
    found = _known(code)
    if not found.is_attribute:
        raise InvalidDigitalLink(f"({code}) {found.title} is no attribute: it belongs into the path, or nowhere")
    return _checked(code, value)


def _require_compatible(codes: Sequence[str]) -> None:
    for code in codes:
        wrong = next((other for other in codes if contradict(code, other)), None)
        if wrong is not None:
            raise InvalidDigitalLink(f"({code}) and ({wrong}) contradict each other")
