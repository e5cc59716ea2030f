import orjson
import pytest

from codes.epcis.faults import Fault
from codes.epcis.standard import CONTEXT_URL
from codes.epcis.streams import MOST_BYTES, UnreadableDocument, document_of, read_document
from tests.factories.epcis_examples import NAMES, events_of, example

OBJECT = "Example_9.6.1-ObjectEvent.jsonld"
QUERY = "EPCISQueryDocument.jsonld"


def refusal(found):
    with pytest.raises(UnreadableDocument) as refused:
        document_of(found)
    return refused.value.faults


@pytest.mark.parametrize("name", NAMES)
def test_a_document_read_event_by_event_is_whole_again(name):
    document = read_document(orjson.dumps(example(name)))
    assert document.whole() == example(name)
    assert [(event, faults) for _, event, faults in document.checked()] == [
        (event, []) for event in events_of(example(name))
    ]


def test_a_fault_of_an_event_is_told_from_the_document_on():
    found = example(QUERY)
    events_of(found)[1]["bizStep"] = "zzz"
    told = [[fault.pointer for fault in faults] for _, _, faults in document_of(found).checked()]
    assert told == [[], ["/epcisBody/queryResults/resultsBody/eventList/1/bizStep"]]


def test_what_surrounds_the_events_is_checked_at_once_whatever_they_are():
    found = example(OBJECT) | {"schemaVersion": "1.2"}
    events_of(found)[0]["bizStep"] = "zzz"
    assert [fault.pointer for fault in refusal(found)] == ["/schemaVersion"]


@pytest.mark.parametrize(
    ("body", "pointer"), [({}, "/epcisBody"), ([], "/epcisBody"), ({"eventList": {}}, "/epcisBody/eventList")]
)
def test_a_document_without_a_list_of_events_is_refused(body, pointer):
    assert [fault.pointer for fault in refusal(example(OBJECT) | {"epcisBody": body})] == [pointer]


def test_an_event_that_stands_alone_is_a_document_of_one():
    event = events_of(example(OBJECT))[0] | {"@context": CONTEXT_URL}
    document = document_of(event)
    assert (document.envelope.kind, document.whole(), document.events) == ("ObjectEvent", event, [event])
    assert [faults for _, _, faults in document.checked()] == [[]]


def test_the_faults_of_an_event_that_stands_alone_are_told_from_the_event_on():
    event = events_of(example(OBJECT))[0] | {"@context": CONTEXT_URL, "bizStep": "zzz"}
    assert [[fault.pointer for fault in faults] for _, _, faults in document_of(event).checked()] == [["/bizStep"]]


def test_an_event_that_stands_alone_without_its_context_is_refused():
    assert [fault.pointer for fault in refusal(events_of(example(OBJECT))[0])] == ["/@context"]


@pytest.mark.parametrize("found", [None, 7, [], {}, {"type": 7}])
def test_what_is_no_document_is_refused(found):
    assert [fault.pointer for fault in refusal(found)] == [""]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 5_000])
def test_what_is_no_json_is_refused(body):
    with pytest.raises(UnreadableDocument, match="no JSON"):
        read_document(body)


def test_a_body_that_is_too_large_is_refused_unread():
    with pytest.raises(UnreadableDocument) as refused:
        read_document(b"{" * (MOST_BYTES + 1))
    assert refused.value.faults == [
        Fault("", f"a document has at most {MOST_BYTES} bytes, this one has {MOST_BYTES + 1}")
    ]
