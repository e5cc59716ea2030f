import pytest

from codes.epcis.checking import faults_of
from codes.epcis.hash_ids import hash_id_of
from codes.epcis.normal import normal_event, same_meaning
from codes.epcis.standard import CONTEXT_URL
from codes.epcis.streams import MOST_BYTES, Envelope, UnreadableDocument, document_of
from codes.epcis.xml_reading import read_xml_document
from codes.epcis.xml_writing import UnwritableDocument, event_element, xml_of, xml_pieces
from tests.factories.epcis_examples import NAMES, example

MASTER_DATA = {
    "epcisMasterData": {
        "vocabularyList": [
            {
                "type": "urn:epcglobal:epcis:vtype:BusinessLocation",
                "vocabularyElementList": [
                    {
                        "id": "urn:epc:id:sgln:0037000.00729.0",
                        "attributes": [{"id": "urn:epcglobal:cbv:mda:city", "attribute": "杭州"}],
                        "children": ["urn:epc:id:sgln:0037000.00729.8201"],
                    },
                    {"id": "urn:epc:id:sgln:0037000.00730.0"},
                ],
            },
            {"type": "urn:epcglobal:epcis:vtype:ReadPoint"},
        ]
    }
}
EVENT = {
    "type": "ObjectEvent",
    "eventTime": "2026-01-31T08:00:00.000+08:00",
    "eventTimeZoneOffset": "+08:00",
    "epcList": ["https://id.gs1.org/01/06901234567892/21/S1"],
    "action": "OBSERVE",
}


def xml(events, root='xmlns:epcis="urn:epcglobal:epcis:xsd:2"', prolog=""):
    return (
        f'{prolog}<epcis:EPCISDocument {root} schemaVersion="2.0" creationDate="2026-01-31T00:00:00Z">'
        f"<EPCISBody><EventList>{events}</EventList></EPCISBody></epcis:EPCISDocument>"
    ).encode()


def object_event(more=""):
    return (
        "<ObjectEvent><eventTime>2026-01-31T08:00:00+08:00</eventTime>"
        "<eventTimeZoneOffset>+08:00</eventTimeZoneOffset>"
        f"<epcList><epc> https://id.gs1.org/01/06901234567892/21/S1 </epc></epcList>"
        f"<action>ADD</action>{more}</ObjectEvent>"
    )


def only_event(body):
    document = read_xml_document(body)
    assert faults_of(document.whole()) == []
    return document.events[0]


def refusal(body):
    with pytest.raises(UnreadableDocument) as refused:
        read_xml_document(body)
    return str(refused.value)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_of_gs1_means_the_same_after_a_way_through_xml(name):
    there = document_of(example(name))
    back = read_xml_document(xml_of(there))
    assert faults_of(back.whole()) == []
    one = [normal_event(event, there.envelope.context) for event in there.events]
    other = [normal_event(event, back.envelope.context) for event in back.events]
    assert one == other
    assert [hash_id_of(event) for event in one] == [hash_id_of(event) for event in other]
    assert {key: value for key, value in there.envelope.header.items() if key != "id"} == back.envelope.header


def test_master_data_and_fields_of_the_document_go_through_xml():
    document = example("Example_9.6.2-ObjectEvent.jsonld") | {
        "epcisHeader": MASTER_DATA,
        "example:run": {"example:n": "7"},
    }
    back = read_xml_document(xml_of(document_of(document))).whole()
    assert (back["epcisHeader"], back["example:run"]) == (MASTER_DATA, {"example:n": "7"})


def test_master_data_whose_values_have_parts_can_not_be_said():
    document = example("Example_9.6.2-ObjectEvent.jsonld")
    element = {"id": "urn:x:1", "attributes": [{"id": "urn:x:a", "attribute": {"example:n": "7"}}]}
    vocabulary = {"type": "urn:x:v", "vocabularyElementList": [element]}
    document["epcisHeader"] = {"epcisMasterData": {"vocabularyList": [vocabulary]}}
    with pytest.raises(UnwritableDocument, match="parts of its own"):
        xml_of(document_of(document))


def test_a_field_without_a_place_in_xml_names_its_event():
    event = EVENT | {"ex:1st": "no name in XML"}
    with pytest.raises(UnwritableDocument) as refused:
        list(xml_pieces(Envelope("EPCISDocument", [CONTEXT_URL, {"ex": "http://e.com/"}]), [EVENT, event]))
    assert refused.value.fault.pointer == "/epcisBody/eventList/1"


def test_an_event_type_of_somebody_else_can_not_be_said():
    with pytest.raises(UnwritableDocument, match="no event type"):
        event_element(EVENT | {"type": "http://e.com/MyEvent"}, CONTEXT_URL)


def test_namespaces_without_a_prefix_of_their_own_get_one():
    event = EVENT | {"http://e.com/a": "1", "http://f.com/b": ["1", "2"]}
    body = b"".join(xml_pieces(Envelope("EPCISDocument", CONTEXT_URL), [event]))
    back = read_xml_document(body)
    assert back.envelope.context == [CONTEXT_URL, {"ext1": "http://e.com/", "ext2": "http://f.com/"}]
    assert (back.events[0]["ext1:a"], back.events[0]["ext2:b"]) == ("1", ["1", "2"])


def test_two_namespaces_that_want_one_prefix_get_two():
    body = xml(object_event('<a:x xmlns:a="http://e.com/">1</a:x><a:x xmlns:a="http://f.com/">2</a:x>'))
    document = read_xml_document(body)
    assert document.envelope.context[1] == {"a": "http://e.com/", "ns2": "http://f.com/"}
    assert (document.events[0]["a:x"], document.events[0]["ns2:x"]) == ("1", "2")


def test_cbvs_master_data_has_one_namespace_in_xml_and_json():
    body = xml(object_event('<ilmd><m:lotNumber xmlns:m="urn:epcglobal:cbv:mda">L1</m:lotNumber></ilmd>'))
    assert only_event(body)["ilmd"] == {"cbvmda:lotNumber": "L1"}


def test_an_attribute_of_an_extension_becomes_a_member_of_it():
    body = xml(object_event('<e:w xmlns:e="http://e.com/" unit="KGM">3.5</e:w>'))
    assert only_event(body)["e:w"] == {"e:unit": "KGM", "rdf:value": "3.5"}


def test_what_has_no_namespace_inside_of_an_extension_gets_that_of_the_extension():
    body = xml(object_event('<e:w xmlns:e="http://e.com/"><in><out>1</out></in></e:w>'))
    assert only_event(body)["e:w"] == {"e:in": {"e:out": "1"}}


def test_an_empty_list_of_things_goes_through_xml():
    there = document_of(EVENT | {"@context": CONTEXT_URL, "epcList": []})
    assert read_xml_document(xml_of(there)).events[0]["epcList"] == []


def test_the_xml_type_of_an_extension_is_let_go():
    space = 'xmlns:e="http://e.com/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    assert only_event(xml(object_event(f'<e:w {space} xsi:type="xsd:integer">10</e:w>')))["e:w"] == "10"


def test_fields_inside_of_extension_wrappers_are_read():
    body = xml(object_event("<extension><disposition>urn:epcglobal:cbv:disp:active</disposition></extension>"))
    assert only_event(body)["disposition"] == "active"


def test_what_is_no_number_is_left_for_the_checking_to_find():
    quantity = "<quantityElement><epcClass>urn:x:1</epcClass><quantity>many</quantity></quantityElement>"
    document = read_xml_document(xml(object_event(f"<quantityList>{quantity}</quantityList>")))
    assert [fault.pointer for fault in faults_of(document.whole())] == [
        "/epcisBody/eventList/0/quantityList/0/quantity"
    ]


def test_a_document_type_that_declares_nothing_does_no_harm():
    assert only_event(xml(object_event(), prolog="<!DOCTYPE project>"))["action"] == "ADD"


def test_an_entity_bomb_is_refused_before_it_is_expanded():
    lots = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 20))
    prolog = f'<!DOCTYPE x [<!ENTITY e0 "boom">{lots}]>'
    assert "entities" in refusal(xml(object_event("<a:b xmlns:a='u:x'>&e19;</a:b>"), prolog=prolog))


def test_an_entity_elsewhere_is_refused():
    prolog = '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    assert "entities" in refusal(xml(object_event("<bizStep>&file;</bizStep>"), prolog=prolog))


def test_a_document_type_elsewhere_is_refused():
    assert "address" in refusal(xml(object_event(), prolog='<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no well-formed XML"),
        (b"no XML", "no well-formed XML"),
        (xml("<ObjectEvent>"), "no well-formed XML"),
        (b"<EPCISDocument/>", "is wanted, not EPCISDocument"),
        (xml("", root='xmlns:epcis="urn:epcglobal:epcis:xsd:1"'), "EPCIS 1.x is not read"),
        (xml("<QuantityEvent/>"), "QuantityEvent is no event type"),
        (xml('<e:Event xmlns:e="http://e.com/"/>'), "no event type"),
    ],
)
def test_what_is_no_document_is_refused(body, said):
    assert said in refusal(body)


def test_elements_too_deep_within_each_other_are_refused():
    deep = "<e:a xmlns:e='http://e.com/'>" * 300 + "</e:a>" * 300
    assert "no well-formed XML" in refusal(xml(object_event(deep)))


def test_a_body_that_is_too_large_is_refused():
    assert "bytes" in refusal(b" " * (MOST_BYTES + 1))


def test_queries_results_go_through_xml():
    there = document_of(example("EPCISQueryDocument.jsonld"))
    back = read_xml_document(xml_of(there))
    assert back.envelope.header["queryName"] == "SimpleEventQuery"
    assert all(
        same_meaning(normal_event(one, there.envelope.context), normal_event(other, back.envelope.context))
        for one, other in zip(there.events, back.events, strict=True)
    )


def test_queries_results_without_a_subscription_name_none():
    found = example("EPCISQueryDocument.jsonld")
    del found["epcisBody"]["queryResults"]["subscriptionID"]
    assert "subscriptionID" not in read_xml_document(xml_of(document_of(found))).envelope.header


def test_an_extension_with_parts_of_its_own_stands_inside_of_its_sensor_report():
    found = example("WithSensorData/SensorDataExample8.jsonld")
    report = found["epcisBody"]["eventList"][0]["sensorElementList"][0]["sensorReport"][0]
    report |= {"example:parts": {"example:a": ["1", "2"]}, "example:b": "3"}
    there = document_of(found)
    back = read_xml_document(xml_of(there))
    assert normal_event(back.events[0], back.envelope.context) == normal_event(there.events[0], there.envelope.context)
