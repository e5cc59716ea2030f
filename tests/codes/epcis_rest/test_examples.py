import orjson
import pytest

from codes.epcis.normal import normal_event, same_meaning
from codes.epcis.streams import read_document
from tests.codes.epcis_rest.conftest import EXAMPLES

pytestmark = pytest.mark.django_db
NAMES = sorted(str(path.relative_to(EXAMPLES)) for path in EXAMPLES.rglob("*.jsonld"))


def told_again(events, context):
    return [normal_event(event, context) for event in events]


@pytest.mark.parametrize("name", NAMES)
def test_every_example_of_gs1_is_captured_and_told_again_with_the_same_meaning(repository, name):
    body = (EXAMPLES / name).read_bytes()
    sent = read_document(body)
    job = repository.capture(body)
    assert (job["running"], job["success"], job["captured"] + job["repeated"]) == (False, True, len(sent.events))
    answer = repository.get("/epcis/events", {"perPage": "1000"}).json()
    found = answer["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    told = told_again(found, answer["@context"])
    for normal in told_again(sent.events, sent.envelope.context):
        kept = [one for one in told if one["eventID"] == normal.get("eventID", one["eventID"])]
        assert any(same_meaning(apart(normal), apart(one)) for one in kept)
    assert read_document(orjson.dumps(answer)).events


def apart(normal):
    return {name: value for name, value in normal.items() if name not in ("recordTime", "eventID")}
