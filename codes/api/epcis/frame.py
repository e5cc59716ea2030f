"""What all EPCIS endpoints share: token, brand, versions, media types, OPTIONS, refusals, limits."""

from collections.abc import Callable, Mapping
from typing import IO, Any, ClassVar

import orjson
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from codes.api.epcis.pages import BadPage, Paging, paging_of
from codes.api.epcis.refusals import exception_handler
from codes.api.epcis.versions import DISCOVERY, VERSIONS, check_versions, epc_format, xml_format
from codes.api.partner import PartnerView
from codes.epcis.standard import CONTEXT_URL
from core.errors import Invalid, Problem
from core.json import JSONRenderer, drain, dumps
from core.limits import Limit, OnLoss, spend
from core.problems import NotJson, TooLarge, UnsupportedMediaType

LONGEST_ADDRESS = 8_000
MOST_BODY = 2_621_440
JSON_TYPES = ("application/json", "application/ld+json")
XML_TYPES = ("application/xml", "text/xml")


class BadQueryParameter(Invalid):
    code = "bad_query_parameter"
    title = gettext_lazy("A parameter of the query is not right.")


class AddressTooLong(Problem):
    code = "address_too_long"
    status = 414
    title = gettext_lazy("The address is too long. Give the query a name, and post it to /queries.")


class LinkedDataRenderer(JSONRenderer):
    media_type = "application/ld+json"
    format = "ld"


class XmlRenderer(BaseRenderer):
    """XML comes ready; anything else, such as a problem, stays JSON under its own media type."""

    media_type = "application/xml"
    format = "xml"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:  # noqa: ARG002
        if isinstance(data, bytes):
            return data
        return b"" if data is None else dumps(data)


class Unread(BaseParser):
    """Leaves the body alone: endpoints read it themselves, once it is known who sends it."""

    media_type = "*/*"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:  # noqa: ARG002
        return QueryDict()


class EpcisView(PartnerView):
    """An endpoint of the REST bindings.

    `scopes` names the scope that each method wants; OPTIONS wants a token alone. `discovery` goes with OPTIONS.
    """

    schema = None
    parser_classes = (Unread,)
    renderer_classes: tuple[type[BaseRenderer], ...] = (JSONRenderer, LinkedDataRenderer)
    scopes: ClassVar[Mapping[str, str]] = {"GET": "events"}
    discovery: ClassVar[Mapping[str, str]] = {}
    allowance: ClassVar[str] = "epcis.query"

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Who asks, by which versions, and whether not too often.

        Raises:
            AddressTooLong, NotAcceptable, TooManyRequests; and as PartnerView.
        """
        wanted = [self.scopes[request.method]] if request.method in self.scopes else []
        vars(self)["required_scopes"] = wanted
        if len(request.get_full_path()) > LONGEST_ADDRESS:
            raise AddressTooLong
        super().initial(request, *args, **kwargs)
        check_versions(request.headers)
        epc_format(request.headers)
        xml_format(request.headers)
        allowance, seconds = settings.LIMITS[self.allowance]
        limit = Limit(self.allowance, self.actor, int(allowance * settings.LIMIT_SCALE), seconds)
        spend([limit], on_loss=OnLoss.ALLOW)

    def read_body(self, request: HttpRequest) -> bytes:  # noqa: ARG002 - PartnerView's signature
        """Nothing yet."""
        return b""

    def get_exception_handler(self) -> Callable[..., Any]:
        return exception_handler

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """With the versions that every answer tells."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        for name, value in VERSIONS.items():
            answer.headers.setdefault(name, value)
        return answer

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:  # noqa: ARG002 - DRF's signature
        """What the resource can do; of a resource that is not there, that it is not."""
        finder = getattr(self, "find", None)
        if finder is not None:
            finder(**kwargs)
        return Response(status=204, headers={"Allow": ", ".join(self.allowed_methods), **DISCOVERY, **self.discovery})

    def paging(self) -> Paging:
        """Which page is asked for. Raises BadQueryParameter."""
        try:
            return paging_of(self.request, actor=self.actor)
        except BadPage as error:
            raise BadQueryParameter(str(error), fields={error.name: [str(error)]}) from error

    def media_type(self) -> str:
        """The media type of the body, without its parameters."""
        return str(self.request.content_type or "").partition(";")[0].strip().lower()

    def bytes_sent(self, most: int, too_large: Problem) -> bytes:
        """The body, read now, at most so many bytes."""
        stream = self.request._request  # noqa: SLF001 - what DRF wraps
        self.body = stream.read(most + 1)
        if len(self.body) > most:
            drain(stream)
            raise too_large
        return self.body

    def json_sent(self) -> Any:
        """The body as JSON. Raises UnsupportedMediaType, NotJson or TooLarge."""
        if self.media_type() not in JSON_TYPES:
            raise UnsupportedMediaType(_("Send the body as application/json or application/ld+json."))
        try:
            return orjson.loads(self.bytes_sent(MOST_BODY, TooLarge(_("At most 2.5 MB."))))
        except orjson.JSONDecodeError as error:
            raise NotJson(_("The body is not JSON: %(fault)s") % {"fault": error}) from error


def collection(members: list[str]) -> dict[str, Any]:
    """A list of resources as JSON-LD."""
    return {"@context": CONTEXT_URL, "type": "Collection", "member": members}
