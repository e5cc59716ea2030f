import copy

import pytest

from codes.epcis.checking import DEEPEST, MOST_FAULTS, MOST_PREFIXES, Fault, event_faults, faults_of, query_faults
from codes.epcis.hash_ids import event_hash_id
from codes.epcis.standard import CONTEXT_URL
from tests.factories.epcis_examples import NAMES, events_of, example

OBJECT = "Example_9.6.1-ObjectEvent.jsonld"
AGGREGATION = "Example_9.6.3-AggregationEvent.jsonld"
TRANSFORMATION = "Example_9.6.4-TransformationEvent.jsonld"
ASSOCIATION = "AssociationEvent/AssociationEvent-a.jsonld"
TRANSACTION = "WithFullCombinationOfFields/transaction_event_all_possible_fields.jsonld"
FULL = "WithFullCombinationOfFields/object_event_all_possible_fields.jsonld"
SENSOR = "WithSensorData/SensorDataExample8.jsonld"
QUERY = "EPCISQueryDocument.jsonld"
GONE = object()
EVENT = "/epcisBody/eventList/0"


@pytest.mark.parametrize("name", NAMES)
def test_every_example_of_gs1_is_accepted(name):
    assert faults_of(example(name)) == []


def changed(name, pointer, value):
    """The example with another value at this place, or with nothing there."""
    document = copy.deepcopy(example(name))
    *way, last = pointer.split("/")[1:]
    owner = document
    for step in way:
        owner = owner[int(step) if isinstance(owner, list) else step]
    if value is GONE:
        del owner[int(last) if isinstance(owner, list) else last]
    elif isinstance(owner, list) and int(last) == len(owner):
        owner.append(value)
    else:
        owner[int(last) if isinstance(owner, list) else last.replace("~1", "/")] = value
    return document


MUTATIONS = [
    # what is around the events
    (OBJECT, "/type", "EPCISDokument", "/type", "one of EPCISDocument"),
    (OBJECT, "/@context", {"example": "http://ns.example.com/epcis/"}, "/@context", "EPCIS's own"),
    (OBJECT, "/schemaVersion", GONE, "", "schemaVersion is missing"),
    (OBJECT, "/schemaVersion", "1.2", "/schemaVersion", "version 2.0 is understood"),
    (OBJECT, "/schemaVersion", "two", "/schemaVersion", "another form"),
    (OBJECT, "/creationDate", "yesterday", "/creationDate", "a moment with its offset"),
    (OBJECT, "/creationDate", "2016-12-31T23:59:60Z", "/creationDate", "no moment of the calendar"),
    (OBJECT, "/foo", 1, "/foo", "no field here"),
    (OBJECT, "/unknown:foo", 1, "/unknown:foo", "declares the prefix unknown"),
    (OBJECT, "/epcisHeader", {"unknown:foo": 1}, "/epcisHeader/unknown:foo", "declares the prefix unknown"),
    (OBJECT, "/epcisBody/eventList", {}, "/epcisBody/eventList", "of type array is wanted"),
    # what every event has
    (OBJECT, f"{EVENT}/type", GONE, EVENT, "type is missing"),
    (OBJECT, f"{EVENT}/type", "ObjektEvent", f"{EVENT}/type", "a URI"),
    (OBJECT, f"{EVENT}/eventTime", GONE, EVENT, "eventTime is missing"),
    (OBJECT, f"{EVENT}/eventTime", "2026-01-31T08:00:00", f"{EVENT}/eventTime", "with its offset"),
    (OBJECT, f"{EVENT}/eventTime", "2026-02-30T08:00:00Z", f"{EVENT}/eventTime", "a moment"),
    (OBJECT, f"{EVENT}/eventTime", "2016-12-31T23:59:60Z", f"{EVENT}/eventTime", "no moment of the calendar"),
    (OBJECT, f"{EVENT}/recordTime", 5, f"{EVENT}/recordTime", "of type string is wanted"),
    (OBJECT, f"{EVENT}/eventTimeZoneOffset", GONE, EVENT, "eventTimeZoneOffset is missing"),
    (OBJECT, f"{EVENT}/eventTimeZoneOffset", "+14:30", f"{EVENT}/eventTimeZoneOffset", "such as +08:00"),
    (OBJECT, f"{EVENT}/eventTimeZoneOffset", "Z", f"{EVENT}/eventTimeZoneOffset", "such as +08:00"),
    (OBJECT, f"{EVENT}/eventID", "not a URI", f"{EVENT}/eventID", "a URI"),
    (OBJECT, f"{EVENT}/eventID", "ni:///sha-256;abc?ver=CBV2.0", f"{EVENT}/eventID", "a hash ID is"),
    (OBJECT, f"{EVENT}/certificationInfo", 7, f"{EVENT}/certificationInfo", "neither a URI nor a list"),
    (OBJECT, f"{EVENT}/foo", 1, f"{EVENT}/foo", "no field of ObjectEvent"),
    (OBJECT, f"{EVENT}/unknown:foo", 1, f"{EVENT}/unknown:foo", "declares the prefix unknown"),
    (OBJECT, f"{EVENT}/example:a", [{"unknown:b": 1}], f"{EVENT}/example:a/0/unknown:b", "the prefix unknown"),
    (OBJECT, f"{EVENT}/example:a", {"bare": 1}, f"{EVENT}/example:a/bare", "a name has a prefix"),
    (OBJECT, f"{EVENT}/example:a", {"": 1}, f"{EVENT}/example:a/", "a name has a prefix"),
    (OBJECT, f"{EVENT}/readPoint/name", "dock 7", f"{EVENT}/readPoint/name", "an id and extensions"),
    # words
    (OBJECT, f"{EVENT}/action", "OBSERVED", f"{EVENT}/action", "one of OBSERVE, ADD, DELETE"),
    (OBJECT, f"{EVENT}/action", GONE, EVENT, "action is missing"),
    (OBJECT, f"{EVENT}/bizStep", "shiping", f"{EVENT}/bizStep", "perhaps shipping"),
    (OBJECT, f"{EVENT}/bizStep", "zzz", f"{EVENT}/bizStep", "neither a word of the standard vocabulary"),
    (OBJECT, f"{EVENT}/bizStep", "urn:epcglobal:cbv:bizstep:shipping", f"{EVENT}/bizStep", "bare: shipping"),
    (OBJECT, f"{EVENT}/bizStep", "https://ref.gs1.org/cbv/BizStep-shipping", f"{EVENT}/bizStep", "bare: shipping"),
    (OBJECT, f"{EVENT}/disposition", "in-transit", f"{EVENT}/disposition", "perhaps in_transit"),
    (FULL, f"{EVENT}/persistentDisposition", {}, f"{EVENT}/persistentDisposition", "set and unset is missing"),
    (
        FULL,
        f"{EVENT}/persistentDisposition/set/0",
        "https://ref.gs1.org/cbv/Disp-recalled",
        f"{EVENT}/persistentDisposition/set/0",
        "bare: recalled",
    ),
    (
        FULL,
        f"{EVENT}/persistentDisposition/set/0",
        "completeness_inferred",
        f"{EVENT}/persistentDisposition/unset/0",
        "set and unset at once",
    ),
    (
        FULL,
        f"{EVENT}/errorDeclaration/declarationTime",
        GONE,
        f"{EVENT}/errorDeclaration",
        "declarationTime is missing",
    ),
    (FULL, f"{EVENT}/errorDeclaration/reason", "mistake", f"{EVENT}/errorDeclaration/reason", "neither a word"),
    (OBJECT, f"{EVENT}/bizTransactionList/0/type", "pos", f"{EVENT}/bizTransactionList/0/type", "perhaps po"),
    (OBJECT, f"{EVENT}/bizTransactionList/0/foo", "x", f"{EVENT}/bizTransactionList/0/foo", "no field here"),
    (OBJECT, f"{EVENT}/bizTransactionList/0/bizTransaction", GONE, f"{EVENT}/bizTransactionList/0", "is missing"),
    (FULL, f"{EVENT}/sourceList/0/type", GONE, f"{EVENT}/sourceList/0", "type is missing"),
    (FULL, f"{EVENT}/destinationList/0/type", "place", f"{EVENT}/destinationList/0/type", "neither a word"),
    # things
    (OBJECT, f"{EVENT}/epcList", GONE, EVENT, "needs epcList, quantityList, or sensorElementList"),
    (OBJECT, f"{EVENT}/epcList/2", "no URI", f"{EVENT}/epcList/2", "a URI"),
    (OBJECT, f"{EVENT}/epcList/1", "urn:epc:id:sgtin:0614141.107346.2017", f"{EVENT}/epcList", "stands twice"),
    (OBJECT, f"{EVENT}/epcList/0", "urn:epc:id:sgtin:0614141.10734.2017", f"{EVENT}/epcList/0", "13 digits together"),
    (OBJECT, f"{EVENT}/epcList/0", "urn:epc:id:sgtin:0614141.107346", f"{EVENT}/epcList/0", "has 3 parts"),
    (OBJECT, f"{EVENT}/epcList/0", "urn:epc:id:giai:ABC.1", f"{EVENT}/epcList/0", "GS1 company prefix"),
    (OBJECT, f"{EVENT}/epcList/0", "urn:epc:sgtin:0614141.1.1", f"{EVENT}/epcList/0", "begins with urn:epc:id:"),
    (
        "WithDigitalLinkID/Example_9.6.1-ObjectEventWithDigitalLink.jsonld",
        f"{EVENT}/epcList/0",
        "https://id.gs1.org/01/06901234567891/21/1",
        f"{EVENT}/epcList/0",
        "check digit must be 2",
    ),
    (OBJECT, f"{EVENT}/readPoint/id", GONE, f"{EVENT}/readPoint", "id is missing"),
    (OBJECT, f"{EVENT}/readPoint/id", "urn:epc:id:sgln:0614141.0734.1", f"{EVENT}/readPoint/id", "12 digits together"),
    (FULL, f"{EVENT}/quantityList/0/uom", "kilogram", f"{EVENT}/quantityList/0/uom", "Recommendation 20"),
    (FULL, f"{EVENT}/quantityList/0/quantity", GONE, f"{EVENT}/quantityList/0/uom", "needs a quantity"),
    (FULL, f"{EVENT}/quantityList/0/quantity", -1, f"{EVENT}/quantityList/0/quantity", "not negative"),
    (
        FULL,
        f"{EVENT}/quantityList/0",
        {"epcClass": "urn:x:1", "quantity": 1.5},
        f"{EVENT}/quantityList/0/quantity",
        "whole",
    ),
    (FULL, f"{EVENT}/action", "OBSERVE", EVENT, "whose action is ADD may have ilmd"),
    (SENSOR, f"{EVENT}/parentID", GONE, EVENT, "parentID is missing"),
    (
        AGGREGATION,
        f"{EVENT}/childEPCs/1",
        "urn:epc:id:sgtin:0614141.107346.2017",
        f"{EVENT}/childEPCs/1",
        "stands twice",
    ),
    (
        AGGREGATION,
        f"{EVENT}/childEPCs/0",
        "urn:epc:id:sscc:0614141.1234567890",
        f"{EVENT}/childEPCs/0",
        "its own child",
    ),
    (ASSOCIATION, f"{EVENT}/parentID", GONE, EVENT, "parentID is missing"),
    (TRANSACTION, f"{EVENT}/bizTransactionList", [], f"{EVENT}/bizTransactionList", "must not be empty"),
    (TRANSFORMATION, f"{EVENT}/outputEPCList", GONE, EVENT, "needs inputs and outputs"),
    # sensors
    (
        SENSOR,
        f"{EVENT}/sensorElementList/0/sensorReport",
        GONE,
        f"{EVENT}/sensorElementList/0",
        "sensorReport is missing",
    ),
    (
        SENSOR,
        f"{EVENT}/sensorElementList/0/sensorReport/0/type",
        "Temperatur",
        f"{EVENT}/sensorElementList/0/sensorReport/0/type",
        "perhaps Temperature",
    ),
    (
        SENSOR,
        f"{EVENT}/sensorElementList/0/sensorReport/0/value",
        "12.1",
        f"{EVENT}/sensorElementList/0/sensorReport/0/value",
        "of type number",
    ),
    (
        SENSOR,
        f"{EVENT}/sensorElementList/1/sensorReport/0/percValue",
        GONE,
        f"{EVENT}/sensorElementList/1/sensorReport/0",
        "go together",
    ),
    (
        SENSOR,
        f"{EVENT}/sensorElementList/1/sensorMetadata/endTime",
        "2019-01-01T00:00:00Z",
        f"{EVENT}/sensorElementList/1/sensorMetadata/endTime",
        "before startTime",
    ),
    (
        SENSOR,
        f"{EVENT}/sensorElementList/1/sensorMetadata/endTime",
        "2016-12-31T23:59:60Z",
        f"{EVENT}/sensorElementList/1/sensorMetadata/endTime",
        "no moment of the calendar",
    ),
    # answers to queries
    (
        QUERY,
        "/epcisBody/queryResults/resultsBody/eventList/1/action",
        "WATCH",
        "/epcisBody/queryResults/resultsBody/eventList/1/action",
        "one of OBSERVE, ADD, DELETE",
    ),
    (QUERY, "/epcisBody/queryResults/queryName", GONE, "/epcisBody/queryResults", "queryName is missing"),
]


@pytest.mark.parametrize(("name", "at", "value", "pointer", "said"), MUTATIONS)
def test_what_is_wrong_is_told_at_its_place_with_what_would_be_right(name, at, value, pointer, said):
    faults = faults_of(changed(name, at, value))
    assert [fault.pointer for fault in faults] == [pointer]
    assert said in faults[0].message


@pytest.mark.parametrize("document", [None, 7, [], "text"])
def test_what_is_no_object_is_no_document(document):
    assert [fault.pointer for fault in faults_of(document)] == [""]
    assert [fault.pointer for fault in event_faults(document, CONTEXT_URL)] == [""]


def test_an_event_that_stands_alone_names_its_context():
    event = events_of(example(OBJECT))[0]
    assert faults_of(event) == [Fault("", "@context is missing")]
    assert faults_of(event | {"@context": CONTEXT_URL}) == []


def test_an_event_is_checked_by_itself_within_the_context_of_its_document():
    event = events_of(example(OBJECT))[1]
    assert event_faults(event, example(OBJECT)["@context"]) == []
    assert [fault.pointer for fault in event_faults(event, CONTEXT_URL)] == ["/example:myField"]
    assert [fault.pointer for fault in event_faults(event | {"action": "X"}, CONTEXT_URL)] == ["/action"]


def test_an_event_may_declare_prefixes_of_its_own():
    event = events_of(example(OBJECT))[0] | {"@context": {"own": "http://own.example/"}, "own:field": "1"}
    assert event_faults(event, CONTEXT_URL) == []


def test_an_event_type_of_somebody_else_is_left_to_the_schema():
    event = events_of(example(OBJECT))[0] | {"type": "https://example.com/MyEvent", "action": "WATCH", "bizStep": [{}]}
    assert event_faults(event, CONTEXT_URL, hash_ids=True) == []
    leap = "2016-12-31T23:59:60Z"
    wrong = {"eventTime": leap, "errorDeclaration": {"declarationTime": leap}, "unknown:a": 1}
    assert [fault.pointer for fault in event_faults(event | wrong, CONTEXT_URL)] == [
        "/errorDeclaration/declarationTime",
        "/eventTime",
        "/unknown:a",
    ]


def test_a_hash_id_is_compared_with_the_event_where_that_is_asked_for():
    document = example(OBJECT)
    right = [event_hash_id(event, document["@context"]) for event in events_of(document)]
    assert [fault.pointer for fault in faults_of(document, hash_ids=True)] == [
        f"{EVENT}/eventID",
        f"{EVENT[:-1]}1/eventID",
    ]
    assert [fault.message.endswith(right[0]) for fault in faults_of(document, hash_ids=True)] == [True, False]
    for event, name in zip(events_of(document), right, strict=True):
        event["eventID"] = name
    assert faults_of(document, hash_ids=True) == []


def test_ids_that_claim_to_be_no_sha_256_are_not_compared():
    document = changed(OBJECT, f"{EVENT}/eventID", "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8")
    assert [fault.pointer for fault in faults_of(document, hash_ids=True)] == [f"{EVENT[:-1]}1/eventID"]


def test_a_document_full_of_faults_tells_the_first_hundred():
    document = example(OBJECT)
    for flaw in ({"bizStep": "zzz"}, {"epcList": ["urn:epc:id:sgtin:1.1.1"]}):
        document["epcisBody"]["eventList"] = [events_of(example(OBJECT))[0] | flaw for _ in range(500)]
        assert len(faults_of(document)) == MOST_FAULTS


def test_what_lies_too_deep_is_refused_before_anything_else():
    deep = "text"
    for _ in range(DEEPEST + 5):
        deep = {"example:in": deep}
    document = changed(OBJECT, f"{EVENT}/example:in", deep)
    assert [fault.pointer for fault in faults_of(document)] == [""]
    assert "deep" in event_faults(events_of(document)[0], document["@context"])[0].message


def test_half_a_character_is_refused():
    document = changed(OBJECT, f"{EVENT}/bizStep", "\ud800")
    assert [fault.pointer for fault in faults_of(document)] == [""]


def test_the_number_of_prefixes_is_bounded():
    many = {f"p{n}": f"http://p.example/{n}/" for n in range(MOST_PREFIXES)}
    document = changed(OBJECT, "/@context/2", many)
    assert [fault.pointer for fault in faults_of(document)] == ["/@context"]
    event = events_of(example(OBJECT))[0] | {"@context": many}
    document["@context"] = example(OBJECT)["@context"]
    document["epcisBody"]["eventList"] = [event]
    assert [fault.pointer for fault in faults_of(document)] == [f"{EVENT}/@context"]


def test_a_message_quotes_no_novels():
    assert len(faults_of(changed(OBJECT, f"{EVENT}/bizStep", "z" * 5_000))[0].message) < 200


def test_the_definition_of_a_query_is_checked_by_gs1s_schema():
    assert query_faults({"EQ_bizStep": ["shipping"]}) == []
    assert [fault.pointer for fault in query_faults({"EQ_bizStep": "shipping"})] == ["/EQ_bizStep"]
