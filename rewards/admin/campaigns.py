"""Campaigns: drafted in a form with their prize table, then funded, published and ended by a button each."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from core import clock
from core.errors import Problem
from rewards.admin.asking import ask_form
from rewards.admin.campaign_tables import PrizeInline, RegionBudgetInline, is_draft, rows_of, shares_of
from rewards.admin.dry_runs import dry_run_page
from rewards.admin.reading import in_yuan
from rewards.admin.sending_back import send_back
from rewards.campaign_moves import OPEN, OVER
from rewards.models import BudgetSlot, Campaign, Transfer
from rewards.models.campaign import LIMITS
from rewards.selectors.campaigns import has_items_left
from rewards.selectors.draw_report import draw_report, items_elsewhere
from rewards.selectors.liability import liability_of, paid_in
from rewards.selectors.published_terms import terms_path
from rewards.selectors.scopes import KINDS, Scope
from rewards.selectors.tallies import budgets_used
from rewards.services.campaigns import (
    APART,
    Plan,
    change_draft,
    draft_campaign,
    end_campaign,
)
from rewards.services.reviewing import publish_campaign, submit_campaign
from stores.admin.confirmed import signed
from stores.admin.scoped import BrandScopedAdmin
from stores.admin.written import WrittenByServices, adopt

Step = Callable[..., Campaign]
WRITTEN = (
    "name",
    "name_en",
    "terms",
    "terms_en",
    "organiser",
    "draw",
    "starts_at",
    "ends_at",
    "budget_fen",
    "owner_share_fen",
    "salesperson_share_fen",
    "referrer_share_fen",
    "priority",
    "orders",
    "open_ended",
    *KINDS,
    *LIMITS,
)
SHOWN = (
    "state",
    "remark",
    "units",
    "liability",
    "paid_in",
    "free",
    "won",
    "elsewhere",
    "used",
    "terms_page",
    "commitment",
    "key",
    "submitted_by",
    "submitted_at",
    "published_by",
    "published_at",
    "ended_at",
    "settled_at",
)
STEPS = {
    Campaign.State.DRAFT: ("fund", "refund", "dry-run", "submit"),
    Campaign.State.REVIEW: ("fund", "refund", "dry-run", "publish", "send-back"),
    Campaign.State.PUBLISHED: ("top-up",),
    Campaign.State.RUNNING: ("top-up", "end"),
}
"""Which steps a campaign's state allows, by their addresses."""
QUESTIONS = {
    Transfer.Direction.PAY_IN: _("The budget is %(budget)s; %(free)s of it are free. How much shall be paid in?"),
    Transfer.Direction.REFUND: _("The budget is %(budget)s; %(free)s of it are free. How much shall go back?"),
}
PLANNED = tuple(field.name for field in fields(Plan) if field.name not in APART)


@admin.register(Campaign)
class CampaignAdmin(WrittenByServices, BrandScopedAdmin):
    list_display = ("name", "state", "priority", "starts_at", "ends_at", "units", "budget", "free", "brand")
    list_filter = ("brand", "state")
    list_select_related = ("brand",)
    search_fields = ("name", "name_en")
    ordering = ("-id",)
    fields = ("brand", *WRITTEN, *SHOWN)
    readonly_fields = SHOWN
    autocomplete_fields = ("orders", *KINDS)
    inlines = (PrizeInline, RegionBudgetInline)
    actions_detail: ClassVar = ["fund", "refund", "try_out", "submit", "publish", "send_back", "top_up", "end"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        slots = BudgetSlot.objects.filter(campaign=OuterRef("pk")).order_by().values("campaign")
        free = Subquery(slots.annotate(free=Sum("free_fen")).values("free"), output_field=BigIntegerField())
        campaigns = super().get_queryset(request)
        shown: QuerySet[Any] = campaigns.annotate(free_fen=Coalesce(free, 0))
        return shown

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """The buttons of the steps that the campaign's state allows."""
        campaign = self.get_object(request, object_id)
        allowed = steps_of(campaign) if campaign else ()
        return [step for step in super().get_actions_detail(request, object_id) if step.path in allowed]

    def has_review_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return bool(request.user.has_perm("rewards.review_campaign"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A published campaign is fixed; so is the budget of a draft once it was paid in."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        if not is_draft(obj):
            return (*fixed, *WRITTEN)
        return (*fixed, "budget_fen") if obj is not None and paid_in(obj) else fixed

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing yet: the campaign is written together with its prizes."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Campaign, orders and prizes by one call; a published campaign's form shows nothing to be written."""
        campaign = form.instance
        for formset in formsets:
            formset.save(commit=False)
        if not is_draft(campaign):
            return
        given = form.cleaned_data
        scope = Scope(**{kind: list(given[kind]) for kind in KINDS})
        columns = {name: getattr(campaign, name) for name in PLANNED}
        facts = {
            "brand": campaign.brand,
            "plan": Plan(scope=scope, region_budgets=shares_of(formsets[1]), **columns),
            "orders": list(given["orders"]),
            "prizes": rows_of(formsets[0]),
            **signed(request),
        }
        adopt(campaign, change_draft(campaign_id=campaign.pk, **facts) if change else draft_campaign(**facts))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        campaign = kwargs.get("obj")
        if request.method == "GET" and campaign is not None and campaign.budget_fen < liability_of(campaign):
            messages.warning(request, self.shortage(campaign))
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return page

    def shortage(self, campaign: Campaign) -> str:
        """The warning for a budget below the liability: so it can't be published."""
        told = {"budget": in_yuan(campaign.budget_fen), "liability": in_yuan(liability_of(campaign))}
        return str(_("The budget of %(budget)s does not cover all prizes and shares, %(liability)s.")) % told

    @action(description=_("Fund"), url_path="fund", permissions=["ask"])  # type: ignore[untyped-decorator] # unfold is untyped
    def fund(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.transfer(request, object_id, Transfer.Direction.PAY_IN)

    @action(description=_("Dry run"), url_path="dry-run", permissions=["view"])  # type: ignore[untyped-decorator] # unfold is untyped
    def try_out(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What it would have cost on past openings."""
        campaign = self.get_object(request, object_id)
        if campaign is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        facts = dry_run_page(request, campaign) | {"title": campaign.name, "back": address_of(campaign)}
        context = self.admin_site.each_context(request) | facts | {"opts": self.opts}
        return TemplateResponse(request, "rewards/admin/dry_run.html", context)

    @action(description=_("Submit for review"), url_path="submit", permissions=["change"])  # type: ignore[untyped-decorator] # unfold is untyped
    def submit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        question = _("Submit for review? A second person looks at it then and publishes it, or sends it back.")
        return self.confirmed(request, object_id, submit_campaign, question)

    @action(description=_("Publish"), url_path="publish", permissions=["review"])  # type: ignore[untyped-decorator] # unfold is untyped
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        question = _(
            "Publish? Consumers read name, terms, prizes, odds and time then, and nothing of it can be made worse any "
            "more: not the words, not the prizes, not the end."
        )
        return self.confirmed(request, object_id, publish_campaign, question)

    @action(description=_("Send back"), url_path="send-back", permissions=["change"])  # type: ignore[untyped-decorator] # unfold is untyped
    def send_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the reason, and make it a draft again."""
        campaign = self.get_object(request, object_id)
        if campaign is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = send_back(request, campaign)
        if form is None:
            return HttpResponseRedirect(address_of(campaign))
        return self.asked(request, campaign, _("It becomes a draft again. Say what should be mended."), form)

    @action(description=_("Top up"), url_path="top-up", permissions=["ask"])  # type: ignore[untyped-decorator] # unfold is untyped
    def top_up(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.transfer(request, object_id, Transfer.Direction.PAY_IN)

    @action(description=_("Refund"), url_path="refund", permissions=["ask"])  # type: ignore[untyped-decorator] # unfold is untyped
    def refund(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.transfer(request, object_id, Transfer.Direction.REFUND)

    def has_ask_permission(self, request: HttpRequest, object_id: Any = None) -> bool:  # noqa: ARG002
        """Who may ask for money to be moved."""
        return request.user.has_perm("rewards.add_transfer")

    def transfer(self, request: HttpRequest, object_id: str, direction: Transfer.Direction) -> HttpResponse:
        """Ask for an amount to be moved; a second person decides."""
        campaign = self.get_object(request, object_id)
        if campaign is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = ask_form(request, campaign, direction)
        if form is None:
            return HttpResponseRedirect(address_of(campaign))
        told = {"budget": in_yuan(campaign.budget_fen), "free": in_yuan(campaign.free_fen)}
        return self.asked(request, campaign, QUESTIONS[direction] % told, form)

    @action(description=_("End"), url_path="end", permissions=["change"])  # type: ignore[untyped-decorator] # unfold is untyped
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        question = _("End? What is left of the budget goes back to the brand. Promises made are kept.")
        return self.confirmed(request, object_id, end_campaign, question)

    def confirmed(self, request: HttpRequest, object_id: str, step: Step, question: Any) -> HttpResponse:
        """Ask first; do it when the answer is posted; tell each fault."""
        campaign = self.get_object(request, object_id)
        if campaign is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method != "POST":
            return self.asked(request, campaign, question)
        try:
            step(campaign_id=campaign.pk, brand=campaign.brand, **signed(request))
        except Problem as problem:
            for fault in [line for lines in problem.fields.values() for line in lines] or [str(problem.title)]:
                messages.error(request, fault)
        else:
            messages.success(request, _("Done."))
        return HttpResponseRedirect(address_of(campaign))

    def asked(self, request: HttpRequest, campaign: Campaign, question: Any, form: Any = None) -> HttpResponse:
        """The page with the question, and a form where there is something to fill in."""
        facts = {"title": campaign.name, "question": question, "back": address_of(campaign), "form": form}
        return TemplateResponse(
            request, "rewards/admin/confirm.html", self.admin_site.each_context(request) | facts | {"opts": self.opts}
        )

    @admin.display(description=_("budget"), ordering="budget_fen")
    def budget(self, campaign: Campaign) -> str:
        return in_yuan(campaign.budget_fen)

    @admin.display(description=_("free budget"), ordering="free_fen")
    def free(self, campaign: Any) -> str:
        return in_yuan(getattr(campaign, "free_fen", 0))

    @admin.display(description=_("liability"))
    def liability(self, campaign: Campaign) -> str:
        return in_yuan(liability_of(campaign)) if campaign.pk else "—"

    @admin.display(description=_("paid in, less refunds"))
    def paid_in(self, campaign: Campaign) -> str:
        return in_yuan(paid_in(campaign)) if campaign.pk else "—"

    @admin.display(description=_("won / in the table"))
    def won(self, campaign: Campaign) -> str:
        """Each prize: how many were won, how many there are (of a live draw: were to be expected), and for how much."""
        if campaign.state in OPEN:
            return "—"
        rows = [
            (row.prize.rank, row.prize.name, row.times, f"{float(row.due):.2f}".removesuffix(".00"), in_yuan(row.fen))
            for row in draw_report(campaign)
        ]
        return format_html("<ol>{}</ol>", format_html_join("", '<li value="{}">{}: {} / {} · {}</li>', rows))

    @admin.display(description=_("items that other campaigns took"))
    def elsewhere(self, campaign: Campaign) -> str:
        """Their prizes in this one stay unclaimed."""
        return "—" if campaign.state in OPEN or campaign.open_ended else str(items_elsewhere(campaign))

    @admin.display(description=_("narrower budgets used"))
    def used(self, campaign: Campaign) -> str:
        """The newest days, regions and stores: promised, of how much."""
        rows = [
            (tally.get_kind_display(), tally.whose or "", tally.day or "", in_yuan(tally.taken), in_yuan(tally.most))
            for tally in (budgets_used(campaign) if campaign.is_tallied else ())
        ]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} {} {}: {} / {}</li>", rows)) if rows else "—"

    @admin.display(description=_("terms page"))
    def terms_page(self, campaign: Campaign) -> str:
        """Where consumers read it, once it is published."""
        if campaign.state in OPEN:
            return "—"
        path = terms_path(campaign.pk)
        return format_html('<a class="text-primary-600" href="{}">{}</a>', path, path)

    @admin.display(description=_("key of the draw"))
    def key(self, campaign: Campaign) -> str:
        ended = campaign.state in OVER
        return bytes(campaign.sealed_key).hex() if ended else str(_("secret until the campaign has ended"))


def address_of(campaign: Campaign) -> str:
    """The campaign's page."""
    return reverse("admin:rewards_campaign_change", args=[campaign.pk])


def steps_of(campaign: Campaign) -> tuple[str, ...]:
    """The addresses of the steps that are open now: nobody ends a campaign with time and prizes left."""
    steps = STEPS.get(Campaign.State(campaign.state), ())
    if "end" in steps and campaign.ends_at > clock.now() and has_items_left(campaign):
        return tuple(step for step in steps if step != "end")
    return steps
