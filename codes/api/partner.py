"""What all endpoints for partners share: the token, its client's brand, scopes and the Idempotency-Key."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from oauth2_provider.contrib.rest_framework import OAuth2Authentication, TokenHasScope
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from codes.api.paging import NewestFirst
from core import clock
from core.errors import Forbidden
from core.idempotency import Answer, Call, answer_once, checked_key
from stores.models import Brand

Row = TypeVar("Row", bound=Model)


class Pages(NewestFirst):
    """Pages of 50."""

    page_size = 50
    max_page_size = 500


class PartnerView(APIView):
    """An endpoint for partners: OAuth2 client credentials, the rows of one brand, problems as RFC 9457.

    `required_scopes` are all needed. `brand` and `actor` are known from `initial` on; whoever asks for another
    brand's thing is told that there is none.
    """

    authentication_classes = (OAuth2Authentication,)
    permission_classes = (TokenHasScope,)
    required_scopes: ClassVar[list[str]] = []
    brand: Brand
    actor: str
    body: bytes
    request: Any

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Keep the body's bytes before it is parsed; then authenticate, and find the partner.

        Raises:
            Forbidden: the token's client is no partner, or is switched off.
        """
        self.body = self.read_body(request._request)  # noqa: SLF001 - DRF's request can't give it after parsing
        super().initial(request, *args, **kwargs)
        partner = getattr(request.auth.application, "partner", None)  # read with the token, by PartnerTokens
        if partner is None or not (partner.is_active and partner.brand.is_active):
            raise Forbidden
        self.brand, self.actor = partner.brand, f"client:{partner.application.client_id}"

    def read_body(self, request: HttpRequest) -> bytes:
        """The body's bytes, before anybody is asked who sends them."""
        return request.body

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """A refusal for want of a token says which kind is wanted (RFC 6750)."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code == 401:  # noqa: PLR2004 - HTTP's own number
            answer["WWW-Authenticate"] = 'Bearer realm="api"'
        return answer

    def valid(self, serializer: type[Serializer[Any]]) -> dict[str, Any]:
        """The body as this serializer reads it. Raises DRF's ValidationError, told as `invalid` with its fields."""
        return validated(serializer, self.request.data)

    def once(self, work: Callable[[], Answer]) -> Response:
        """Answer with what `work` answers, done wholly or not at all; once where an Idempotency-Key was sent.

        Raises:
            Invalid: the key is longer than 200 characters, or not printable.
            StillRunning, KeyReused: see core.idempotency.
        """
        key = checked_key(self.request.headers.get("Idempotency-Key", ""))
        if not key:
            with transaction.atomic():
                status, body = work()
            return Response(body, status=status)
        request = f"{self.request.method} {self.request.get_full_path()}\n".encode() + self.body
        status, body = answer_once(Call(self.actor, key, request), work, now=clock.now())
        return Response(body, status=status)

    def page(
        self, rows: QuerySet[Row], render: Callable[[Row], Mapping[str, Any]], *, newest_by: str = "pk"
    ) -> Response:
        """One page of rows, newest first, each as `render` shows it."""
        pages = Pages(newest_by)
        chosen = pages.paginate_queryset(rows, self.request, view=self) or []
        return pages.get_paginated_response([render(row) for row in chosen])


def validated(serializer: type[Serializer[Any]], data: Any) -> dict[str, Any]:
    """The data as this serializer reads them; raises DRF's ValidationError."""
    reader = serializer(data=data)
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)
