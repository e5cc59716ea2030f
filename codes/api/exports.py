"""Partner endpoints of print files, and of single marks as QR codes."""

from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from codes.api.described import described
from codes.api.order_shapes import ROLES, ExportPost, FilePage, FileShape, Nothing
from codes.api.orders import PAGING
from codes.api.partner import PartnerView
from codes.formats.code_text import Role
from codes.handover import streamed
from codes.models.order import LAST_SERIAL
from codes.selectors.orders import file_of, files_of
from codes.services.downloading import take_file
from codes.services.drawing import Form, WantedMark, draw_mark
from codes.services.exporting import WantedFile, request_print_file, retry_print_file
from consumers.session import address_of
from core import clock
from core.errors import NotFound
from core.idempotency import Answer


class Exports(PartnerView):
    """An order's print files."""

    required_scopes: ClassVar = ["codes"]

    @described("List print files of an order", {200: FilePage}, refusals=(404,), asks=PAGING)
    def get(self, request: Request, order_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        """A page, newest first."""
        return self.page(files_of(self.brand, order_id), lambda file: FileShape(file).data)

    @described("Have a print file written", {202: FileShape}, takes=ExportPost, refusals=(400, 404, 409, 422))
    def post(self, request: Request, order_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        """A worker writes it; ask for its state until it is `ready`. Asked again for a recipient: the same file."""
        wanted = self.valid(ExportPost)
        return self.once(lambda: self.ask(order_id, wanted))

    def ask(self, order_id: int, wanted: dict[str, Any]) -> Answer:
        """Request the file."""
        file = request_print_file(
            brand=self.brand, order_id=order_id, wanted=WantedFile(**wanted), actor=self.actor, now=clock.now()
        )
        return 202, FileShape(file).data


class OneExport(PartnerView):
    required_scopes: ClassVar = ["codes"]

    @described("Read a print file's state and progress", {200: FileShape}, refusals=(404,))
    def get(self, request: Request, order_id: int, file_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        """One print file."""
        return Response(FileShape(file_of(self.brand, order_id, file_id)).data)


class Retries(PartnerView):
    required_scopes: ClassVar = ["codes"]

    @described("Have a failed print file written anew", {202: FileShape}, takes=Nothing, refusals=(404, 409, 422))
    def post(self, request: Request, order_id: int, file_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        """A file that did not fail is answered as it is."""
        return self.once(lambda: self.retry(order_id, file_id))

    def retry(self, order_id: int, file_id: int) -> Answer:
        """Try again."""
        file = file_of(self.brand, order_id, file_id)
        again = retry_print_file(brand=self.brand, file_id=file.pk, actor=self.actor, now=clock.now())
        return 202, FileShape(again).data


class Content(PartnerView):
    required_scopes: ClassVar = ["codes"]

    @described(
        "Take a print file away",
        {
            (200, "text/csv"): OpenApiTypes.BINARY,
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (200, "application/zip"): OpenApiTypes.BINARY,
            (200, "text/plain"): OpenApiTypes.BINARY,
        },
        refusals=(404, 409),
    )
    def get(self, request: Request, order_id: int, file_id: int) -> HttpResponseBase:
        """Each time is recorded, with your address. The header Repr-Digest bears the file's SHA-256."""
        file = file_of(self.brand, order_id, file_id)
        handover = take_file(
            brand=self.brand, file_id=file.pk, actor=self.actor, address=address_of(request), now=clock.now()
        )
        return streamed(handover)


class MarkDrawing(PartnerView):
    required_scopes: ClassVar = ["codes"]
    form: Form = "svg"

    @described(
        "Draw one mark as a QR code",
        {
            (200, "image/svg+xml"): OpenApiTypes.BINARY,
            (200, "image/png"): OpenApiTypes.BINARY,
            (200, "application/postscript"): OpenApiTypes.BINARY,
        },
        refusals=(400, 404, 409),
        asks=[OpenApiParameter("role", str, OpenApiParameter.PATH, enum=ROLES)],
    )
    def get(self, request: Request, order_id: int, serial: int, role: str) -> HttpResponse:  # noqa: ARG002
        """It hands a code over, and so is recorded like a download."""
        if role not in ROLES or serial > LAST_SERIAL:
            raise NotFound
        wanted = WantedMark(order_id, serial, Role.from_slug(role))
        drawing = draw_mark(brand=self.brand, wanted=wanted, form=self.form, actor=self.actor, now=clock.now())
        return drawn(drawing, self.form)


DRAWN_AS: dict[Form, str] = {"svg": "image/svg+xml", "png": "image/png", "eps": "application/postscript"}


def drawn(drawing: bytes, form: Form) -> HttpResponse:
    """A QR code; nobody on the way keeps it."""
    return HttpResponse(drawing, content_type=DRAWN_AS[form], headers={"Cache-Control": "no-store"})
