"""JSON in and out by orjson: fast, RFC 3339 moments in UTC, integers as they are."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def text_of(value: Any) -> Any:
    """What orjson does not know by itself: lazy translations and other things with a text."""
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def dumps(value: Any) -> bytes:
    """JSON bytes of `value`."""
    return orjson.dumps(value, default=text_of, option=OPTIONS)


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:  # noqa: ARG002
        return b"" if data is None else dumps(data)


class JSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:  # noqa: ARG002
        """The body as Python values.

        Raises:
            RequestDataTooBig: the body is longer than settings.DATA_UPLOAD_MAX_MEMORY_SIZE.
            ParseError: the body is not JSON; says where.
        """
        longest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(longest + 1)
        if len(body) > longest:
            drain(stream)
            raise RequestDataTooBig
        try:
            return orjson.loads(body) if body else {}
        except orjson.JSONDecodeError as error:
            message = _("Line %(line)d, column %(column)d is where it stops being JSON.")
            raise ParseError(message % {"line": error.lineno, "column": error.colno}) from error


DRAINED = 16 * 2**20
"""Bytes."""


def drain(stream: IO[Any]) -> None:
    """Read what is left, up to a limit, and forget it.

    Many clients look for the answer only after they have sent everything: to them, a connection that is closed before
    is a broken one.
    """
    left = DRAINED
    while left > 0 and (piece := stream.read(2**16)):
        left -= len(piece)
