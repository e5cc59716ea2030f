"""Capturing: documents by a job, single events at once."""

from typing import Any, ClassVar
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework.response import Response

from codes.api.epcis.frame import JSON_TYPES, XML_TYPES, EpcisView
from codes.api.epcis.versions import CAPTURE_DISCOVERY
from codes.models import CaptureJob
from codes.services.epcis_capturing import MOST_BYTES, DocumentTooLarge, Sent, accept
from core import clock
from core.errors import NotFound
from core.idempotency import Answer
from core.problems import NotAcceptable, UnsupportedMediaType

LONGEST_ID = 36


class CaptureView(EpcisView):
    """Documents of events."""

    scopes: ClassVar = {"GET": "capture", "POST": "capture"}
    discovery: ClassVar = CAPTURE_DISCOVERY
    allowance = "epcis.capture"

    def post(self, request: Any) -> Response:  # noqa: ARG002 - DRF's signature
        """Take a document; a worker captures it. Its job is at the answer's Location."""
        behaviour = self.behaviour()
        if self.media_type() not in (*JSON_TYPES, *XML_TYPES):
            raise UnsupportedMediaType(_("Send the body as application/json, application/ld+json or application/xml."))
        is_xml = self.media_type() in XML_TYPES
        body = self.bytes_sent(MOST_BYTES, DocumentTooLarge(_("At most %(most)d bytes.") % {"most": MOST_BYTES}))

        def work() -> Answer:
            sent = Sent(body, is_xml, behaviour)
            job = accept(brand=self.brand, sent=sent, actor=self.actor, now=clock.now())
            return 202, answer_of_job(job)

        answer = self.once(work)
        answer["Location"] = f"/epcis/capture/{answer.data['captureID']}"
        return answer

    def behaviour(self) -> str:
        """What is to be done about faults. Raises NotAcceptable."""
        asked: str = self.request.headers.get("GS1-Capture-Error-Behaviour", CaptureJob.Behaviour.ROLLBACK).strip()
        if asked not in CaptureJob.Behaviour.values:
            raise NotAcceptable(_("GS1-Capture-Error-Behaviour: rollback or proceed."))
        return asked

    def get(self, request: Any) -> Response:  # noqa: ARG002 - DRF's signature
        """The brand's jobs, newest first."""
        paging = self.paging()
        jobs = CaptureJob.objects.filter(brand=self.brand).order_by("-id")
        if paging.place is not None:
            jobs = jobs.filter(pk__lt=paging.place)
        page = list(jobs[: paging.per_page + 1])
        more = len(page) > paging.per_page
        page = page[: paging.per_page]
        headers = paging.next_headers(str(page[-1].pk), now=clock.now()) if more else {}
        return Response([answer_of_job(job) for job in page], headers=headers)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """With the limits where one was gone beyond."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code == DocumentTooLarge.status:
            for name in ("GS1-EPCIS-Capture-Limit", "GS1-EPCIS-Capture-File-Size-Limit"):
                answer.headers[name] = CAPTURE_DISCOVERY[name]
        return answer


class CaptureJobView(EpcisView):
    """One capture job."""

    scopes: ClassVar = {"GET": "capture"}

    def find(self, job_id: str) -> CaptureJob:
        """The brand's job of that ID. Raises NotFound."""
        if len(job_id) != LONGEST_ID:
            raise NotFound
        found: CaptureJob = find_by_uuid(CaptureJob.objects.filter(brand=self.brand), job_id)
        return found

    def get(self, request: Any, job_id: str) -> Response:  # noqa: ARG002 - DRF's signature
        """How far it has come, and the place of each fault."""
        return Response(answer_of_job(self.find(job_id)))


def find_by_uuid(rows: Any, text: str) -> Any:
    """The row of that ID. Raises NotFound, also where the text is no UUID."""
    try:
        found = rows.filter(pk=text).first()
    except (ValueError, ValidationError) as error:
        raise NotFound from error
    if found is None:
        raise NotFound
    return found


def answer_of_job(job: CaptureJob) -> dict[str, Any]:
    """The job as GS1's definition has it, and how many events became what."""
    told: dict[str, Any] = {
        "captureID": str(job.pk),
        "createdAt": job.created_at,
        "running": job.finished_at is None,
        "success": not job.errors,
        "captureErrorBehaviour": job.behaviour,
        "errors": [answer_of_error(error) for error in job.errors],
        **{name: getattr(job, name) for name in ("state", "events", "seen", "captured", "repeated", "faulty")},
    }
    return told if job.finished_at is None else told | {"finishedAt": job.finished_at}


def answer_of_error(error: dict[str, Any]) -> dict[str, Any]:
    """A fault of one event, as a problem."""
    kind = "ResourceAlreadyExistsException" if error["code"] == "event_exists" else "ValidationException"
    return {
        "type": f"epcisException:{kind}",
        "title": error["message"],
        "status": 409 if error["code"] == "event_exists" else 400,
        "code": error["code"],
        "detail": f"{error['place'] or '/'}: {error['message']}.",
        "place": error["place"],
    }


def location_of_event(event_id: str) -> str:
    """Where a captured event is found."""
    return f"/epcis/events/{quote(event_id, safe='')}"
