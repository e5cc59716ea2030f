import pytest

from codes.models import CaptureChunk, CaptureJob, EpcisEvent, EpcisTerm
from codes.services import epcis_capturing
from tests.codes.epcis_rest.conftest import Repository, document, event
from tests.factories.stores import BrandFactory

pytestmark = pytest.mark.django_db
BAD = event(7, action="LOOK")


def test_a_document_is_accepted_and_then_captured_by_its_job(repository):
    sent = repository.post_json("capture", document(event(1), event(2)))
    assert (sent.status_code, sent["Location"]) == (202, f"/epcis/capture/{CaptureJob.objects.get().pk}")
    assert {name: sent.json()[name] for name in ("running", "success", "captureErrorBehaviour", "errors")} == {
        "running": True,
        "success": True,
        "captureErrorBehaviour": "rollback",
        "errors": [],
    }
    job = repository.capture(document(event(3)))
    assert (job["running"], job["success"], job["captured"]) == (False, True, 1)
    assert EpcisEvent.objects.count() == 3
    assert not CaptureChunk.objects.exists()


def test_the_same_event_is_accepted_again_and_kept_once(repository):
    repository.capture(document(event(1), event(1)))
    job = repository.capture(document(event(1), event(2)))
    assert (job["captured"], job["repeated"], EpcisEvent.objects.count()) == (1, 1, 2)


def test_another_event_under_a_known_id_is_an_error_that_names_the_place(repository):
    repository.capture(document(event(1)))
    job = repository.capture(document(event(2), event(1, action="ADD")))
    assert (job["success"], job["state"], EpcisEvent.objects.count()) == (False, "rejected", 1)
    (error,) = job["errors"]
    assert (error["place"], error["code"]) == ("/epcisBody/eventList/1/eventID", "event_exists")


def test_two_different_events_under_one_id_in_a_document_are_an_error(repository):
    job = repository.capture(document(event(1), event(1, action="ADD")), **{"GS1-Capture-Error-Behaviour": "proceed"})
    assert (job["captured"], job["faulty"]) == (1, 1)


def test_an_event_without_an_id_is_named_by_its_hash(repository):
    bare = event(1)
    del bare["eventID"]
    repository.capture(document(bare, bare))
    assert [one[:16] for one in repository.ids()] == ["ni:///sha-256;" + repository.ids()[0][14:16]]


def test_an_error_declaration_stands_beside_its_event(repository):
    declared = event(1, errorDeclaration={"declarationTime": "2026-02-01T00:00:00Z", "reason": "did_not_occur"})
    repository.capture(document(event(1)))
    job = repository.capture(document(declared))
    assert job["success"]
    found = repository.events(path=f"events/{event(1)['eventID']}")
    assert ["errorDeclaration" in one for one in found] == [False, True]


def test_with_proceed_the_good_events_stay_and_the_faults_are_told(repository):
    job = repository.capture(document(event(1), BAD, event(2)), **{"GS1-Capture-Error-Behaviour": "proceed"})
    assert (job["success"], job["state"], job["captured"], job["faulty"]) == (False, "captured", 2, 1)
    assert [error["place"] for error in job["errors"]] == ["/epcisBody/eventList/1/action"]


def test_a_small_document_with_a_fault_is_refused_at_once_with_its_place(repository):
    answer = repository.post_json("capture", document(event(1), BAD))
    told = answer.json()
    assert (answer.status_code, told["type"], told["code"]) == (
        400,
        "epcisException:ValidationException",
        "invalid_epcis_document",
    )
    assert told["faults"][0]["place"] == "/epcisBody/eventList/1/action"
    assert not CaptureJob.objects.exists()


def test_a_large_document_with_a_fault_is_rejected_whole_by_its_job(repository, monkeypatch):
    monkeypatch.setattr(epcis_capturing, "CHECKED_AT_ONCE", 0)
    monkeypatch.setattr(epcis_capturing, "CHUNK", 2)
    job = repository.capture(document(event(1), event(2), BAD, event(3)))
    assert (job["success"], job["state"], job["captured"]) == (False, "rejected", 0)
    assert not EpcisEvent.objects.exists()
    assert not EpcisTerm.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'"x"', b'{"type":"EPCISDocument"}', b"\xff"])
def test_what_is_no_document_is_refused(repository, body):
    answer = repository.post_json("capture", body)
    assert (answer.status_code, answer.json()["type"]) == (400, "epcisException:ValidationException")


def test_more_events_or_bytes_than_the_limits_are_refused_and_the_limits_told(repository, monkeypatch):
    monkeypatch.setattr(epcis_capturing, "MOST_EVENTS", 1)
    answer = repository.post_json("capture", document(event(1), event(2)))
    assert (answer.status_code, answer.json()["type"]) == (413, "epcisException:CaptureLimitExceededException")
    assert (answer["GS1-EPCIS-Capture-Limit"], answer["GS1-EPCIS-Capture-File-Size-Limit"]) == ("10000", "16777216")
    monkeypatch.setattr("codes.api.epcis.capture.MOST_BYTES", 100)
    assert repository.post_json("capture", document(event(1))).status_code == 413


def test_a_single_event_is_captured_at_once(repository):
    answer = repository.post_json("events", event(1))
    assert (answer.status_code, answer.json()["eventID"]) == (201, event(1)["eventID"])
    assert repository.get(answer["Location"]).status_code == 200
    assert repository.post_json("events", event(1)).status_code == 201
    conflict = repository.post_json("events", event(1, action="ADD"))
    assert (conflict.status_code, conflict.json()["type"], conflict.json()["code"]) == (
        409,
        "epcisException:ResourceAlreadyExistsException",
        "event_exists",
    )
    assert repository.post_json("events", BAD).status_code == 400


def test_jobs_are_listed_newest_first_in_pages(repository):
    for number in range(3):
        repository.capture(document(event(number)))
    first = repository.ask("capture", {"perPage": "2"})
    assert len(first.json()) == 2
    link = first["Link"].partition(">")[0][1:]
    second = repository.get(link)
    assert [job["captureID"] for job in first.json() + second.json()] == [
        str(pk) for pk in CaptureJob.objects.order_by("-id").values_list("id", flat=True)
    ]
    assert "Link" not in second


def test_another_brand_sees_neither_jobs_nor_events(repository):
    job = repository.capture(document(event(1)))
    other = Repository(BrandFactory())
    assert other.ask("capture").json() == []
    assert other.ask(f"capture/{job['captureID']}").status_code == 404
    assert other.ids() == []
    assert other.ask(f"events/{event(1)['eventID']}").status_code == 404
    assert other.ask("epcs").json()["member"] == []
    assert other.capture(document(event(1, action="ADD")))["success"]
    assert len(repository.ids()) == 1


def test_what_a_token_may_do_is_its_scopes(repository):
    reader = Repository(repository.brand, scopes=("events",))
    answer = reader.post_json("capture", document(event(1)))
    assert (answer.status_code, answer.json()["type"]) == (403, "epcisException:SecurityException")
    assert reader.options("/epcis/capture").status_code == 204
    sender = Repository(repository.brand, scopes=("capture",))
    assert sender.ask("events").status_code == 403
    assert sender.ask("capture").status_code == 200


def test_without_a_token_there_is_nothing(repository, client):
    answer = client.get("/epcis/events")
    assert (answer.status_code, answer.json()["type"]) == (401, "epcisException:SecurityException")
    assert "Bearer" in answer["WWW-Authenticate"]


def test_a_worker_that_was_killed_again_and_again_gives_the_job_up(repository):
    repository.post_json("capture", document(event(1)))
    CaptureJob.objects.update(attempts=epcis_capturing.MOST_ATTEMPTS)
    job = repository.capture(document(event(2)))
    assert job["success"]
    gone = CaptureJob.objects.order_by("id").first()
    assert (gone.state, gone.errors[0]["code"]) == ("rejected", "capture_gave_up")
