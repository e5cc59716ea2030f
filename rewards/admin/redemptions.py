"""The statement of redemptions for the brand's staff, of all stores or of a dealer's: by store, and as a file."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget

from core.forms import DaysInOrder, require_valid
from rewards.admin.brand_books import brand_of, brands_to_choose
from rewards.downloads import table_answer
from rewards.selectors.redemption_rows import heading, rows_of
from rewards.selectors.redemptions import Redeemed, by_store, totals_of
from stores.models import Brand, Dealer

RIGHT = "rewards.view_voucher"


class RedemptionsForm(DaysInOrder):
    """All are optional."""

    dealer = forms.ModelChoiceField(
        label=gettext_lazy("Dealer"),
        queryset=Dealer.objects.none(),
        required=False,
        empty_label=gettext_lazy("all dealers"),
        widget=UnfoldAdminSelectWidget(),
    )
    first = forms.DateField(
        label=gettext_lazy("From day"), required=False, widget=UnfoldAdminDateWidget({"type": "date"})
    )
    last = forms.DateField(label=gettext_lazy("To day"), required=False, widget=UnfoldAdminDateWidget({"type": "date"}))

    def __init__(self, brand: Brand, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.brand = brand
        dealers: Any = self.fields["dealer"]
        dealers.queryset = Dealer.objects.filter(brand=brand).order_by("number")

    def scope(self) -> Redeemed:
        """What the statement is about."""
        chosen, dealer = self.cleaned_data, self.cleaned_data.get("dealer")
        days = {"first": chosen.get("first"), "last": chosen.get("last")}
        return Redeemed(brand=self.brand, dealer_id=dealer.pk if dealer else None, **days)


def redemptions_page(page: Any, request: HttpRequest) -> HttpResponse:
    """The sums of each store."""
    brand = brand_of(request, RIGHT)
    form = RedemptionsForm(brand, request.GET)
    valid = form.is_valid()
    facts = {
        "title": _("Redemptions"),
        "opts": page.opts,
        "brand": brand,
        "brands": brands_to_choose(request),
        "form": form,
        "shown": by_store(form.scope()) if valid else None,
        "totals": totals_of(form.scope()) if valid else None,
        "query": request.GET.urlencode(),
    }
    return TemplateResponse(request, "admin/rewards/redemptions.html", page.admin_site.each_context(request) | facts)


def redemptions_file(request: HttpRequest) -> HttpResponseBase:
    """Each redemption, streamed.

    Raises:
        Invalid: what it shall be about.
    """
    brand = brand_of(request, RIGHT)
    form = RedemptionsForm(brand, request.GET)
    require_valid(form)
    asked = request.GET.get("format", "")
    name = f"redemptions-{brand.slug}"
    return table_answer(heading(), rows_of(form.scope()), name=name, sheet=_("Redemptions"), form=asked)
