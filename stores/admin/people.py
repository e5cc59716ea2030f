"""Salespeople and store owners in the admin."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from core.sealing import masked, unseal
from stores.admin.confirmed import Plain, Question, ask, signed
from stores.admin.scoped import BrandScopedAdmin, OneBrandForm
from stores.admin.written import WrittenByServices, adopt
from stores.models import Salesperson, StoreOwner, WarehouseWorker
from stores.services import people, person_changes, workers
from stores.services.accounts import Account

LONGEST_WALLET = 128


class WithAccount(OneBrandForm):
    """Asks for the name and password of a sign-in, where there is none yet."""

    username = forms.CharField(
        label=_("Account name"),
        required=False,
        max_length=150,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("To sign in to the dashboard; leave it empty for no account."),
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget({"autocomplete": "new-password"}),
    )

    def account(self) -> Account | None:
        """The sign-in that is asked for."""
        name = self.cleaned_data.get("username", "").strip()
        return Account(name, self.cleaned_data["password"]) if name else None


class SalespersonForm(WithAccount):
    class Meta:
        model = Salesperson
        fields = ("brand", "number", "name", "phone", "region")


class OwnerForm(WithAccount):
    """The wallet is never shown: what is typed takes its place, and nothing typed leaves it."""

    wallet = forms.CharField(
        label=_("wallet"), required=False, max_length=LONGEST_WALLET, widget=UnfoldAdminTextInputWidget()
    )

    class Meta:
        model = StoreOwner
        fields = ("brand", "name", "phone", "wallet")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = self.instance.wallet
        if self.known:
            self.initial["wallet"] = ""
            self.fields["wallet"].help_text = _("Nothing typed: it stays %(wallet)s.") % {"wallet": masked(self.known)}

    def clean_wallet(self) -> str:
        """In clear: the service seals it."""
        return self.cleaned_data["wallet"] or unseal(self.known)


class WorkerForm(WithAccount):
    class Meta:
        model = WarehouseWorker
        fields = ("brand", "name", "phone", "dealer")


class PersonAdmin(WrittenByServices, BrandScopedAdmin):
    """Somebody who may have an account."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Name and password of an account only where there is none."""
        fields = [*super().get_fields(request, obj)]
        if obj is None or obj.user_id is None:
            return [name for name in fields if name != "user"]
        return [name for name in fields if name not in {"username", "password"}]


def squad_form(person: Salesperson) -> type[forms.Form]:
    """Who shall be led by this one."""
    colleagues = Salesperson.objects.filter(brand=person.brand_id, is_active=True).exclude(pk=person.pk)

    class SquadForm(forms.Form):
        squad = forms.ModelMultipleChoiceField(
            label=_("Squad"),
            queryset=colleagues.order_by("number"),
            initial=person.squad.all(),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Exactly these will be led; others of the former squad go without a leader."),
        )

    return SquadForm


@admin.register(Salesperson)
class SalespersonAdmin(PersonAdmin):
    form = SalespersonForm
    fields_of_service: ClassVar = {"region_code": "region"}
    ordering = ("number",)
    list_display = ("number", "name", "region", "leader", "is_squad_leader", "is_active")
    list_filter = ("is_squad_leader", "is_active", "leader")
    list_select_related = ("region", "leader")
    search_fields = ("number", "name", "phone")
    autocomplete_fields: ClassVar = ["region"]
    fields = (
        *("brand", "number", "name", "phone", "region", "user", "username", "password"),
        *("is_squad_leader", "leader", "is_active"),
    )
    readonly_fields = ("user", "is_squad_leader", "leader", "is_active")
    actions: ClassVar = ["appoint", "dismiss", "rehire"]

    def save_model(self, request: HttpRequest, obj: Salesperson, form: Any, change: bool) -> None:
        details = people.SalespersonDetails(obj.number, obj.name, obj.region_id, obj.phone)
        facts = {"brand": obj.brand, "details": details, "account": form.account(), **signed(request)}
        if change:
            adopt(obj, person_changes.change_salesperson(salesperson_id=obj.pk, **facts))
        else:
            adopt(obj, people.hire_salesperson(**facts))

    @admin.action(description=_("Appoint as squad leader"), permissions=["change"])
    def appoint(self, request: HttpRequest, queryset: QuerySet[Salesperson]) -> HttpResponse | None:
        """One at a time: each squad is chosen."""
        person = queryset.order_by("pk").first()
        if person is None:
            return None

        def work(leader: Salesperson, answers: dict[str, Any]) -> None:
            squad = {member.pk for member in answers["squad"]}
            people.appoint_squad_leader(brand=leader.brand, leader_id=leader.pk, squad_ids=squad, **signed(request))

        rows = queryset.filter(pk=person.pk).select_related("brand")
        title = str(self.get_action("appoint")[2])
        return ask(self, request, rows, Question("appoint", title, work, squad_form(person)))

    @admin.action(description=_("Dismiss: no sign-in, stores and squad go to others"), permissions=["change"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Salesperson]) -> HttpResponse | None:
        return self.asked(request, queryset, "dismiss", people.dismiss_salesperson)

    @admin.action(description=_("Take on again"), permissions=["change"])
    def rehire(self, request: HttpRequest, queryset: QuerySet[Salesperson]) -> HttpResponse | None:
        return self.asked(request, queryset, "rehire", person_changes.rehire_salesperson)

    def asked(
        self, request: HttpRequest, rows: QuerySet[Salesperson], action: str, service: Any
    ) -> HttpResponse | None:
        """Ask, then call the service for each."""

        def work(person: Salesperson, _answers: dict[str, Any]) -> None:
            service(brand=person.brand, salesperson_id=person.pk, **signed(request))

        title = str(self.get_action(action)[2])
        return ask(self, request, rows.select_related("brand"), Question(action, title, work, Plain))


@admin.register(StoreOwner)
class StoreOwnerAdmin(PersonAdmin):
    form = OwnerForm
    ordering = ("name", "pk")
    list_display = ("name", "phone", "has_wallet", "brand")
    list_select_related = ("brand",)
    search_fields = ("name", "phone")
    fields = ("brand", "name", "phone", "wallet", "user", "username", "password")
    readonly_fields = ("user", "wallet_ends")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may not change an owner sees the ends of the wallet alone."""
        fields = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return ["wallet_ends" if name == "wallet" else name for name in fields]

    @admin.display(description=_("wallet"))
    def wallet_ends(self, owner: StoreOwner) -> str:
        """Its ends."""
        return masked(owner.wallet) if owner.wallet else "—"

    @admin.display(boolean=True, description=_("can be paid"))
    def has_wallet(self, owner: StoreOwner) -> bool:
        """Whether grants can be paid."""
        return bool(owner.wallet)

    def save_model(self, request: HttpRequest, obj: StoreOwner, form: Any, change: bool) -> None:
        details = people.OwnerDetails(obj.name, obj.phone, obj.wallet)
        facts = {"brand": obj.brand, "details": details, "account": form.account(), **signed(request)}
        if change:
            adopt(obj, person_changes.change_owner(owner_id=obj.pk, **facts))
        else:
            adopt(obj, people.register_owner(**facts))


@admin.register(WarehouseWorker)
class WarehouseWorkerAdmin(PersonAdmin):
    form = WorkerForm
    ordering = ("name", "pk")
    list_display = ("name", "dealer", "phone", "is_active", "brand")
    list_filter = ("is_active", "dealer")
    list_select_related = ("dealer", "brand")
    search_fields = ("name", "phone")
    fields = ("brand", "name", "phone", "dealer", "user", "username", "password", "is_active")
    readonly_fields = ("user", "is_active")
    actions: ClassVar = ["dismiss", "rehire"]

    def save_model(self, request: HttpRequest, obj: WarehouseWorker, form: Any, change: bool) -> None:
        details = workers.WorkerDetails(obj.name, obj.phone, obj.dealer)
        facts = {"brand": obj.brand, "details": details, "account": form.account(), **signed(request)}
        if change:
            adopt(obj, workers.change_worker(worker_id=obj.pk, **facts))
        else:
            adopt(obj, workers.hire_worker(**facts))

    @admin.action(description=_("Dismiss: no sign-in any more"), permissions=["change"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[WarehouseWorker]) -> HttpResponse | None:
        return self.asked(request, queryset, "dismiss", workers.dismiss_worker)

    @admin.action(description=_("Take on again"), permissions=["change"])
    def rehire(self, request: HttpRequest, queryset: QuerySet[WarehouseWorker]) -> HttpResponse | None:
        return self.asked(request, queryset, "rehire", workers.rehire_worker)

    def asked(
        self, request: HttpRequest, rows: QuerySet[WarehouseWorker], action: str, service: Any
    ) -> HttpResponse | None:
        """Ask, then call the service for each."""

        def work(worker: WarehouseWorker, _answers: dict[str, Any]) -> None:
            service(brand=worker.brand, worker_id=worker.pk, **signed(request))

        title = str(self.get_action(action)[2])
        return ask(self, request, rows.select_related("brand"), Question(action, title, work, Plain))
