"""EPCs as queries name them: a whole one, or a pattern such as `urn:epc:idpat:sgtin:0614141.107346.*`.

Source: GS1 EPC Tag Data Standard 2.0, section 8 (pure identity patterns); EPCIS 2.0, section 8.2.7.1.1.
"""

import re

from codes.epcis.identifiers import canonical
from codes.epcis_query.asked import Probe
from codes.formats.gs1.links import CANONICAL_ORIGIN

PATTERN = re.compile(r"urn:epc:(?:idpat|class):([a-z]+):(.+)", re.DOTALL)
DIGITS = "0123456789"
OF_COMPANY = {
    "sgtin": ("/01/", True),
    "lgtin": ("/01/", True),
    "sscc": ("/00/", True),
    "sgln": ("/414/", False),
    "grai": ("/8003/0", False),
    "giai": ("/8004/", False),
    "gdti": ("/253/", False),
}
"""Where a company's identifiers of a scheme begin, and whether a digit stands before the company prefix."""


def probes_of(kind: int, uri: str, *, is_class: bool = False) -> list[Probe]:
    """What finds the EPC, or all that a pattern means."""
    found = PATTERN.fullmatch(uri)
    if found is None or "*" not in found[2]:
        return [Probe(kind, canonical(uri))]
    scheme, parts = found[1], found[2].split(".")
    if "*" not in parts[1:-1] and len(parts) > 2 and parts[-1] == "*":  # noqa: PLR2004 - company and reference are given
        return [_below(kind, scheme, parts, uri, is_class=is_class)]
    if scheme in OF_COMPANY and parts[0].isdecimal() and set(parts[1:]) == {"*"}:
        lead, has_digit = OF_COMPANY[scheme]
        heads = [f"{digit}{parts[0]}" for digit in DIGITS] if has_digit else [parts[0]]
        return [Probe(kind, f"{CANONICAL_ORIGIN}{lead}{head}", is_prefix=True) for head in heads]
    return [Probe(kind, uri)]


def _below(kind: int, scheme: str, parts: list[str], uri: str, *, is_class: bool) -> Probe:
    """All instances of a class, all lots of a product; the class itself where classes are asked for."""
    if scheme == "lgtin":
        product = canonical(f"urn:epc:idpat:sgtin:{'.'.join(parts)}")
        return Probe(kind, f"{product}/10/", is_prefix=True)
    above = canonical(uri)
    if above == uri or is_class:
        return Probe(kind, above)
    joint = "/" if scheme in {"sgtin", "sgln"} else ""
    return Probe(kind, above + joint, is_prefix=True)
