"""Each parameter of the simple event query, over one small repository."""

import pytest

from codes.models import EpcisPlace
from tests.codes.epcis_rest.conftest import Repository, document, event

pytestmark = pytest.mark.django_db

CBV = "urn:epcglobal:cbv"
NS = {"ex": "https://ex.example/ns/"}
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", NS]
EXTENSIONS = {"GS1-Extensions": "ex=https://ex.example/ns/"}
DOCK, YARD = "urn:epc:id:sgln:0012345.11111.400", "https://example.org/yard"
PO = "urn:epc:id:gdti:0614141.00001.1618034"
LOT = "urn:epc:class:lgtin:4012345.012345.998877"
DECLARATION = {
    "declarationTime": "2026-03-01T00:00:00Z",
    "reason": "incorrect_data",
    "correctiveEventIDs": ["urn:uuid:00000000-0000-4000-8000-000000000001"],
    "ex:why": "typo",
}
SENSORS = [
    {
        "sensorMetadata": {
            "time": "2026-01-01T05:00:00Z",
            "startTime": "2026-01-01T04:00:00Z",
            "endTime": "2026-01-01T05:00:00Z",
            "deviceID": "urn:epc:id:giai:4000001.111",
            "bizRules": "https://example.org/rules/1",
            "ex:calibrated": "yes",
        },
        "sensorReport": [
            {
                "type": "Temperature",
                "value": 26,
                "minValue": 20.5,
                "uom": "CEL",
                "percRank": 50,
                "percValue": 12.7,
                "stringValue": "warm",
                "booleanValue": True,
                "hexBinaryValue": "f0f0",
                "uriValue": "https://example.org/v/1",
                "microorganism": "https://example.org/taxon/1",
                "chemicalSubstance": "https://example.org/substance/1",
                "dataProcessingMethod": "https://example.org/method/1",
                "ex:probe": 3,
            }
        ],
        "ex:mounted": {"ex:where": "door", "ex:side": "left"},
    }
]
EVENTS = [
    event(0, bizStep="shipping", disposition="in_transit", readPoint={"id": DOCK, "ex:gate": "7"}),
    event(
        1,
        bizStep="receiving",
        bizLocation={"id": YARD},
        bizTransactionList=[{"type": "po", "bizTransaction": PO}],
        sourceList=[{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00225"}],
        destinationList=[{"type": "location", "destination": DOCK}],
        quantityList=[{"epcClass": LOT, "quantity": 200.5, "uom": "KGM"}],
    ),
    event(2, persistentDisposition={"set": ["completeness_verified"], "unset": ["completeness_inferred"]}, action="ADD")
    | {"ilmd": {"ex:strength": 52, "ex:maker": {"ex:name": "Li"}}},
    {
        "eventID": event(3)["eventID"],
        "type": "AggregationEvent",
        "action": "ADD",
        "eventTime": event(3)["eventTime"],
        "eventTimeZoneOffset": "+08:00",
        "parentID": "urn:epc:id:sscc:0614141.1234567890",
        "childEPCs": ["urn:epc:id:sgtin:0614141.107346.3"],
    },
    {
        "eventID": event(4)["eventID"],
        "type": "TransformationEvent",
        "eventTime": event(4)["eventTime"],
        "eventTimeZoneOffset": "+08:00",
        "transformationID": "urn:epc:id:gdti:0614141.00001.77",
        "inputEPCList": ["urn:epc:id:sgtin:0614141.107346.0"],
        "inputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.011111.1", "quantity": 10}],
        "outputEPCList": ["urn:epc:id:sgtin:0614141.107346.44"],
        "outputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.022222.2", "quantity": 3}],
    },
    event(5, sensorElementList=SENSORS),
    event(6, errorDeclaration=DECLARATION),
    event(7)
    | {
        "ex:number": "13",
        "ex:at": "2026-05-01T08:00:00+08:00",
        "ex:deep": {"ex:deeper": [1, 2]},
        "ex:unit": {"ex:code": "kg"},
    },
]


QUERIES = {
    "eventType": ("AggregationEvent|TransformationEvent", [4, 3]),
    "GE_eventTime": ("2026-01-01T06:00:00Z", [7, 6]),
    "LT_eventTime": ("2026-01-01T09:00:00+08:00", [0]),
    "GE_recordTime": ("2026-01-01T00:00:00Z", [7, 6, 5, 4, 3, 2, 1, 0]),
    "LT_recordTime": ("2026-01-01T00:00:00Z", []),
    "EQ_action": ("ADD", [3, 2]),
    "EQ_bizStep": (f"shipping|{CBV}:bizstep:receiving", [1, 0]),
    "EQ_disposition": ("in_transit", [0]),
    "EQ_persistentDisposition_set": ("completeness_verified", [2]),
    "EQ_persistentDisposition_unset": ("completeness_inferred", [2]),
    "EQ_readPoint": (DOCK, [0]),
    "EQ_bizLocation": (YARD, [1]),
    "EQ_transformationID": ("urn:epc:id:gdti:0614141.00001.77", [4]),
    "MATCH_epc": ("urn:epc:id:sgtin:0614141.107346.3|https://id.gs1.org/01/10614141073464/21/2", [3, 2]),
    "MATCH_parentID": ("urn:epc:id:sscc:0614141.1234567890", [3]),
    "MATCH_inputEPC": ("urn:epc:id:sgtin:0614141.107346.0", [4]),
    "MATCH_outputEPC": ("urn:epc:id:sgtin:0614141.107346.44", [4]),
    "MATCH_anyEPC": ("urn:epc:id:sgtin:0614141.107346.0", [4, 0]),
    "MATCH_epcClass": (LOT, [1]),
    "MATCH_inputEPCClass": ("urn:epc:class:lgtin:4012345.011111.1", [4]),
    "MATCH_outputEPCClass": ("urn:epc:class:lgtin:4012345.022222.2", [4]),
    "MATCH_anyEPCClass": ("urn:epc:class:lgtin:4012345.011111.1", [4]),
    "EQ_quantity": ("10|200.50", [4, 1]),
    "GT_quantity": ("10", [1]),
    "GE_quantity": ("10", [4, 1]),
    "LT_quantity": ("10", [4]),
    "LE_quantity": ("3", [4]),
    "EQ_quantity_KGM": ("200.5", [1]),
    "GT_quantity_KGM": ("200", [1]),
    "EQ_eventID": (event(3)["eventID"], [3]),
    "EXISTS_errorDeclaration": ("true", [6]),
    "GE_errorDeclarationTime": ("2026-03-01T08:00:00+08:00", [6]),
    "LT_errorDeclarationTime": ("2026-03-01T00:00:00Z", []),
    "EQ_errorReason": ("incorrect_data", [6]),
    "EQ_correctiveEventID": (event(1)["eventID"], [6]),
    "EXISTS_sensorElementList": ("true", [5]),
    "GE_time": ("2026-01-01T05:00:00Z", [5]),
    "GE_startTime": ("2026-01-01T04:00:00Z", [5]),
    "LT_startTime": ("2026-01-01T04:00:00Z", []),
    "GE_endTime": ("2026-01-01T05:00:00Z", [5]),
    "LT_endTime": ("2026-01-01T06:00:00Z", [5]),
    "EQ_type": ("Temperature", [5]),
    "EQ_deviceID": ("https://id.gs1.org/8004/4000001111", [5]),
    "EQ_dataProcessingMethod": ("https://example.org/method/1", [5]),
    "EQ_microorganism": ("https://example.org/taxon/1", [5]),
    "EQ_chemicalSubstance": ("https://example.org/substance/1", [5]),
    "EQ_bizRules": ("https://example.org/rules/1", [5]),
    "EQ_stringValue": ("warm", [5]),
    "EQ_hexBinaryValue": ("f0f0", [5]),
    "EQ_uriValue": ("https://example.org/v/1", [5]),
    "EQ_booleanValue": ("true", [5]),
    "EQ_value_CEL": ("26.0", [5]),
    "GE_minValue_CEL": ("20.5", [5]),
    "LT_minValue_CEL": ("20.5", []),
    "LE_percRank": ("50", [5]),
    "EQ_percRank": ("50", [5]),
    "EQ_bizTransaction_po": (PO, [1]),
    "EQ_source_owning_party": ("urn:epc:id:pgln:4012345.00225", [1]),
    "EQ_destination_location": (DOCK, [1]),
    "EQ_ex:number": ("13|14", [7]),
    "GT_ex:number": ("12", [7]),
    "LE_https://ex.example/ns/number": ("12.5", []),
    "EQ_ex:at": ("2026-05-01T00:00:00Z", [7]),
    "GE_ex:at": ("2026-05-01T00:00:00Z", [7]),
    "EXISTS_ex:deep": ("true", [7]),
    "HASATTR_ex:unit": ("ex:code", [7]),
    "EQATTR_ex:unit_ex:code": ("kg|g", [7]),
    "EQ_INNER_ex:deeper": ("2", [7]),
    "GE_INNER_ex:deeper": ("3", []),
    "EQ_ILMD_ex:strength": ("52", [2]),
    "GE_ILMD_ex:strength": ("52", [2]),
    "EQ_INNER_ILMD_ex:name": ("Li", [2]),
    "EXISTS_ILMD_ex:maker": ("true", [2]),
    "EQ_readPoint_ex:gate": ("7", [0]),
    "EQ_ERROR_DECLARATION_ex:why": ("typo", [6]),
    "EQ_SENSORMETADATA_ex:calibrated": ("yes", [5]),
    "EQ_SENSORREPORT_ex:probe": ("3", [5]),
    "EQ_INNER_SENSORELEMENT_ex:where": ("door", [5]),
    "EXISTS_SENSORELEMENT_ex:mounted": ("true", [5]),
    "EXISTS_ilmd": ("false", [7, 6, 5, 4, 3, 2, 1, 0]),
}


def test_every_parameter_finds_what_it_asks_for(repository):
    assert repository.capture(document(*EVENTS, context=CONTEXT))["success"]
    told = {
        name: [int(one["eventID"][-2:]) for one in repository.events({name: value}, **EXTENSIONS)]
        for name, (value, _expected) in QUERIES.items()
    }
    assert told == {name: expected for name, (_value, expected) in QUERIES.items()}


def test_patterns_match_all_of_a_class_and_all_of_a_company(repository):
    repository.capture(document(event(1), event(2), event(3, epcList=["urn:epc:id:sscc:0614141.1234567890"])))
    numbers = {
        pattern: sorted(int(one[-2:]) for one in repository.ids({"MATCH_epc": f"urn:epc:idpat:{pattern}"}))
        for pattern in ("sgtin:0614141.107346.*", "sgtin:0614141.*.*", "sscc:0614141.*", "sgtin:0614142.*.*")
    }
    assert list(numbers.values()) == [[1, 2], [1, 2], [3], []]


def test_parameters_together_must_all_hold(repository):
    repository.capture(document(*EVENTS, context=CONTEXT))
    asked = {"EQ_action": "OBSERVE", "eventType": "ObjectEvent", "GE_eventTime": "2026-01-01T01:00:00Z"}
    assert len(repository.ids(asked)) == 4
    assert len(repository.ids(asked | {"EXISTS_sensorElementList": "true", "GE_value_CEL": "26"})) == 1


def test_places_are_found_with_all_that_lies_inside_by_master_data(repository):
    header = {
        "epcisHeader": {
            "epcisMasterData": {
                "vocabularyList": [
                    {
                        "type": "urn:epcglobal:epcis:vtype:ReadPoint",
                        "vocabularyElementList": [
                            {"id": "urn:epc:id:sgln:0012345.11111.0", "children": [DOCK]},
                            {"id": DOCK, "children": ["https://example.org/gate"]},
                        ],
                    }
                ]
            }
        }
    }
    gate = event(1, readPoint={"id": "https://example.org/gate"})
    repository.capture(document(event(0, readPoint={"id": DOCK}), gate, event(2), **header))
    assert EpcisPlace.objects.count() == 2
    site = "urn:epc:id:sgln:0012345.11111.0"
    assert len(repository.ids({"WD_readPoint": site})) == 2
    assert len(repository.ids({"EQ_readPoint": site})) == 0
    assert len(repository.ids({"WD_readPoint": "https://example.org/gate"})) == 1


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"unheard": "1"}, "unheard"),
        ({"EQ_unheard": "1"}, "EQ_unheard"),
        ({"EQ_nope:field": "1"}, "EQ_nope:field"),
        ({"EQ_action": "LOOK"}, "EQ_action"),
        ({"EQ_bizStep": "shiping"}, "EQ_bizStep"),
        ({"eventType": "Event"}, "eventType"),
        ({"MATCH_epc": "no uri"}, "MATCH_epc"),
        ({"EQ_readPoint": ""}, "EQ_readPoint"),
        ({"GE_eventTime": "2026-01-01"}, "GE_eventTime"),
        ({"GE_eventTime": "2026-02-31T00:00:00Z"}, "GE_eventTime"),
        ({"GE_quantity": "many"}, "GE_quantity"),
        ({"EQ_value_CEL": "warm"}, "EQ_value_CEL"),
        ({"GE_ex:number": "warm"}, "GE_ex:number"),
        ({"EQ_booleanValue": "perhaps"}, "EQ_booleanValue"),
        ({"EXISTS_errorDeclaration": "perhaps"}, "EXISTS_errorDeclaration"),
        ({"orderBy": "action"}, "orderBy"),
        ({"orderBy": "nope:field"}, "orderBy"),
        ({"orderBy": "eventTime", "orderDirection": "UP"}, "orderDirection"),
        ({"eventCountLimit": "3"}, "eventCountLimit"),
        ({"orderBy": "eventTime", "eventCountLimit": "0"}, "eventCountLimit"),
        ({"orderBy": "eventTime", "eventCountLimit": "3", "maxEventCount": "3"}, "maxEventCount"),
        ({"MATCH_epc": "|".join(["urn:x:y"] * 201)}, "MATCH_epc"),
        ({"EQ_source_location": "dock"}, "EQ_source_location"),
    ],
)
def test_a_parameter_that_is_not_right_is_refused_by_name(repository, parameters, named):
    answer = repository.ask("events", parameters, **EXTENSIONS)
    told = answer.json()
    assert (answer.status_code, told["type"], told["code"], list(told["fields"])) == (
        400,
        "epcisException:QueryParameterException",
        "bad_query_parameter",
        [named],
    )


def test_pages_follow_one_another_without_gap_or_repeat_in_every_order(repository):
    repository.capture(
        document(*(event(n % 3, eventID=f"urn:uuid:{n:08d}-0000-4000-8000-000000000000") for n in range(7)))
    )
    orders = [
        {},
        {"orderBy": "eventTime", "orderDirection": "ASC"},
        {"orderBy": "recordTime"},
        {"eventType": "ObjectEvent"},
    ]
    for order in orders:
        whole = repository.ids(order | {"perPage": "100"})
        assert len(whole) == 7
        assert paged(repository, order | {"perPage": "3"}) == (whole, 3)


def paged(repository, parameters):
    seen, pages = [], 0
    answer = repository.ask("events", parameters)
    while True:
        pages += 1
        seen += [one["eventID"] for one in answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]]
        if "Link" not in answer:
            return seen, pages
        assert answer["Link"].endswith('; rel="next"')
        answer = repository.get(answer["Link"].partition(">")[0][1:])


def test_events_are_ordered_by_a_field_of_an_extension(repository):
    events = [event(n) | {"ex:rank": rank} for n, rank in enumerate([30, 4, 200])]
    repository.capture(document(*events, event(3), context=CONTEXT))
    asked = {"orderBy": "ex:rank", "orderDirection": "ASC", "perPage": "2"}
    first = repository.ask("events", asked, **EXTENSIONS)
    second = repository.get(first["Link"].partition(">")[0][1:], headers=EXTENSIONS)
    found = [
        int(one["eventID"][-2:])
        for answer in (first, second)
        for one in answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    ]
    assert found == [1, 0, 2, 3]


def test_an_answer_holds_the_first_so_many_or_is_refused_as_too_large(repository):
    repository.capture(document(*(event(n) for n in range(5))))
    limited = {"orderBy": "eventTime", "eventCountLimit": "3", "perPage": "2"}
    assert paged(repository, limited)[0] == [event(n)["eventID"] for n in (4, 3, 2)]
    assert len(repository.ids({"maxEventCount": "5"})) == 5
    answer = repository.ask("events", {"maxEventCount": "4"})
    assert (answer.status_code, answer.json()["type"]) == (413, "epcisException:QueryTooLargeException")


def test_a_page_token_is_good_for_its_own_request_until_it_is_withdrawn(repository):
    repository.capture(document(*(event(n) for n in range(3))))
    link = repository.ask("events", {"perPage": "1"})["Link"].partition(">")[0][1:]
    token = link.partition("nextPageToken=")[2]
    assert repository.ask("events", {"nextPageToken": token, "EQ_action": "ADD"}).status_code == 400
    assert Repository(repository.brand).get(link).status_code == 400
    assert repository.ask("events", {"nextPageToken": "x"}).status_code == 400
    assert repository.get(link).status_code == 200
    assert repository.delete(f"/epcis/nextPageToken/{token}").status_code == 204
    assert repository.get(link).status_code == 400
    assert repository.ask("events", {"perPage": "0"}).status_code == 400


def test_names_are_listed_in_pages_and_each_has_its_events(repository):
    repository.capture(document(*EVENTS, context=CONTEXT))
    assert len(repository.ask("eventTypes").json()["member"]) == 5
    assert repository.ask("readPoints").json()["member"] == ["https://id.gs1.org/414/0012345111112/254/400"]
    assert repository.ask("bizLocations").json()["member"] == [YARD]
    first = repository.ask("epcs", {"perPage": "5"})
    rest = repository.get(first["Link"].partition(">")[0][1:]).json()["member"]
    assert len(set(first.json()["member"] + rest)) == 9
    steps = repository.ask("bizSteps", {"perPage": "100"}).json()["member"]
    assert (len(steps), "shipping" in steps) == (41, True)
    for path, numbers in {
        "eventTypes/AggregationEvent": [3],
        "bizSteps/shipping": [0],
        f"bizSteps/{CBV}:bizstep:shipping": [0],
        "dispositions/in_transit": [0],
        f"readPoints/{DOCK}": [0],
        f"bizLocations/{YARD}": [1],
        "epcs/urn:epc:id:sgtin:0614141.107346.0": [4, 0],
        "epcs/https://id.gs1.org/01/10614141073464/21/44": [4],
    }.items():
        assert repository.ask(path).json()["member"] == ["events"], path
        assert [int(one[-2:]) for one in repository.ids(path=f"{path}/events")] == numbers, path
    assert repository.ask("bizSteps/shipping/events", {"EQ_bizStep": "receiving"}).status_code == 400
    for path in ("epcs/urn:x:y", "bizSteps/dancing", "eventTypes/Event", "readPoints/urn:x:y", "epcs/urn:x:y/events"):
        answer = repository.ask(path)
        assert (answer.status_code, answer.json()["type"]) == (404, "epcisException:NoSuchNameException"), path
        assert repository.options(f"/epcis/{path}").status_code == 404


def test_options_and_answers_tell_versions_and_limits(repository):
    told = repository.options("/epcis/capture")
    assert (told.status_code, told["GS1-EPCIS-Version"], told["GS1-CBV-Max"]) == (204, "2.0.0", "2.0.0")
    assert (told["Allow"], told["GS1-EPCIS-Capture-Limit"]) == ("GET, POST, HEAD, OPTIONS", "10000")
    assert set(repository.ask("").json()["member"]) >= {"events", "capture", "queries", "epcs"}
    for headers in (
        {"GS1-EPCIS-Min": "3.0.0"},
        {"GS1-EPCIS-Max": "1.2"},
        {"GS1-CBV-Version": "1.2"},
        {"GS1-EPCIS-Version": "two"},
        {"GS1-EPC-Format": "Always_EPC_URN"},
        {"GS1-CBV-XML-Format": "x"},
        {"GS1-Extensions": "x"},
        {"Accept": "text/csv"},
    ):
        answer = repository.ask("events", **headers)
        assert (answer.status_code, answer.json()["type"]) == (406, "epcisException:NotAcceptableException"), headers


def test_epcs_are_told_as_links_or_as_they_came(repository):
    repository.capture(document(event(1)))
    assert repository.events()[0]["epcList"] == ["https://id.gs1.org/01/10614141073464/21/1"]
    kept = repository.events(**{"GS1-EPC-Format": "Never_Translates"})
    assert kept[0]["epcList"] == event(1)["epcList"]


def test_addresses_and_bodies_that_are_too_much_are_refused(repository):
    answer = repository.ask("events", {"EQ_stringValue": "x" * 8_000})
    assert (answer.status_code, answer.json()["type"]) == (414, "epcisException:URITooLongException")
    plain = repository.post("/epcis/events", b"x", content_type="text/plain")
    assert (plain.status_code, plain.json()["type"]) == (415, "epcisException:UnsupportedMediaTypeException")
    broken = repository.post("/epcis/events", b"{", content_type="application/json")
    assert (broken.status_code, broken.json()["code"]) == (400, "not_json")
