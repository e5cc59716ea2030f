"""The page to upload a line camera's packing list: its judgement is shown, then it is taken as chosen."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from codes.admin.brand_choice import BrandField
from codes.selectors.packing_lists import Judgement, ListRow, judge
from codes.services.packing_lists import BadRows, Choice, check_length, pack_list, rows_of_csv
from core import clock
from core.errors import Forbidden, Problem
from stores.admin.confirmed import actor_of, words_of

LOOK = "look"
MOST_SHOWN = 500
LARGEST_FILE = 8 * 1024 * 1024
CHOICES = [(LOOK, _("Judge it only, write nothing")), *Choice.choices]


class ListForm(forms.Form):
    brand = BrandField()
    file = forms.FileField(
        label=_("File"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("CSV: code of the case or pallet, code of what is in it; one row a unit, at most 50,000 rows."),
    )
    choice = forms.ChoiceField(label=_("What to do"), choices=CHOICES, widget=UnfoldAdminSelectWidget)

    def __init__(self, user: Any, *args: Any) -> None:
        super().__init__(*args)
        brand: Any = self.fields["brand"]
        brand.narrow(user)

    def clean_file(self) -> list[ListRow]:
        """The rows of the file."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_g("The file is too large."))
        try:
            rows = rows_of_csv(file.read())
            check_length(rows)
        except Problem as problem:
            raise forms.ValidationError(words_of(problem)) from problem
        return rows


def packing_list_page(page: Any, request: HttpRequest) -> HttpResponse:
    """The form; after it was sent, with what became of the rows. For whoever may add packings."""
    if not request.user.has_perm("codes.add_packing"):
        raise Forbidden
    form = ListForm(request.user, *([request.POST, request.FILES] if request.method == "POST" else []))
    facts: dict[str, Any] = {"title": _g("Pack by a list"), "opts": page.opts, "form": form}
    if form.is_bound and form.is_valid():
        facts |= carried_out(request, form.cleaned_data)
    return TemplateResponse(request, "admin/codes/packing_list.html", page.admin_site.each_context(request) | facts)


def carried_out(request: HttpRequest, asked: dict[str, Any]) -> dict[str, Any]:
    """Judge or take the list, and what the page tells of it."""
    brand, rows, choice = asked["brand"], asked["file"], asked["choice"]
    if choice == LOOK:
        return outcome(judge(brand_id=brand.pk, rows=rows), _g("Nothing was written."), is_done=False)
    try:
        judgement = pack_list(brand=brand, rows=rows, choice=Choice(choice), actor=actor_of(request), now=clock.now())
    except BadRows as problem:
        return outcome(judge(brand_id=brand.pk, rows=rows), _g(problem.detail), is_done=False)
    except Problem as problem:
        return {"said": words_of(problem), "is_done": False}
    return outcome(judgement, _g("The good rows were packed."), is_done=True)


def outcome(judgement: Judgement, said: str, *, is_done: bool) -> dict[str, Any]:
    """The judgement for the page; no more than 500 bad rows are shown."""
    return {"judgement": judgement, "bad_shown": judgement.bad[:MOST_SHOWN], "said": said, "is_done": is_done}
