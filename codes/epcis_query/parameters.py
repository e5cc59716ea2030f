"""Reading a query's parameters: of an address (texts, lists as `a|b`), or of a named query (JSON).

Source: EPCIS 2.0, section 8.2.7.1; the REST bindings and query-schema.json name them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from codes.epcis.contexts import Prefixes
from codes.epcis.identifiers import canonical
from codes.epcis.standard import EVENT_TYPES
from codes.epcis_query import values
from codes.epcis_query.asked import EVENT_TIME, RECORD_TIME, BadParameter, Bound, Group, Probe, Query, TimeBound
from codes.epcis_query.entries import MOMENT_MARK
from codes.epcis_query.fields import OPERATORS, expanded, named_field
from codes.epcis_query.kinds import CLASSES, EPCS, Kind
from codes.epcis_query.patterns import probes_of
from codes.epcis_query.texts import is_uri, seconds_of, stored, texts_of

LISTS: dict[str, tuple[Kind, values.Reader]] = {
    "EQ_action": (Kind.ACTION, values.action),
    "EQ_bizStep": (Kind.BIZ_STEP, values.biz_step),
    "EQ_disposition": (Kind.DISPOSITION, values.disposition),
    "EQ_persistentDisposition_set": (Kind.DISPOSITION_SET, values.disposition),
    "EQ_persistentDisposition_unset": (Kind.DISPOSITION_UNSET, values.disposition),
    "EQ_readPoint": (Kind.READ_POINT, values.uri),
    "EQ_bizLocation": (Kind.BIZ_LOCATION, values.uri),
    "EQ_transformationID": (Kind.TRANSFORMATION, values.uri),
    "EQ_eventID": (Kind.EVENT_ID, values.uri),
    "EQ_errorReason": (Kind.ERROR_REASON, values.error_reason),
    "EQ_correctiveEventID": (Kind.CORRECTIVE_EVENT, values.uri),
    "EQ_type": (Kind.SENSOR_TYPE, values.measurement),
    "EQ_deviceID": (Kind.DEVICE, values.uri),
    "EQ_dataProcessingMethod": (Kind.PROCESSING, values.uri),
    "EQ_microorganism": (Kind.MICROORGANISM, values.uri),
    "EQ_chemicalSubstance": (Kind.SUBSTANCE, values.uri),
    "EQ_bizRules": (Kind.BIZ_RULES, values.uri),
    "EQ_stringValue": (Kind.STRING_VALUE, values.text),
    "EQ_hexBinaryValue": (Kind.HEX_VALUE, values.text),
    "EQ_uriValue": (Kind.URI_VALUE, values.uri),
}
MATCHES = {
    "MATCH_epc": (Kind.EPC,),
    "MATCH_parentID": (Kind.PARENT,),
    "MATCH_inputEPC": (Kind.INPUT_EPC,),
    "MATCH_outputEPC": (Kind.OUTPUT_EPC,),
    "MATCH_anyEPC": EPCS,
    "MATCH_epcClass": (Kind.EPC_CLASS,),
    "MATCH_inputEPCClass": (Kind.INPUT_CLASS,),
    "MATCH_outputEPCClass": (Kind.OUTPUT_CLASS,),
    "MATCH_anyEPCClass": CLASSES,
}
PLACES = {"WD_readPoint": Kind.READ_POINT, "WD_bizLocation": Kind.BIZ_LOCATION}
MOMENTS = ("errorDeclarationTime", "errorDeclaration_Time", "time", "startTime", "endTime")
"""The second is what query-schema.json calls the first."""
EXISTING = ("EXISTS_errorDeclaration", "EXISTS_sensorElementList", "EXISTS_ilmd", "EXISTS_certificationInfo")
NUMBERS = ("quantity", "percRank")
DIRECTIONS = ("ASC", "DESC")


class Reading:
    """A query in the making."""

    def __init__(self, prefixes: Prefixes) -> None:
        self.prefixes = prefixes
        self.groups: list[Group] = []
        self.bounds: list[Bound] = []
        self.times: list[TimeBound] = []
        self.places: list[tuple[int, tuple[str, ...]]] = []
        self.rest: dict[str, Any] = {}

    def add(self, name: str, value: Any) -> None:
        """Take one parameter. Raises BadParameter."""
        reader = READERS.get(name)
        if reader is not None:
            reader(self, name, value)
            return
        asked = named_field(name, value, self.prefixes)
        if asked is None:
            raise BadParameter(name, "There is no such parameter.")
        if asked.group:
            self.groups.append(asked.group)
        if asked.bound is not None:
            self.bounds.append(asked.bound)

    def text(self, name: str, value: Any) -> None:
        kind, read = LISTS[name]
        probes = []
        for one in values.values_of(name, value):
            text = read(name, self.expanded(one))
            texts = texts_of(text) if read is values.text else {canonical(text) if read is values.uri else text}
            probes += [Probe(kind, stored(each)) for each in sorted(texts)]
        self.groups.append(tuple(probes))

    def expanded(self, value: Any) -> Any:
        """A value with a declared prefix, as its whole URI."""
        return self.prefixes.expand(value) if isinstance(value, str) else value

    def match(self, name: str, value: Any) -> None:
        is_class = name.endswith("Class")
        uris = [self.expanded(values.uri(name, one)) for one in values.values_of(name, value)]
        probes = [
            probe for uri in uris for kind in MATCHES[name] for probe in probes_of(int(kind), uri, is_class=is_class)
        ]
        self.groups.append(tuple(probe._replace(text=stored(probe.text)) for probe in probes))

    def event_type(self, name: str, value: Any) -> None:
        types = []
        for one in values.values_of(name, value):
            if one not in EVENT_TYPES and not (isinstance(one, str) and is_uri(one)):
                raise BadParameter(name, f"One of: {', '.join(EVENT_TYPES)}; or the URI of another type.")
            types.append(stored(self.prefixes.expand(one)))
        self.groups.append(tuple(Probe(Kind.TYPE, one) for one in types))

    def place(self, name: str, value: Any) -> None:
        uris = [canonical(self.expanded(values.uri(name, one))) for one in values.values_of(name, value)]
        self.places.append((int(PLACES[name]), tuple(uris)))

    def event_time(self, name: str, value: Any) -> None:
        operator, _, which = name.partition("_")
        column = EVENT_TIME if which == "eventTime" else RECORD_TIME
        self.times.append(TimeBound(column, OPERATORS[operator], values.moment(name, value)))

    def moment(self, name: str, value: Any) -> None:
        operator, _, which = name.partition("_")
        field = which.replace("_Time", "Time") + MOMENT_MARK
        self.bounds.append(Bound(field, OPERATORS[operator], seconds_of(values.moment(name, value))))

    def number(self, name: str, value: Any) -> None:
        operator, _, which = name.partition("_")
        self.bounds.append(Bound(which, OPERATORS[operator], values.number(name, value)))

    def numbers(self, name: str, value: Any) -> None:
        which = name.partition("_")[2]
        texts = {text for one in values.values_of(name, value) for text in texts_of(values.number(name, one))}
        self.groups.append(tuple(Probe(Kind.FIELD, f"{which}\x1f{text}") for text in sorted(texts)))

    def truth(self, name: str, value: Any) -> None:
        text = "true" if values.truth(name, value) else "false"
        self.groups.append((Probe(Kind.BOOLEAN_VALUE, text),))

    def existing(self, name: str, value: Any) -> None:
        if values.truth(name, value):
            self.groups.append((Probe(Kind.EXISTS, name.removeprefix("EXISTS_")),))

    def later(self, name: str, value: Any) -> None:
        """What concerns the order and size of the answer."""
        self.rest[name] = value

    def query(self) -> Query:
        """The whole query. Raises BadParameter."""
        order, is_ascending = self.order()
        limit, most = (
            values.count(name, self.rest[name]) if name in self.rest else None
            for name in ("eventCountLimit", "maxEventCount")
        )
        if limit is not None and most is not None:
            raise BadParameter("maxEventCount", "Not together with eventCountLimit.")
        if limit is not None and "orderBy" not in self.rest:
            raise BadParameter("eventCountLimit", "Only together with orderBy.")
        return Query(
            groups=tuple(group for group in self.groups if group),
            bounds=tuple(self.bounds),
            times=tuple(self.times),
            order=order,
            is_ascending=is_ascending,
            count_limit=limit,
            most=most,
            places=tuple(self.places),
        )

    def order(self) -> tuple[str, bool]:
        """What the answer is ordered by, and whether that ascends."""
        direction = values.one_of("orderDirection", self.rest.get("orderDirection", "DESC"), DIRECTIONS)
        if "orderBy" not in self.rest:
            return EVENT_TIME, False
        by = self.rest["orderBy"]
        if isinstance(by, str) and by in ORDERS:
            return ORDERS[by], direction == "ASC"
        if not isinstance(by, str) or ":" not in by:
            raise BadParameter("orderBy", f"One of: {', '.join(ORDERS)}; or the name of a field of an extension.")
        return expanded("orderBy", by, self.prefixes), direction == "ASC"


ORDERS = {"eventTime": EVENT_TIME, "recordTime": RECORD_TIME}

Reader = Callable[[Reading, str, Any], None]
READERS: dict[str, Reader] = {
    "eventType": Reading.event_type,
    "EQ_booleanValue": Reading.truth,
    **dict.fromkeys(LISTS, Reading.text),
    **dict.fromkeys(MATCHES, Reading.match),
    **dict.fromkeys(PLACES, Reading.place),
    **dict.fromkeys((f"{way}_{of}" for of in ("eventTime", "recordTime") for way in ("GE", "LT")), Reading.event_time),
    **dict.fromkeys((f"{way}_{of}" for of in MOMENTS for way in ("GE", "LT")), Reading.moment),
    **dict.fromkeys((f"{way}_{of}" for of in NUMBERS for way in ("GT", "GE", "LT", "LE")), Reading.number),
    **dict.fromkeys((f"EQ_{of}" for of in NUMBERS), Reading.numbers),
    **dict.fromkeys(EXISTING, Reading.existing),
    **dict.fromkeys(("orderBy", "orderDirection", "eventCountLimit", "maxEventCount"), Reading.later),
}


def read_query(parameters: Mapping[str, Any], prefixes: Prefixes) -> Query:
    """The query that these parameters make.

    Raises:
        BadParameter: an unknown one, a value that does not fit, or two that exclude each other.
    """
    reading = Reading(prefixes)
    for name, value in parameters.items():
        reading.add(name, value)
    return reading.query()
