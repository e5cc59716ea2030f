"""Actions that first ask: a page lists what will be done to what, takes a few words, and only then it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.errors import Problem


class Plain(forms.Form):
    """Nothing to be filled in."""


@dataclass(frozen=True, slots=True)
class Question:
    """An action to be confirmed: its name in the admin, what it does, the form to fill in, and the work for one row.

    `work` is given the row and the form's cleaned data; a Problem that it raises is shown and the rest goes on.
    `preview`, where it is given, says for a row in lines of text what the work would do; it is shown before the last
    question, and writes nothing.
    """

    action: str
    title: str
    work: Callable[[Any, dict[str, Any]], object]
    form: type[forms.Form] = Plain
    preview: Callable[[Any, dict[str, Any]], Sequence[str]] | None = None


def ask(page: Any, request: HttpRequest, rows: QuerySet[Any], question: Question) -> HttpResponse | None:
    """The question, or after the answer the work; None leads back to the list."""
    is_answered = "confirmed" in request.POST
    is_looked_at = "looked" in request.POST
    form = question.form(request.POST if is_answered or is_looked_at else None)
    if is_answered and form.is_valid():
        do(request, rows, question, form.cleaned_data)
        return None
    can_look = question.preview is not None
    is_shown = is_looked_at and can_look and form.is_valid()
    facts = {
        "title": question.title,
        "question": question,
        "rows": rows,
        "form": form,
        "previews": [(row, previewed(row, question, form.cleaned_data)) for row in rows] if is_shown else [],
        "can_look": can_look,
        "opts": page.opts,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/stores/confirm.html", page.admin_site.each_context(request) | facts)


def previewed(row: Any, question: Question, answers: dict[str, Any]) -> Sequence[str]:
    """What the work would do to a row, or why it would be refused."""
    assert question.preview is not None
    try:
        return question.preview(row, dict(answers))
    except Problem as problem:
        return [words_of(problem)]


def do(request: HttpRequest, rows: QuerySet[Any], question: Question, answers: dict[str, Any]) -> None:
    """Work through the rows, and tell how it went."""
    done = 0
    for row in rows:
        try:
            question.work(row, dict(answers))
        except Problem as problem:
            messages.error(request, f"{row}: {words_of(problem)}")
        else:
            done += 1
    if done:
        said = ngettext("%(title)s: %(count)d done.", "%(title)s: %(count)d done.", done)
        messages.success(request, said % {"title": question.title, "count": done})


def words_of(problem: Problem) -> str:
    """A refusal for people: what is wrong with each field, or else as a whole."""
    return " ".join(message for found in problem.fields.values() for message in found) or _(problem.detail)


def actor_of(request: HttpRequest) -> str:
    """The signed-in person, as the audit trail names people."""
    return f"user:{request.user.get_username()}"


def signed(request: HttpRequest) -> dict[str, Any]:
    """What every service wants to know of a write: who does it, and when."""
    return {"actor": actor_of(request), "now": clock.now()}
