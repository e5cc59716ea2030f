"""The GS1-Conformant Resolver 1.2: each Digital Link leads to the link that answers it best, or tells all of them."""

from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from codes.formats.gs1.compressed import decompress, is_compressed
from codes.formats.gs1.identifiers import primary_keys
from codes.formats.gs1.links import DigitalLink, InvalidDigitalLink, parse_decoded_link, parse_link
from codes.formats.gs1.linkset import MEDIA_TYPE, VOCABULARY, Target, Wanted, chosen, link_header, linkset, same_as
from codes.selectors.targets import Resolved, resolve
from core.errors import Invalid, NotFound, Problem
from core.problems import AWAY, away, page_of

METHODS = ("GET", "HEAD", "OPTIONS")
ALL = ("linkset", "all")
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "Accept, Accept-Language",
    "Access-Control-Expose-Headers": "Link, Location",
}


@csrf_exempt  # so that a post is refused for its method, which is what is wrong with it
def resolver(request: HttpRequest, **_: str) -> HttpResponse:
    """307 to the best link; the link set where it is asked for; 404 where there is none; 400 for no valid link.

    Refusals too may be read by any site.
    """
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": ", ".join(METHODS), **OPEN})
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS)
    try:
        answer = resolved(request)
    except Problem as problem:
        answer = page_of(request, problem)
    except AWAY as error:
        answer = away(request, error)
    for name, value in OPEN.items():
        answer[name] = value
    return answer


def resolved(request: HttpRequest) -> HttpResponse:
    """The answer to a GET or HEAD.

    Raises:
        Invalid: the address is no valid Digital Link (400).
        NotFound: nobody here knows its key, or the wanted link type.
    """
    asked = asked_of(request)
    found = resolve(asked.link, origin=settings.PUBLIC_URL)
    if found is None:
        raise NotFound
    answer = whole_set(found) if wants_all(request, asked) else redirect(request, asked, found)
    answer["Link"] = links_told(asked)
    patch_vary_headers(answer, ("Accept", "Accept-Language"))
    return answer


class Asked(NamedTuple):
    """A request's link and its query string; of a compressed one, also path and query of the same uncompressed."""

    link: DigitalLink
    query: str
    uncompressed: str = ""

    def parameter(self, name: str) -> str:
        """One of the query's that are not GS1's, such as `linkType` or `context`; the last of that name, or ""."""
        return dict(self.link.others).get(name, "")


def asked_of(request: HttpRequest) -> Asked:
    """The request's address, read. Some servers tell it as it came; of others, the decoded path must do."""
    query = request.META.get("QUERY_STRING", "")
    raw = request.META.get("REQUEST_URI") or request.META.get("RAW_URI")
    path = raw.partition("?")[0] if raw else request.path_info
    try:
        if not is_compressed(path):
            return Asked(parse_link(path, query) if raw else parse_decoded_link(path, query), query)
        found = decompress(path, query)
    except InvalidDigitalLink as error:
        raise Invalid(str(error), fields={"path": [str(error)]}) from error
    return Asked(found.link, found.query, found.uri())


def links_told(asked: Asked) -> str:
    """The Link header: the link set; the same link uncompressed, if it came compressed."""
    told = [link_header(settings.PUBLIC_URL, asked.link.path())]
    return ", ".join([*told, *([same_as(settings.PUBLIC_URL, asked.uncompressed)] if asked.uncompressed else [])])


def wants_all(request: HttpRequest, asked: Asked) -> bool:
    """By `linkType`, or by an Accept header that prefers JSON to a page."""
    kind = asked.parameter("linkType")
    return kind in ALL if kind else accepted(request.META.get("HTTP_ACCEPT", "*/*")).json


class Accepted(NamedTuple):
    """What an Accept header says: whether JSON is preferred to a page; the media types that it names, best first."""

    json: bool
    media_types: tuple[str, ...]


@lru_cache(maxsize=256)
def accepted(header: str) -> Accepted:
    """An Accept header, read. Kept, since few kinds of browsers ask for nearly everything."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT"] = header
    preferred = request.get_preferred_type(["text/html", MEDIA_TYPE, "application/json"])
    named = tuple(str(kind) for kind in request.accepted_types_by_precedence if str(kind) != "*/*")
    return Accepted(preferred in {MEDIA_TYPE, "application/json"}, named)


def whole_set(found: Resolved) -> HttpResponse:
    """Every link of every level."""
    return JsonResponse(linkset(settings.PUBLIC_URL, found.levels, found.targets), content_type=MEDIA_TYPE)


def redirect(request: HttpRequest, asked: Asked, found: Resolved) -> HttpResponse:
    """To the link that answers best, with the query string unless the link says otherwise."""
    target = chosen(found.targets, wanted_of(request, asked))
    if target is None:
        raise NotFound
    return HttpResponse(status=307, headers={"Location": location_of(target, asked.query)})


def location_of(target: Target, query: str) -> str:
    """The target's address with the request's query behind its own, before its fragment (RFC 3986, section 3)."""
    if not query or not target.forwards_query:
        return target.href
    address, mark, fragment = target.href.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{query}{mark}{fragment}"


def wanted_of(request: HttpRequest, asked: Asked) -> Wanted:
    """Link type, languages, media types and context of a request."""
    languages = parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    return Wanted(
        link_type=asked.parameter("linkType"),
        languages=tuple(language for language, _weight in languages if language != "*"),
        media_types=accepted(request.META.get("HTTP_ACCEPT", "*/*")).media_types,
        context=asked.parameter("context"),
    )


def description(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """The resolver description file, /.well-known/gs1resolver."""
    told: dict[str, Any] = {
        "name": "OneCode",
        "resolverRoot": settings.PUBLIC_URL,
        "supportedPrimaryKeys": ["01"],
        "validatedPrimaryKeys": list(primary_keys()),
        "linkTypeDefaultCanBeLinkset": False,
        "supportedLinkType": [{"namespace": VOCABULARY, "prefix": "gs1:", "profile": f"{VOCABULARY}?show=linktypes"}],
        "supportedContextValuesEnumerated": [],
    }
    return JsonResponse(told, headers=OPEN)
