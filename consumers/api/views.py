"""Signing in and out, and a consumer's own data."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consumers.api.serializers import LocalSignIn, Profile, SignedIn
from consumers.selectors.brands import brand_for
from consumers.selectors.own_data import export_of
from consumers.services.erasure import erase
from consumers.services.identity import sign_in_local
from consumers.services.limits import allowance_of
from consumers.session import address_of, end_session, require_consumer, set_session, token_for
from core import clock
from core.errors import Invalid
from core.limits import OnLoss, spend


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object that was posted.

    Raises:
        Invalid: it is JSON, but no object.
    """
    if not isinstance(request.data, dict):
        raise Invalid(fields={"body": [_("Send a JSON object.")]})
    return dict(request.data)


class LocalSessions(APIView):
    @extend_schema(request=LocalSignIn, responses={200: SignedIn}, operation_id="sign_in_local", tags=["consumer"])
    def post(self, request: Request) -> Response:
        """Sign in by name, where the local identity is switched on."""
        spend([allowance_of("sign_in.address", address_of(request) or "")], on_loss=OnLoss.REFUSE)
        wanted = LocalSignIn(data=body_of(request))
        wanted.is_valid(raise_exception=True)
        brand = brand_for(wanted.validated_data["brand"])
        consumer = sign_in_local(brand=brand, name=wanted.validated_data["name"], now=clock.now())
        token = token_for(consumer)
        response = Response({"id": consumer.pk, "c_code": consumer.c_code, "name": consumer.name, "token": token})
        set_session(response, token)
        return response


class CurrentSession(APIView):
    @extend_schema(responses={204: None}, operation_id="sign_out", tags=["consumer"])
    def delete(self, request: Request) -> Response:  # noqa: ARG002 - a view's signature
        """Sign this browser out."""
        response = Response(status=204)
        end_session(response)
        return response


class Me(APIView):
    @extend_schema(responses={200: Profile}, operation_id="me", tags=["consumer"])
    def get(self, request: Request) -> Response:
        """The signed-in consumer's profile and C-code."""
        return Response(Profile(require_consumer(request)).data)

    @extend_schema(responses={204: None}, operation_id="erase_me", tags=["consumer"])
    def delete(self, request: Request) -> Response:
        """Erase the person: name and identities go, sessions end; the money history stays without a name."""
        erase(consumer=require_consumer(request), now=clock.now())
        response = Response(status=204)
        end_session(response)
        return response


class MyExport(APIView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT}, operation_id="export_me", tags=["consumer"])
    def get(self, request: Request) -> Response:
        """Everything that is kept about the signed-in consumer."""
        return Response(export_of(require_consumer(request)))
