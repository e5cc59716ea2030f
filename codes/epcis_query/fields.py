"""Names of parameters that hold the name of a field: extensions, attributes, units of measure, types.

Such as `GE_INNER_ILMD_ex:strength`, `EQ_value_CEL`, `EQ_bizTransaction_po`, `EQATTR_ex:origin_region`.
"""

import re
from typing import Any, NamedTuple

from codes.epcis.contexts import Prefixes, UnknownPrefix
from codes.epcis.identifiers import canonical
from codes.epcis.vocabulary import BIZ_TRANSACTION_TYPE, SOURCE_DESTINATION_TYPE, vocabulary
from codes.epcis_query.asked import BadParameter, Bound, Group, Probe
from codes.epcis_query.entries import MOMENT_MARK
from codes.epcis_query.kinds import Kind
from codes.epcis_query.texts import joined, moment_of, number_of, seconds_of, stored, texts_of
from codes.epcis_query.values import number, text, truth, uri, values_of

OPERATORS = {"EQ": "=", "GT": ">", "GE": ">=", "LT": "<", "LE": "<="}
MEASURED = re.compile(
    r"(EQ|GT|GE|LT|LE)_((?:quantity|value|minValue|maxValue|meanValue|sDev|percValue)_[A-Z0-9]{1,4})", re.ASCII
)
TYPED = re.compile(r"EQ_(bizTransaction|source|destination)_(.+)", re.DOTALL)
FIELD = re.compile(
    r"(EQ|GT|GE|LT|LE|EXISTS)_"
    r"((?:INNER_)?(?:ILMD_|ERROR_DECLARATION_|SENSORELEMENT_|SENSORMETADATA_|SENSORREPORT_|readPoint_|bizLocation_)?)"
    r"(.+)",
    re.DOTALL,
)
HAS_ATTRIBUTE = re.compile(r"HASATTR_(.+)", re.DOTALL)
ATTRIBUTE = re.compile(r"(?:EQATTR|EQ_ATTR)_(.+)_([^_]+)", re.DOTALL)
TYPED_KINDS = {
    "bizTransaction": (Kind.BIZ_TRANSACTION, BIZ_TRANSACTION_TYPE),
    "source": (Kind.SOURCE, SOURCE_DESTINATION_TYPE),
    "destination": (Kind.DESTINATION, SOURCE_DESTINATION_TYPE),
}


class Asked(NamedTuple):
    """What one parameter adds to a query."""

    group: Group = ()
    bound: Bound | None = None


def named_field(name: str, value: Any, prefixes: Prefixes) -> Asked | None:
    """What a parameter of this name asks for; None where the name has none of these forms. Raises BadParameter."""
    if found := MEASURED.fullmatch(name):
        return measured(name, found[1], found[2], value)
    if found := TYPED.fullmatch(name):
        kind, words = TYPED_KINDS[found[1]]
        which = vocabulary(words).word(prefixes.expand(found[2]))
        uris = [canonical(prefixes.expand(uri(name, one))) for one in values_of(name, value)]
        return Asked(tuple(Probe(kind, joined(which, one)) for one in uris))
    if found := HAS_ATTRIBUTE.fullmatch(name):
        of = expanded(name, found[1], prefixes)
        return Asked(tuple(Probe(Kind.HAS_ATTRIBUTE, joined(of, one)) for one in attributes(name, value, prefixes)))
    if found := ATTRIBUTE.fullmatch(name):
        of = expanded(name, found[1], prefixes)
        (attribute,) = attributes(name, found[2], prefixes)
        texts = {each for one in values_of(name, value) for each in texts_of(one)}
        return Asked(tuple(Probe(Kind.ATTRIBUTE, joined(of, attribute, each)) for each in sorted(texts)))
    if found := FIELD.fullmatch(name):
        return of_extension(name, (found[1], found[2] + expanded(name, found[3], prefixes)), value)
    return None


def measured(name: str, operator: str, of: str, value: Any) -> Asked:
    """A quantity or measured value with its unit of measure (UN/ECE Recommendation 20). Units are not converted."""
    if operator != "EQ":
        return Asked(bound=Bound(stored(of), OPERATORS[operator], number(name, value)))
    texts = {each for one in values_of(name, value) for each in texts_of(number(name, one))}
    return Asked(tuple(Probe(Kind.FIELD, joined(of, each)) for each in sorted(texts)))


def of_extension(name: str, asked: tuple[str, str], value: Any) -> Asked:
    """A field of an extension: `asked` is the operator and the field's full name."""
    operator, of = asked
    if operator == "EXISTS":
        return Asked((Probe(Kind.EXISTS, stored(of)),) if truth(name, value) else ())
    if operator == "EQ":
        texts = {each for one in values_of(name, value) for each in texts_of(text(name, one))}
        return Asked(tuple(Probe(Kind.FIELD, joined(of, each)) for each in sorted(texts)))
    at = moment_of(value) if isinstance(value, str) else None
    if at is not None:
        return Asked(bound=Bound(stored(of + MOMENT_MARK), OPERATORS[operator], seconds_of(at)))
    if isinstance(value, str) and number_of(value) is None:
        raise BadParameter(name, "A number or a moment with its time zone is expected.")
    return Asked(bound=Bound(stored(of), OPERATORS[operator], number(name, value)))


def expanded(name: str, field: str, prefixes: Prefixes) -> str:
    """The field's name with its whole namespace.

    Raises:
        BadParameter: no prefix of the query's context, and no URI.
    """
    try:
        return prefixes.name(field)
    except UnknownPrefix as error:
        raise BadParameter(
            name, "There is no such parameter. The name of an extension needs a prefix that GS1-Extensions declares."
        ) from error


def attributes(name: str, value: Any, prefixes: Prefixes) -> list[str]:
    """Names of attributes: with the whole namespace, or without any."""
    texts = [text(name, one) for one in values_of(name, value)]
    return [expanded(name, one, prefixes) if ":" in one else one for one in texts]
