"""Digital Links are answered before what only pages need: sessions, sign-ins, messages, the table of addresses.

Every printed code is asked for in this way, and an answer is a redirect by one statement; the rest would take half of
its time. What stands above in the settings holds for it too: lost parts, HTTPS, the content security policy.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from codes.pages.resolver import resolver

LINK = re.compile(r"/[0-9]{2,4}/.")


class DigitalLinkMiddleware:
    """Answers every path that begins with an application identifier, in the language that the request asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if LINK.match(request.path_info) is None:
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            answer = resolver(request)
        answer["Content-Length"] = str(len(answer.content))
        return answer
