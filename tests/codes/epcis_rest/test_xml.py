import pytest

from codes.epcis.normal import normal_event, same_meaning
from codes.epcis.streams import document_of, read_document
from codes.epcis.xml_reading import read_xml_document
from codes.epcis.xml_writing import xml_of
from tests.codes.epcis_rest.conftest import EXAMPLES, Repository, document, event
from tests.factories.stores import BrandFactory

pytestmark = pytest.mark.django_db


def test_a_document_in_xml_is_captured_and_told_in_xml(repository):
    sent = read_document((EXAMPLES / "Example_9.6.1-ObjectEvent.jsonld").read_bytes())
    answer = repository.post("/epcis/capture", xml_of(sent), content_type="application/xml")
    assert answer.status_code == 202, answer.content
    repository.capture(document(event(1)))
    xml = repository.ask("events", {"EQ_bizStep": "shipping"}, Accept="application/xml")
    assert (xml.status_code, xml["Content-Type"]) == (200, "application/xml; charset=utf-8")
    told = read_xml_document(xml.content)
    (first, *_rest) = [normal_event(one, sent.envelope.context) for one in sent.events]
    assert any(
        same_meaning({**first, "recordTime": normal["recordTime"], "eventID": normal["eventID"]}, normal)
        for normal in (normal_event(one, told.envelope.context) for one in told.events)
    )


@pytest.mark.parametrize("body", [b"<", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_is_no_xml_document_is_refused_in_json(repository, body):
    answer = repository.post("/epcis/capture", body, content_type="text/xml", headers={"Accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_an_event_that_xml_cannot_say_is_told_in_json_alone():
    repository = Repository(BrandFactory())
    odd = event(1, type="ex:Event") | {"ex:a b": "1"}
    context = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ex.example/"}]
    assert repository.capture(document(odd, context=context))["success"]
    assert repository.ask("events").status_code == 200
    assert repository.ask("events", Accept="application/xml").status_code == 406
    assert document_of(repository.ask("events").json()).events
