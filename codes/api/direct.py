"""A shorter way through the framework, for the posts that many people make at once.

Django REST framework negotiates forms, versions, rights and allowances before it calls a view, and renders as a
template what the view gave. The posts of consumers have one form and none of the others; the rest stays: parsing,
problem documents, the description in the schema.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.json import JSONParser, JSONRenderer, dumps
from core.problems import exception_handler

ANY_FORM = frozenset({"", "*/*", JSONRenderer.media_type})


class DirectPost(APIView):
    """A view whose `post` is called at once where JSON may be answered, without authentication by the framework."""

    direct_parsers: ClassVar[list[BaseParser]] = [JSONParser()]
    post: Callable[..., Response]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The answer of `post`; of the framework, where another method or form is asked for."""
        if request.method != "POST" or request.META.get("HTTP_ACCEPT", "") not in ANY_FORM:
            return super().dispatch(request, *args, **kwargs)
        try:
            answer = self.post(Request(request, parsers=self.direct_parsers), *args, **kwargs)
        except Exception as error:
            refusal = exception_handler(error, {})
            if refusal is None:
                raise
            answer = refusal
        answer.content = dumps(answer.data)
        answer.headers["Content-Type"] = answer.content_type or JSONRenderer.media_type
        return answer
