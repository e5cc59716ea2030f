"""What the pages share that go on without a line: whoever is signed in, each deed once, and the kept copy of a page."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote

from django.http import HttpResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Invalid, NotSignedIn
from core.idempotency import Answer, Call, answer_once, checked_key
from stores.models import User


class AccountView(APIView):
    """For signed-in people; a session that has ended is told as such, so that the page keeps what it could not send."""

    authentication_classes = (SessionAuthentication,)
    schema = None

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        self.body = request._request.body  # noqa: SLF001 - DRF's request can't give it after parsing
        super().initial(request, *args, **kwargs)
        if not isinstance(request.user, User):
            raise NotSignedIn
        # what one person scanned on a shared phone is never told in the name of the next
        if unquote(request.headers.get("X-Account", "")) not in {"", request.user.username}:
            raise NotSignedIn

    def once(self, request: Any, work: Callable[[], Answer], *, now: dt.datetime) -> Response:
        """Answer with what `work` answers, once under the Idempotency-Key, which must be there.

        Raises:
            Invalid: there is no key, or it is too long.
            StillRunning, KeyReused: see core.idempotency.
        """
        key = checked_key(request.headers.get("Idempotency-Key", ""))
        if not key:
            raise Invalid(fields={"Idempotency-Key": [_("Send a key: the same deed may be told twice.")]})
        status, body = answer_once(Call(f"user:{request.user.username}", key, self.body), work, now=now)
        return Response(body, status=status)


def offline_script(kept: str, *, page: str, files: Sequence[str]) -> HttpResponse:
    """The service worker that opens `page` without a line, with these static files; it keeps them under `kept`."""
    facts = {"kept": kept, "page": page, "files": [static(name) for name in files]}
    script = f"importScripts({json.dumps(static('codes/offline_worker.js'))});\nserve({json.dumps(facts)});\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")
