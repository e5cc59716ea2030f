"""The admin's looks: name, colours, and a sidebar by the work that people do. Icons are the theme's own font."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def link(title: Any, icon: str, model: str) -> dict[str, Any]:
    """A list of the sidebar, shown to whoever may view it; `model` is "app.model"."""
    app, name = model.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{name}_changelist"),
        "permission": may_view(f"{app}.view_{name}"),
    }


def page(title: Any, icon: str, name: str, right: str) -> dict[str, Any]:
    """A page of its own beside the lists, shown to whoever has the right."""
    return {"title": title, "icon": icon, "link": reverse_lazy(name), "permission": may_view(right)}


def may_view(right: str) -> Callable[[HttpRequest], bool]:
    """Whether who asks has the right."""
    return lambda request: request.user.has_perm(right)


def of_the_platform(*links: dict[str, Any]) -> list[dict[str, Any]]:
    """Shown to superusers without a brand alone."""
    return [entry | {"permission": is_of_the_platform} for entry in links]


def is_of_the_platform(request: HttpRequest) -> bool:
    """As stores.selectors.rights.sees_all_brands, which settings can't import."""
    user: Any = request.user
    return bool(user.is_superuser and user.brand_id is None)


NAVIGATION: list[dict[str, Any]] = [
    {
        "items": [
            {"title": _("Today"), "icon": "space_dashboard", "link": reverse_lazy("admin:index")},
        ],
    },
    {
        "title": _("Codes"),
        "collapsible": True,
        "items": [
            link(_("Products"), "liquor", "codes.product"),
            link(_("Batches"), "science", "codes.batch"),
            link(_("Product links"), "add_link", "codes.productlink"),
            link(_("Code orders"), "qr_code_2", "codes.codeorder"),
            link(_("Printer profiles"), "tune", "codes.printerprofile"),
            link(_("Print files"), "print", "codes.printfile"),
            link(_("Pre-matched rolls"), "view_column", "codes.roll"),
            link(_("Downloads"), "download", "codes.download"),
            link(_("Passwords shown"), "key", "codes.passwordreveal"),
            link(_("Activated, frozen, recalled"), "rule", "codes.span"),
        ],
    },
    {
        "title": _("Supply"),
        "collapsible": True,
        "items": [
            link(_("Packings"), "inventory_2", "codes.packing"),
            link(_("Movements"), "local_shipping", "codes.movement"),
            link(_("Exceptions"), "rule_folder", "codes.movementexception"),
            link(_("Capture jobs"), "move_to_inbox", "codes.capturejob"),
            link(_("EPCIS events"), "event_note", "codes.epcisevent"),
            link(_("Effects of events"), "rule", "codes.epciseffect"),
            link(_("Named queries"), "manage_search", "codes.namedquery"),
            link(_("Subscriptions"), "webhook", "codes.subscription"),
            link(_("Market cases"), "policy", "codes.marketcase"),
            link(_("Rules of market cases"), "rule_settings", "codes.caserule"),
        ],
    },
    {
        "title": _("Stores and people"),
        "collapsible": True,
        "items": [
            link(_("Stores"), "storefront", "stores.store"),
            link(_("Dealers"), "warehouse", "stores.dealer"),
            link(_("Salespeople"), "badge", "stores.salesperson"),
            link(_("Store owners"), "person", "stores.storeowner"),
            link(_("Warehouse workers"), "forklift", "stores.warehouseworker"),
            link(_("Visits"), "pin_drop", "stores.visit"),
            link(_("Regions"), "map", "stores.region"),
        ],
    },
    {
        "title": _("Consumers"),
        "collapsible": True,
        "items": [
            link(_("Members"), "groups", "consumers.consumer"),
            link(_("Scans"), "qr_code_scanner", "codes.scan"),
            link(_("Openings"), "redeem", "codes.opening"),
            link(_("Bindings"), "link", "codes.binding"),
        ],
    },
    {
        "title": _("Campaigns and money"),
        "collapsible": True,
        "items": [
            link(_("Campaigns"), "redeem", "rewards.campaign"),
            link(_("Opened envelopes"), "mail", "rewards.claim"),
            link(_("Grants"), "volunteer_activism", "rewards.grant"),
            link(_("Payouts"), "payments", "rewards.payout"),
            link(_("Vouchers"), "confirmation_number", "rewards.voucher"),
            page(_("Redemptions"), "point_of_sale", "admin:rewards_voucher_redemptions", "rewards.view_voucher"),
            link(_("Held envelopes"), "front_hand", "rewards.riskreview"),
            link(_("Risk rules"), "rule_settings", "rewards.riskrule"),
            link(_("Transfers"), "swap_horiz", "rewards.transfer"),
            page(_("Statements"), "receipt", "admin:rewards_account_statement", "rewards.view_posting"),
            page(_("Trial balance"), "balance", "admin:rewards_account_trial", "rewards.view_posting"),
            link(_("Closed days"), "event_available", "rewards.closing"),
            link(_("Reconciliations"), "fact_check", "rewards.reconciliation"),
            link(_("Days to be compared"), "pending_actions", "rewards.askedcomparison"),
            link(_("Bill differences"), "difference", "rewards.billdifference"),
            link(_("Accounts"), "account_balance", "rewards.account"),
            link(_("Postings"), "receipt_long", "rewards.posting"),
        ],
    },
    {
        "title": _("Audit and system"),
        "collapsible": True,
        "items": [
            link(_("Audit trail"), "history", "core.auditentry"),
            link(_("Users"), "manage_accounts", "stores.user"),
            link(_("Partners"), "api", "stores.partnerclient"),
            link(_("Brands"), "domain", "stores.brand"),
            *of_the_platform(
                link(_("Groups"), "shield_person", "auth.group"),
                link(_("API clients"), "key", "oauth2_provider.application"),
                link(_("Failed sign-ins"), "lock", "axes.accessattempt"),
                link(_("Not examined"), "running_with_errors", "codes.examinationfault"),
                link(_("Sandbox: bills"), "science", "sandbox.bill"),
                link(_("Sandbox: behaviour"), "tune", "sandbox.instruction"),
            ),
        ],
    },
]


def permitted(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of the sidebar with the entries that who asks may follow.

    They are asked for here: the theme would make a Python class for each entry of each page, a tenth of its time.
    """
    groups = ({**group, "items": [*followed(group["items"], request)]} for group in NAVIGATION)
    return [group for group in groups if group["items"]]


def followed(entries: Iterable[dict[str, Any]], request: HttpRequest) -> Iterator[dict[str, Any]]:
    """Those that are permitted, without the question."""
    for entry in entries:
        may = entry.get("permission")
        if may is None or may(request):
            yield {name: value for name, value in entry.items() if name != "permission"}


def environment(_request: HttpRequest) -> list[Any]:
    """The label of a demo, so that nobody takes it for the real thing."""
    return [_("Demo"), "warning"]


def file(path: str) -> Callable[[HttpRequest], str]:
    """The address of a file of ours; asked for with each page, since settings can't."""
    return lambda _request: static(path)


# The product's red, from a wash to nearly black.
RED = {
    "50": "#fdf0ee",
    "100": "#fae0dc",
    "200": "#f3c0ba",
    "300": "#e8948d",
    "400": "#d65f5c",
    "500": "#c23a3f",
    "600": "#b01e2a",
    "700": "#8c1420",
    "800": "#70101a",
    "900": "#560d15",
    "950": "#33070c",
}


def looks(*, demo: bool) -> dict[str, Any]:
    """The theme's settings."""
    return {
        "SITE_TITLE": "OneCode",
        "SITE_HEADER": "OneCode",
        "SITE_SUBHEADER": _("One item, one code"),
        "SITE_SYMBOL": "qr_code_2",
        "SITE_URL": "/dashboard/",
        "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": file("onecode/logo.svg")}],
        "STYLES": [file("onecode/admin.css")],
        "COLORS": {"primary": RED},
        "SHOW_HISTORY": False,
        "SHOW_VIEW_ON_SITE": False,
        "SHOW_LANGUAGES": True,
        "ENVIRONMENT": "config.navigation.environment" if demo else None,
        "DASHBOARD_CALLBACK": "config.landing.landing",
        "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": permitted},
    }
