"""The front page, and the pages that say what went wrong."""

import sys
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from codes.formats.code_text import CodeTextError, extract_code
from codes.reading import GTIN_IN_LINK
from core.errors import NotFound, Problem
from core.problems import AWAY, away, page_of, response_of

LONGEST_SHOWN = 200


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What this is, and a field for a code. A code that was typed or pasted leads to its page."""
    typed = request.GET.get("code", "").strip()
    if typed:
        try:
            return redirect(address_of_code(typed))
        except CodeTextError:
            context = {"typed": typed[:LONGEST_SHOWN], "is_wrong": True}
            return render(request, "front.html", context, status=422)
    return render(request, "front.html")


def address_of_code(text: str) -> str:
    """Where the page of this code is: Digital Links keep their product, all else takes the short form.

    Raises:
        MalformedCode: no code can be made out.
    """
    code = quote(extract_code(text))
    link = GTIN_IN_LINK.search(text)
    return f"/01/{link[1]}/21/{code}" if link else f"/c/{code}"


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Browsers ask for it wherever a page names none, such as a JSON document."""
    return redirect(static("onecode/logo.svg"), permanent=True)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404 for people; a problem document below /api/."""
    if request.path.startswith("/api/"):
        return response_of(NotFound())
    return render(request, "404.html", status=404)


class Fault(Problem):
    """We made a mistake. The log has it; the reader gets no trace of it."""

    code = "fault"
    status = 500
    title = _("Something went wrong on our side.")
    retry = True


def fault(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the fault is a lost part that a middleware stumbled over."""
    error = sys.exc_info()[1]
    if isinstance(error, AWAY):
        return away(request, error)
    return response_of(Fault()) if request.path.startswith("/api/") else page_of(request, Fault())
