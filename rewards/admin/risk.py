"""The analysts' work list of held envelopes, the brand's risk rules, and their replay over the past."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from core import clock
from core.errors import Forbidden, Problem
from rewards.admin.reading import ReadOnlyAdmin, in_yuan
from rewards.models import RiskReview, RiskRule
from rewards.risk.thresholds import DEFAULTS, Thresholds
from rewards.selectors.risk_replay import Replay, Stretch, replay
from rewards.selectors.risk_reviews import review_file
from rewards.selectors.risk_rules import terms_of_brand
from rewards.selectors.risk_words import THRESHOLDS, rule_in_words
from rewards.services.deciding import LONGEST_REMARK, refuse_held, release_held
from rewards.services.risk_rules import RuleFacts, set_risk_rule, wrong_thresholds
from stores.admin import confirmed
from stores.admin.confirmed import Question, ask, signed
from stores.admin.number_fields import ChosenNumbersForm, chosen_of, number_fields
from stores.admin.scoped import BrandScopedAdmin, scoped_to
from stores.admin.written import WrittenByServices, adopt
from stores.models import Brand

Work = Callable[..., RiskReview]
MOST_REPLAYED = 10_000
GROUPS = (
    (_("Pace"), ("person_hour", "person_day", "device_hour", "device_day", "address_hour", "network_hour")),
    (_("People"), ("device_people", "new_accounts")),
    (_("Places"), ("jump_km", "speed_kmh", "store_km")),
    (_("Guessing"), ("guesses_person", "guesses_address", "guesses_all", "guesses_under_attack")),
    (_("Order of printing"), ("order_run", "order_step")),
    (_("Stores"), ("store_week", "own_store_week")),
    (_("What follows"), ("hold_score", "refuse_score")),
)


class RemarkForm(forms.Form):
    """Why it is decided so."""

    remark = forms.CharField(
        label=_("Remark"),
        max_length=LONGEST_REMARK,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("What you found out. It is kept for good; the consumer does not see it."),
    )


class WorkFilter(admin.SimpleListFilter):
    """What is to be decided comes first of all; the rest is asked for."""

    title = _("what is to be done")
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("decided", _("decided")), ("all", _("all held envelopes"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The choice that is made where nothing is chosen has its own name."""
        to_do, *others = super().choices(changelist)
        yield {**to_do, "display": _("to be decided")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[RiskReview]) -> QuerySet[RiskReview]:  # noqa: ARG002
        match self.value():
            case "all":
                return queryset
            case "decided":
                return queryset.exclude(state=RiskReview.State.OPEN)
            case _:
                return queryset.filter(state=RiskReview.State.OPEN)


@admin.register(RiskReview)
class RiskReviewAdmin(ReadOnlyAdmin):
    list_display = ("item", "score", "why", "amount", "held_at", "decides_by", "state")
    list_filter = (WorkFilter, "brand")
    list_select_related = ("claim__prize",)
    search_fields = ("=claim__opening__serial", "=claim__consumer__c_code")
    search_help_text = _("Serial of the item, or member code.")
    ordering = ("-score", "decides_by", "pk")
    list_per_page = 50
    actions: ClassVar = ["release", "refuse"]

    @admin.display(description=_("serial"), ordering="claim_id")
    def item(self, review: RiskReview) -> int:
        """The item's serial: a claim is named after it."""
        serial: int = review.claim_id
        return serial

    @admin.display(description=_("why"))
    def why(self, review: RiskReview) -> str:
        return " · ".join(rule_in_words(name) for name in review.rules)

    @admin.display(description=_("amount"))
    def amount(self, review: RiskReview) -> str:
        prize = review.claim.prize
        if prize is None:
            return "—"
        top = "" if prize.most_fen is None else f" – {in_yuan(prize.most_fen)}"
        return in_yuan(prize.amount_fen) + top

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Who may release and refuse; nobody changes the rows by hand."""
        return request.user.has_perm("rewards.decide_riskreview")

    def get_urls(self) -> Any:
        """With the two decisions of one envelope."""
        decisions = [("release", release_held), ("refuse", refuse_held)]
        own = [
            path(
                f"<int:review_id>/{name}/",
                self.admin_site.admin_view(self.deciding(name, work)),
                name=f"rewards_riskreview_{name}",
            )
            for name, work in decisions
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The held envelope with its reasons and what happened around it."""
        del form_url, extra_context
        if not self.has_view_permission(request):
            raise Forbidden
        review = self.get_object(request, unquote(object_id))
        if review is None:
            raise Http404
        facts = {
            "title": f"{self.opts.verbose_name} {review}",
            "opts": self.opts,
            "review": review,
            "file": review_file(review),
            "amount": self.amount(review),
            "may_decide": self.has_decide_permission(request) and review.state == RiskReview.State.OPEN,
        }
        page = "admin/rewards/held.html"
        return TemplateResponse(request, page, self.admin_site.each_context(request) | facts)

    def deciding(self, name: str, work: Work) -> Callable[..., HttpResponse]:
        """The view of one decision: first the question with a remark, then the deed."""

        def view(request: HttpRequest, review_id: int) -> HttpResponse:
            if not self.has_decide_permission(request):
                raise Forbidden
            review = self.get_object(request, str(review_id))
            if review is None:
                raise Http404
            back = reverse("admin:rewards_riskreview_change", args=[review_id])
            form = RemarkForm(request.POST or None)
            if form.is_valid() and self.is_done(request, work, review, form):
                return redirect(back)
            facts = {"title": str(review), "question": QUESTIONS[name], "back": back, "form": form, "opts": self.opts}
            page = "rewards/admin/confirm.html"
            return TemplateResponse(request, page, self.admin_site.each_context(request) | facts)

        return view

    def is_done(self, request: HttpRequest, work: Work, review: RiskReview, form: RemarkForm) -> bool:
        """Do it; a refusal is told at the form."""
        try:
            decide(work, request, review, form.cleaned_data)
        except Problem as problem:
            form.add_error("remark", confirmed.words_of(problem))
            return False
        messages.success(request, _now("Done."))
        return True

    @admin.action(description=_("Release"), permissions=["decide"])
    def release(self, request: HttpRequest, queryset: QuerySet[RiskReview]) -> HttpResponse | None:
        return self.asked(request, queryset, "release", release_held)

    @admin.action(description=_("Refuse"), permissions=["decide"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[RiskReview]) -> HttpResponse | None:
        return self.asked(request, queryset, "refuse", refuse_held)

    def asked(self, request: HttpRequest, rows: QuerySet[RiskReview], name: str, work: Work) -> HttpResponse | None:
        """Ask first, then do it with each."""

        def each(review: RiskReview, answers: dict[str, Any]) -> None:
            decide(work, request, review, answers)

        chosen = rows.select_related("brand")
        return ask(self, request, chosen, Question(name, str(QUESTIONS[name]), each, RemarkForm))


QUESTIONS: Mapping[str, Any] = {
    "release": _("Release? The money is paid at once, and this can't be taken back."),
    "refuse": _("Refuse? The money goes back to the budget, the envelope stays closed, and this can't be taken back."),
}


def decide(work: Work, request: HttpRequest, review: RiskReview, answers: Mapping[str, Any]) -> None:
    """Have the service decide."""
    work(brand=review.brand, claim_id=review.claim_id, remark=answers["remark"], **signed(request))


NUMBERS = number_fields(Thresholds, THRESHOLDS)
ThresholdsForm: Any = type("ThresholdsForm", (ChosenNumbersForm,), dict(NUMBERS))


class ReplayForm(forms.Form):
    """Thresholds to try, and how far back."""

    days = forms.IntegerField(
        label=_("Days back"), min_value=1, max_value=366, initial=30, widget=UnfoldAdminIntegerFieldWidget
    )

    def clean(self) -> dict[str, Any]:
        """What no single field can say."""
        cleaned = super().clean() or self.cleaned_data
        for name, reasons in wrong_thresholds(chosen_of(cleaned, DEFAULTS)).items():
            self.add_error(name, reasons)
        return cleaned


class BrandReplayForm(ReplayForm):
    """The same for people who see several brands."""

    brand = forms.ModelChoiceField(label=_("Brand"), queryset=Brand.objects.none(), widget=UnfoldAdminSelectWidget)


def replay_form(request: HttpRequest) -> ReplayForm:
    """The form with the fields of all thresholds, filled with what holds now."""
    brands = scoped_to(request.user, Brand.objects.order_by("name"), "pk")
    first = brands.first()
    known = terms_of_brand(first).thresholds if first else Thresholds()
    kind: Any = type("TriedForm", (BrandReplayForm,), dict(NUMBERS))
    initial = {name: getattr(known, name) for name in DEFAULTS} | {"brand": first}
    form: ReplayForm = kind(request.POST or None, initial=initial)
    field: Any = form.fields["brand"]
    field.queryset = brands
    return form


@admin.register(RiskRule)
class RiskRuleAdmin(WrittenByServices, BrandScopedAdmin):
    """The brand's own rules; without a row they are on, with the defaults."""

    form = ThresholdsForm
    list_display = ("brand", "mode", "review_hours", "after_time", "changed_by", "changed_at")
    list_select_related = ("brand",)
    readonly_fields = ("changed_by", "changed_at")
    fieldsets = (
        (None, {"fields": ("brand", "mode", "review_hours", "after_time", "changed_by", "changed_at")}),
        *((title, {"fields": names}) for title, names in GROUPS),
    )
    change_list_template = "admin/rewards/risk_rules.html"

    def save_model(self, request: HttpRequest, obj: RiskRule, form: Any, change: bool) -> None:  # noqa: ARG002
        facts = RuleFacts(
            mode=obj.mode,
            thresholds=chosen_of(form.cleaned_data, DEFAULTS),
            review_hours=obj.review_hours,
            after_time=obj.after_time,
        )
        adopt(obj, set_risk_rule(brand=obj.brand, facts=facts, **signed(request)))

    def get_urls(self) -> Any:
        """With the page of the replay."""
        view = self.admin_site.admin_view(self.replayed)
        return [path("replay/", view, name="rewards_riskrule_replay"), *super().get_urls()]

    def replayed(self, request: HttpRequest) -> HttpResponse:
        """Try thresholds on the past; writes nothing."""
        if not self.has_view_permission(request):
            raise Forbidden
        form = replay_form(request)
        found = tried(form) if form.is_valid() else None
        facts = {
            "title": _now("Try risk rules on the past"),
            "opts": self.opts,
            "form": form,
            "groups": [(title, [form[name] for name in names]) for title, names in GROUPS],
            "found": found,
            "shown": shown(found) if found else None,
            "most": MOST_REPLAYED,
        }
        page = "admin/rewards/risk_replay.html"
        return TemplateResponse(request, page, self.admin_site.each_context(request) | facts)


def tried(form: ReplayForm) -> Replay:
    """What the form's thresholds would have done."""
    known, now = form.cleaned_data, clock.now()
    return replay(
        brand=known["brand"],
        thresholds=Thresholds.of(chosen_of(known, DEFAULTS)),
        stretch=Stretch(now - dt.timedelta(days=known["days"]), now, MOST_REPLAYED),
    )


def shown(found: Replay) -> dict[str, Any]:
    """The replay as the page shows it."""
    words = {"pass": _now("let pass"), "hold": _now("held"), "refuse": _now("refused")}
    return {
        "outcomes": [
            (said, found.outcomes[name], f"{found.share(name):.2%}", in_yuan(found.amounts_fen[name]))
            for name, said in words.items()
        ],
        "rules": [
            (rule_in_words(name), [tally.outcomes[outcome] for outcome in words], tally.samples)
            for name, tally in found.by_weight()
        ],
    }
