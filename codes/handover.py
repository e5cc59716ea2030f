"""A print file on its way to whoever takes it, be it through the admin or the API."""

import base64

from django.http import FileResponse, HttpResponse

from codes.services.downloading import Handover

MEDIA = {
    ".csv": "text/csv; charset=us-ascii",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".zpl": "text/plain; charset=us-ascii",
}


def streamed(handover: Handover) -> FileResponse:
    """The file as an attachment, read in pieces, with its SHA-256 (RFC 9530)."""
    answer = FileResponse(
        handover.path.open("rb"),
        as_attachment=True,
        filename=handover.name,
        content_type=MEDIA[handover.path.suffix],
    )
    digest = base64.b64encode(bytes.fromhex(handover.sha256)).decode()
    answer["Repr-Digest"] = f"sha-256=:{digest}:"
    answer["Cache-Control"] = "no-store"
    return answer


def csv_of(text: str, name: str = "recall.csv") -> HttpResponse:
    """A table to be kept by nobody on the way."""
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
