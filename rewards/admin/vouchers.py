"""Vouchers: to be looked up and, for a reason, cancelled; and the statement of what stores redeemed."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from core.errors import Problem
from rewards.admin.reading import ReadOnlyAdmin, in_yuan
from rewards.admin.redemptions import redemptions_file, redemptions_page
from rewards.models import Voucher
from rewards.models.campaign import LONGEST_REMARK
from rewards.selectors.prize_words import prize_words
from rewards.services.redeeming import cancel_voucher
from stores.admin.confirmed import signed, words_of


class ReasonForm(forms.Form):
    """Why a voucher is taken back."""

    remark = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REMARK,
        widget=UnfoldAdminTextareaWidget({"rows": 3, "autofocus": True}),
        help_text=_("The consumer reads it on the voucher's page."),
    )


@admin.register(Voucher)
class VoucherAdmin(ReadOnlyAdmin):
    list_display = ("short", "what", "state", "compensation", "store", "redeemed_store", "redeemed_at", "valid_until")
    list_filter = ("brand", "state", "prize__kind", "prize__campaign", "redeemed_store__dealer")
    list_select_related = ("brand", "prize", "grant", "store", "redeemed_store")
    search_fields = ("=code", "=consumer__c_code", "=grant__claim__opening__serial", "=redeemed_store__number")
    search_help_text = _("Code in full, member code, serial of the item, number of the store.")
    date_hierarchy = "issued_at"
    ordering = ("-grant_id",)
    fields = (
        *("brand", "short", "what", "grant", "state", "compensation", "store", "issued_at", "valid_until"),
        *("redeemed_at", "redeemed_store", "redeemed_by", "closed_at", "remark"),
    )
    actions_detail: ClassVar = ["cancel"]

    def get_urls(self) -> Any:
        """With the statement."""
        views = {"redemptions": self.redemptions, "redemptions_file": self.redemptions_file}
        wrapped = [
            path(f"{name.replace('_', '-')}/", self.admin_site.admin_view(view), name=f"rewards_voucher_{name}")
            for name, view in views.items()
        ]
        return [*wrapped, *super().get_urls()]

    def redemptions(self, request: HttpRequest) -> HttpResponse:
        return redemptions_page(self, request)

    def redemptions_file(self, request: HttpRequest) -> HttpResponseBase:
        return redemptions_file(request)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What can still be redeemed can be cancelled."""
        voucher = self.get_object(request, object_id)
        is_open = voucher is not None and voucher.state == Voucher.State.ISSUED
        return list(super().get_actions_detail(request, object_id)) if is_open else []

    def has_cancel_permission(self, request: HttpRequest, object_id: Any = None) -> bool:  # noqa: ARG002
        return bool(request.user.has_perm("rewards.cancel_voucher"))

    @action(description=_("Cancel"), url_path="cancel", permissions=["cancel"])  # type: ignore[untyped-decorator] # unfold is untyped
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the reason, and take it back."""
        voucher = self.get_object(request, object_id)
        if voucher is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        back = reverse("admin:rewards_voucher_change", args=[voucher.pk])
        if form.is_valid():
            facts = {"brand": voucher.brand, "code": voucher.code, "remark": form.cleaned_data["remark"]}
            try:
                cancel_voucher(**facts, **signed(request))
            except Problem as problem:
                messages.error(request, words_of(problem))
            else:
                messages.success(request, _("Cancelled. Its money is back in the budget."))
            return HttpResponseRedirect(back)
        told = {"title": str(voucher), "question": _("Cancel this voucher for good?"), "back": back, "form": form}
        context = self.admin_site.each_context(request) | told | {"opts": self.opts}
        return TemplateResponse(request, "rewards/admin/confirm.html", context)

    @admin.display(description=_("voucher"))
    def short(self, voucher: Voucher) -> str:
        """The beginning of its code: all of it would redeem it."""
        return str(voucher)

    @admin.display(description=_("prize"))
    def what(self, voucher: Voucher) -> str:
        return prize_words(voucher.prize)

    @admin.display(description=_("compensation"), ordering="grant__amount_fen")
    def compensation(self, voucher: Voucher) -> str:
        """What the owner of the redeeming store gets."""
        return in_yuan(voucher.grant.amount_fen)
