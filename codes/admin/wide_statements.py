"""The page that speaks of many codes at once: first it shows what that would touch, then it is done."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from codes.admin.brand_choice import BrandField
from codes.admin.forms import MomentField, RangeForm
from codes.admin.touched_words import preview_lines
from codes.formats.serial_ranges import Ranges
from codes.models import Span
from codes.models.order import LAST_SERIAL
from codes.services import subjects
from codes.services.code_files import codes_of_file
from codes.services.statements import Subject, Wording, state
from core.errors import Forbidden, Problem
from stores.admin.confirmed import signed, words_of
from stores.models import Brand

LARGEST_FILE = 8 * 1024 * 1024
GOOD_FOR_SECONDS = 3600
SALT = "codes.wide_statement"


class WideStatementForm(RangeForm):
    """Which codes, named in one of three ways, and what is said of them."""

    brand = BrandField()
    kind = forms.ChoiceField(label=_("What is said"), choices=Span.Kind.choices, widget=UnfoldAdminSelectWidget)
    file = forms.FileField(
        label=_("List of codes"),
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("A code or link a line, or rows of a print file; at most 200,000."),
    )
    parent = forms.IntegerField(
        label=_("Content of the case or pallet"),
        required=False,
        min_value=0,
        max_value=LAST_SERIAL,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("Its serial: all that is in it at present."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=UnfoldAdminTextInputWidget)
    effective_at = MomentField(
        label=_("Takes effect at"), required=False, help_text=_("Of an activation alone. Empty: at once.")
    )
    field_order = ("brand", "kind", "file", "parent", "first_serial", "last_serial", "reason", "effective_at")

    def __init__(self, user: Any, *args: Any) -> None:
        super().__init__(*args)
        brand: Any = self.fields["brand"]
        brand.narrow(user)
        self.fields["first_serial"].help_text = _("A range, over as many orders as it touches.")

    def clean(self) -> dict[str, Any]:
        """With `subject`: the serials, named in exactly one way."""
        found = super().clean()
        ways = [name for name in ("file", "parent", "serials") if found.get(name) is not None]
        if self.errors:
            return found
        if len(ways) != 1:
            self.add_error(None, _g("Name the codes in one way: a list, a case or pallet, or a range."))
            return found
        try:
            found["subject"] = subject_of(found, ways[0])
        except Problem as problem:
            self.add_error(ways[0] if ways[0] in self.fields else "first_serial", words_of(problem))
        return found

    def clean_file(self) -> Any:
        """Not too large."""
        file = self.cleaned_data["file"]
        if file is not None and file.size > LARGEST_FILE:
            raise forms.ValidationError(_g("The file is too large."))
        return file


def subject_of(found: Mapping[str, Any], way: str) -> Subject:
    """The serials that were named. Raises what `codes.services.subjects` raises."""
    if way == "file":
        return subjects.listed(found["brand"], codes_of_file(found["file"]))
    if way == "parent":
        return subjects.content(found["brand"], found["parent"])
    return subjects.one_range(found["serials"])


def wide_statement_page(page: Any, request: HttpRequest) -> HttpResponse:
    """The form; after it was sent, what it touches; after that was confirmed, back to the list."""
    if not request.user.has_perm("codes.activate_codeorder"):
        raise Forbidden
    facts: dict[str, Any] = {"title": _g("Speak of many codes"), "opts": page.opts}
    if "plan" in request.POST:
        return carried_out(request)
    form = WideStatementForm(request.user, *([request.POST, request.FILES] if request.method == "POST" else []))
    if form.is_bound and form.is_valid():
        facts |= shown(form.cleaned_data, request.user)
    facts["form"] = form
    return TemplateResponse(request, "admin/codes/wide_statement.html", page.admin_site.each_context(request) | facts)


def shown(found: Mapping[str, Any], user: Any) -> dict[str, Any]:
    """What the statement would touch, and the sealed plan to be confirmed; or why it would be refused."""
    wording = Wording(found["kind"], found["reason"], found["effective_at"])
    try:
        lines = preview_lines(found["brand"], found["subject"], wording)
    except Problem as problem:
        return {"refusal": words_of(problem)}
    return {"lines": lines, "said": Span.Kind(found["kind"]).label, "plan": sealed(found, user)}


def sealed(found: Mapping[str, Any], user: Any) -> str:
    """The plan as a text signed for this user: what is confirmed is what was shown."""
    ranges = found["subject"].ranges
    plan = {
        "user": user.pk,
        "brand": found["brand"].pk,
        "named": found["subject"].named,
        "steps": np.diff(ranges.firsts, prepend=0).tolist(),
        "lengths": (ranges.lasts - ranges.firsts).tolist(),
        "kind": found["kind"],
        "reason": found["reason"],
        "effective_at": found["effective_at"] and found["effective_at"].isoformat(),
    }
    return signing.dumps(plan, salt=SALT, compress=True)


def carried_out(request: HttpRequest) -> HttpResponse:
    """Do what was confirmed."""
    try:
        say_sealed(request)
    except signing.BadSignature:
        messages.error(request, _g("This page is too old. Begin again."))
    except Problem as problem:
        messages.error(request, words_of(problem))
    return HttpResponseRedirect(reverse("admin:codes_span_changelist"))


def say_sealed(request: HttpRequest) -> None:
    """Say what a sealed plan says.

    Raises:
        BadSignature: it is an hour old, forged, or another person's.
        Problem: it is refused by now.
    """
    plan = signing.loads(request.POST["plan"], salt=SALT, max_age=GOOD_FOR_SECONDS)
    if plan["user"] != request.user.pk:
        raise signing.BadSignature
    firsts = np.cumsum(np.array(plan["steps"], dtype=np.int64))
    subject = Subject(plan["named"], Ranges(firsts, firsts + np.array(plan["lengths"], dtype=np.int64)))
    at = plan["effective_at"]
    wording = Wording(plan["kind"], plan["reason"], at and dt.datetime.fromisoformat(at))
    done = state(brand=Brand.objects.get(pk=plan["brand"]), subject=subject, wording=wording, **signed(request))
    said = _g("%(kind)s; units: %(units)d, ranges: %(ranges)d.")
    fresh = done.fresh.ranges
    values = {"kind": Span.Kind(plan["kind"]).label, "units": fresh.units, "ranges": len(fresh.firsts)}
    messages.success(request, said % values)
