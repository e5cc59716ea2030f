"""The page that a problem document's `type` points to: each refusal's code, what it means and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from pkgutil import iter_modules

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from config.pages.problem_words import Text, advice_for
from core.errors import Problem

ROOMS = ("stores", "consumers", "codes", "rewards")
STATUSES: dict[int, Text] = {
    400: _("The request is not right"),
    401: _("Nobody is signed in"),
    403: _("Not allowed"),
    404: _("Not there"),
    405: _("Wrong method"),
    406: _("No such form"),
    409: _("The state does not allow it"),
    413: _("Too large"),
    415: _("Wrong kind of content"),
    422: _("Understood, but not possible"),
    429: _("Too fast"),
    500: _("Our mistake"),
    503: _("A part is away"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One code: all that its documents can be titled, its HTTP status, what to do, and whether a repetition helps."""

    code: str
    status: int
    titles: tuple[Text, ...]
    advice: Text
    retry: bool


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """All refusals by their status. Each has its code as anchor."""
    groups = [(status, STATUSES.get(status, ""), list(group)) for status, group in groupby(entries(), key=status_of)]
    return render(request, "problems.html", {"groups": groups})


def entries() -> list[Entry]:
    """Every code once, by status and code: those of all subclasses of Problem."""
    load_services()
    kinds: list[type[Problem]] = [Problem, *kinds_below(Problem)]
    by_code: dict[str, list[type[Problem]]] = {}
    for kind in kinds:
        by_code.setdefault(kind.code, []).append(kind)
    return sorted((entry_of(kinds) for kinds in by_code.values()), key=lambda entry: (entry.status, entry.code))


def load_services() -> None:
    """Import what refuses: a class is known once its module is, and this process may not have called all services."""
    for room in ROOMS:
        package = import_module(f"{room}.services")
        for module in iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")


def kinds_below(kind: type[Problem]) -> Iterator[type[Problem]]:
    """The subclasses of a kind of problem, all generations."""
    for below in kind.__subclasses__():
        yield below
        yield from kinds_below(below)


def entry_of(kinds: list[type[Problem]]) -> Entry:
    """What is told of one code; several classes may share it."""
    first = kinds[0]
    titles = tuple({str(kind.title): kind.title for kind in kinds}.values())
    retry = any(kind.retry for kind in kinds)
    return Entry(first.code, first.status, titles, advice_for(first.code, first.status), retry)


def status_of(entry: Entry) -> int:
    """Its HTTP status."""
    return entry.status
