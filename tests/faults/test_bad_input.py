"""Nonsense at every address: never a fault of ours, always a clear problem, and nothing written by what was refused."""

import json
import re
import secrets
from collections.abc import Sequence
from itertools import cycle
from typing import Any

import pytest
from django.contrib import admin
from django.template.response import SimpleTemplateResponse
from django.test import Client, override_settings
from django.urls import reverse

from codes.api.partner import PartnerView
from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import MarketCase, Span
from consumers.services.identity import sign_in_local
from consumers.session import token_for
from core import clock
from tests.codes.api.partners import Partner
from tests.conftest import kept_for_the_module
from tests.factories.shop_window import ShopWindow
from tests.factories.stores import StoreFactory, UserFactory
from tests.factories.supply import moved
from tests.faults.hostile import (
    ARGUMENTS,
    BODIES,
    CURSORS,
    FEW_TEXTS,
    TEXTS,
    VALUES,
    WORST_TEXTS,
    api_addresses,
    with_hostile_leaves,
)
from tests.rows_kept import rows_kept

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
ROUTES = list(api_addresses())
METHODS = ("get", "post", "put", "patch", "delete")
CONVERTER = re.compile(r"<(\w+):(\w+)>")
LONG = 2000
QUERIES = [
    *(("cursor", text) for text in [*CURSORS, *FEW_TEXTS]),
    *(("page_size", text) for text in [*FEW_TEXTS, "0", "9" * 20]),
    *((name, text) for name in ("state", "kind", "format") for text in WORST_TEXTS),
]
MEDIA = ("text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "", "application/json; charset=x")
PRIZE = {
    "name": "x",
    "kind": "cash",
    "amount_fen": 5,
    "quantity": 20,
    **dict.fromkeys(("pays_fen", "worth_fen", "valid_days", "any_store"), 0),
}
OURS = {"core", "stores", "consumers", "codes", "rewards", "sandbox"}


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    files = tmp_path_factory.mktemp("files")
    with override_settings(LIMIT_SCALE=1e6, PRIVATE_FILES=files), kept_for_the_module(django_db_blocker):
        yield World()


@pytest.fixture
def world(built, db):
    built.known = built.at_first
    return built


class World:
    """Something of everything, a partner with every scope, a consumer, and how much is kept."""

    def __init__(self) -> None:
        self.window = ShopWindow()
        self.statement = Span.objects.filter(brand=self.window.brand).latest("pk").pk
        now = clock.now()
        self.market_case = MarketCase.objects.create(
            brand=self.window.brand, kind="unknown", subject="area:x", score=50, opened_at=now, newest_at=now
        )
        scopes = (
            *("codes", "review", "supply", "solve", "rewards", "campaigns", "publish", "redeem"),
            *("capture", "events", "cases"),
        )
        self.partner = Partner(self.window.brand, scopes=scopes)
        self.partner.raise_request_exception = False
        consumer = sign_in_local(brand=self.window.brand, name="顾客", now=clock.now())
        bearer = f"Bearer {token_for(consumer)}"
        self.consumer = Client(headers={"authorization": bearer}, raise_request_exception=False)
        other = StoreFactory(brand=self.window.brand)
        now, case = clock.now(), self.window.case.first_serial
        self.exception = moved("receive", other, case, at=now).exceptions.get()
        self.later = moved("return", other, case, at=now)
        self.staff = Client(raise_request_exception=False)
        self.staff.force_login(UserFactory(platform=True), backend="django.contrib.auth.backends.ModelBackend")
        self.known = self.at_first = rows_kept()

    def client_of(self, view: Any) -> Client:
        return self.partner if issubclass(view.cls, PartnerView) else self.consumer

    def ask(self, client: Client, method: str, path: str, **sent: Any) -> Any:
        """The answer; a refusal is a problem document with its code."""
        answer = client.generic(method.upper(), path, **sent)
        said = (sent.get("data", b"")[:300], str(sent.get("query_params"))[:300])
        told = (method, path[:300], said, answer.status_code)
        assert answer.status_code < 500, told
        if answer.status_code >= 400 and path.startswith(("/api/", "/epcis")):
            assert answer["Content-Type"] == "application/problem+json", told
            problem = json.loads(answer.content)
            assert problem["code"], told
            assert problem["title"], told
            assert len(answer.content) < LONG + 3 * len(path), told
        elif method != "get":
            self.known = rows_kept()
        return answer

    def check(self) -> None:
        """Nothing was written since the last request that was carried out."""
        assert rows_kept() == self.known

    def bodies(self) -> dict[str, tuple[str, Any]]:
        """A good body for each route that takes one, and where to post it."""
        bottles, case = self.window.bottles, self.window.case
        order = f"/api/v1/code-orders/{bottles.pk}"
        code = code_cipher().encode(Role.ITEM_INNER, bottles.first_serial + 19)
        some = {"first_serial": bottles.first_serial, "last_serial": bottles.first_serial + 1}
        said = some | {"reason": "said"}
        units = [{"first": bottles.first_serial + 13, "last": bottles.first_serial + 14}]
        place = {"latitude": 30.6, "longitude": 104.0, "accuracy_m": 10.0, "via": "x"}
        listed = {"rows": [{"parent": code_cipher().encode(Role.CASE_OUTER, case.first_serial), "child": code}]}
        when = {"happened_at": "2026-01-01T00:00:00Z"}
        packing = {"packings": [{"parent": case.first_serial, **units[0]}]}
        placed = {"gtin": self.window.product.gtin, "lot": "L9", "roles": ["item_inner"], "quantity": 1}
        moved = {
            "store": self.window.store.number,
            "units": units,
            "reference": "r",
            "happened_at": "2026-01-01T00:00:00Z",
        }
        case_path = f"/api/v1/cases/{self.market_case.pk}"
        campaign = {
            "name": "x",
            "starts_at": "2026-01-01T00:00:00Z",
            "ends_at": "2027-01-01T00:00:00Z",
            "budget_fen": 100,
            "orders": [bottles.pk],
            "prizes": [PRIZE],
        }
        redemption = {
            "store": self.window.store.number,
            "code": "VXXXXXXXXXXX",
            "happened_at": "2026-01-01T00:00:00Z",
        }
        return {
            "campaigns": ("/api/v1/campaigns", campaign | {"terms": "x", "organiser": "x", "owner_share_fen": 1}),
            "campaign-returns": (f"/api/v1/campaigns/{self.window.campaign.pk}/returns", {"remark": "x"}),
            "market-case-remarks": (f"{case_path}/remarks", {"remark": "x"}),
            "market-case-closings": (f"{case_path}/closings", {"outcome": "confirmed", "remark": "x"}),
            "sign-in-local": ("/api/v1/sessions/local", {"name": "顾客", "brand": self.window.brand.slug}),
            "scans": ("/api/v1/scans", {"code": code} | place),
            "code-orders": ("/api/v1/code-orders", placed | {"produced_on": "2026-01-01", "expires_on": "2027-01-01"}),
            **{name: (f"{order}/{name}", said) for name in ("activations", "voids", "freezes", "recalls")},
            "brand-statements": ("/api/v1/statements", {"kind": "frozen", "of": some, "reason": "said"}),
            "statements-preview": ("/api/v1/statements/preview", {"kind": "frozen", "of": some, "reason": "said"}),
            "revocations": (f"/api/v1/statements/{self.statement}/revocations", {"reason": "said", "together": True}),
            "rolls": (f"{order}/rolls", {"recipient": "printer", "cases": {"order": case.pk, "each": 10}}),
            "roll-uses": ("/api/v1/rolls/1/uses", some),
            "exports": (f"{order}/exports", some | {"recipient": "printer", "kind": "csv"}),
            "packings": ("/api/v1/packings", packing | when),
            "packing-lists": ("/api/v1/packing-lists", listed | when | {"choice": "take_good"}),
            "packing-list-judgement": ("/api/v1/packing-lists/judgement", listed),
            "unpackings": ("/api/v1/unpackings", {"children": units[0]} | when),
            "repackings": ("/api/v1/repackings", packing | when),
            "partner-redemptions": ("/api/v1/redemptions", redemption),
            "movements": ("/api/v1/movements", moved | {"kind": "receive"} | self.counted()),
            "movement-solutions": (
                f"/api/v1/movement-exceptions/{self.exception.pk}/solutions",
                {"outcome": "corrected", "remark": "r", "corrected_by": self.later.pk},
            ),
        }

    def counted(self) -> dict[str, Any]:
        """Units of a receipt, counted and named."""
        case, first = self.window.case.first_serial, self.window.bottles.first_serial
        return {
            "units": [{"first": case, "found": [{"first": first, "last": first + 1}]}, {"first": first + 13}],
            "whole_delivery": True,
        }


def in_turns(values: Sequence[Any], turn: int, *, of: int) -> Sequence[Any]:
    """A part of the values, another one each turn: many places that share their reading meet each of them somewhere."""
    return values[turn % of :: of]


def hostile_paths(route: str) -> list[str]:
    """The route with each of its arguments replaced by hostile ones; the others stay harmless."""
    found = CONVERTER.findall(route)
    if not found:
        return [route]
    harmless = {kind: values[0] for kind, values in ARGUMENTS.items()}
    paths = []
    for kind, name in found:
        for value in ARGUMENTS[kind]:
            one = route.replace(f"<{kind}:{name}>", value)
            paths.append(CONVERTER.sub(lambda other: harmless[other[1]], one))
    return paths


@pytest.mark.parametrize(("route", "view"), ROUTES, ids=[route for route, _ in ROUTES])
def test_hostile_addresses_queries_and_bodies_are_told_what_is_wrong(world, route, view) -> None:
    client = world.client_of(view)
    harmless = hostile_paths(route)[0]
    own = [method for method in METHODS if hasattr(view.cls, method)]
    asked = [(method, path) for path in hostile_paths(route)[1:] for method in own]
    for method, path in [*asked, *((method, harmless) for method in METHODS)]:
        world.ask(client, method, path, data=b"{}", content_type="application/json")
    turn = ROUTES.index((route, view))
    for name, value in in_turns(QUERIES, turn, of=3) if "get" in own else []:
        world.ask(client, "get", harmless, query_params={name: value})
    if "post" in own:
        for body in in_turns(BODIES, turn, of=2):
            world.ask(client, "post", harmless, data=body, content_type="application/json")
        for media in in_turns(MEDIA, turn, of=2):
            world.ask(client, "post", harmless, data=b'{"a": 1}', content_type=media)
        for key in ("k" * 201, "\x00", "é", " "):
            headers = {"Idempotency-Key": key}
            world.ask(client, "post", harmless, data=b"{}", content_type="application/json", headers=headers)
    world.check()


def test_every_endpoint_that_takes_a_body_is_in_the_table_of_good_bodies(world) -> None:
    bodiless = {
        "claim",
        "code-order-review",
        "code-order-release",
        "code-order-cancel",
        "export-retries",
        "campaign-submission",
        "campaign-publication",
    }
    posts = {name for name, view in names_of_posts().items()}
    assert posts == set(world.bodies()) | bodiless


def names_of_posts() -> dict[str, Any]:
    found = {}
    for resolver in __import__("config.urls").urls.urlpatterns:
        for route in getattr(resolver, "url_patterns", []):
            if str(resolver.pattern) == "api/v1/" and hasattr(route.callback.cls, "post"):
                found[route.name] = route.callback
    return found


@pytest.mark.parametrize(
    "name",
    [
        "sign-in-local",
        "scans",
        "code-orders",
        "activations",
        "exports",
        "packings",
        "movements",
        "packing-lists",
        "campaigns",
        "partner-redemptions",
    ],
)
def test_each_field_of_each_body_with_each_hostile_value_is_taken_or_refused_cleanly(world, name) -> None:
    path, body = world.bodies()[name]
    client = world.client_of(names_of_posts()[name])
    for sent in with_hostile_leaves(body, of=4):
        world.ask(client, "post", path, data=sent.encode(), content_type="application/json")
    world.check()


@pytest.mark.parametrize("value", [value for value in VALUES if not value.startswith("{")])
def test_a_hostile_value_is_no_body(world, value) -> None:
    for name, (path, _) in in_turns(list(world.bodies().items()), VALUES.index(value), of=3):
        client = world.client_of(names_of_posts()[name])
        answer = world.ask(client, "post", path, data=value.encode(), content_type="application/json")
        assert 400 <= answer.status_code < 500, (name, value)
    world.check()


def test_ten_megabytes_of_nonsense_are_too_large(world) -> None:
    for name, (path, _) in world.bodies().items():
        client = world.client_of(names_of_posts()[name])
        answer = world.ask(client, "post", path, data=b"[" * 10_000_000, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large"), name
    world.check()


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer \x00", "Basic x", "Bearer é", "Bearer " + "x" * 5000, "😀"]
)
def test_hostile_tokens_are_not_signed_in(world, header) -> None:
    client = Client(headers={"authorization": header.encode().decode("latin-1")}, raise_request_exception=False)
    for path in ("me", "code-orders", "units/1", "payouts", "me/envelopes"):
        assert world.ask(client, "get", f"/api/v1/{path}").status_code == 401, path


def test_hostile_pages_are_no_fault(world) -> None:
    browser = Client(raise_request_exception=False)
    texts = [text.replace("\x00", "%00") for text in TEXTS if text]
    for text in texts:
        for path in (
            f"/c/{text}",
            f"/C/{text}/",
            f"/01/06901234567892/21/{text}",
            f"/01/{'9' * 14}/21/{text}",
            f"/v/{text}",
            f"/{text}",
        ):
            world.ask(browser, "get", path)
        for path in (f"/dashboard/stores/{text}/", f"/i18n/{text}", f"/healthz{text}"):
            world.ask(browser, "get", path)
    wallet = cycle(("/wallet/", "/wallet/vouchers/", "/wallet/envelopes/"))
    for text in TEXTS:
        for path, name in {"/": "code", next(wallet): "before", "/c/x": "via"}.items():
            world.ask(world.consumer, "get", path, query_params={name: text})
        for path, name in {
            "/wallet/sign-in/": "name",
            "/dashboard/sign-in/": "username",
            "/i18n/setlang/": "language",
        }.items():
            browser.raise_request_exception = False
            answer = browser.post(path, {name: text, "password": text, "next": text})
            assert answer.status_code < 500, (path, text)
    for text in TEXTS:
        asked = {"grant_type": text, "client_id": text, "client_secret": text, "scope": text}
        assert browser.post("/oauth/token/", asked).status_code < 500, text
        assert browser.post("/oauth/token/", asked | {"grant_type": "client_credentials"}).status_code < 500, text


OF_THE_ADMIN = [model for model in admin.site._registry if model._meta.app_label in OURS]
SHARED_KEYS = ("p", "o", "e", "_popup", "_to_field", "id__exact")
"""Parameters of a list that the framework reads, the same way for every model."""


@pytest.mark.parametrize("model", OF_THE_ADMIN, ids=lambda model: model._meta.label)
def test_the_admin_takes_nonsense_without_a_fault(world, model, monkeypatch) -> None:
    options = admin.site._registry[model]
    listed = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    monkeypatch.setattr(admin.site, "each_context", lambda _: {})  # the navigation is one and the same on each page
    answers_without_a_fault(world.staff.get, listed, {"q": WORST_TEXTS[-1]})
    asked, worst = hostile_keys(options, OF_THE_ADMIN.index(model)), cycle(WORST_TEXTS)
    with monkeypatch.context() as patch:  # everything but the drawing of one and the same list again and again
        patch.setattr(SimpleTemplateResponse, "rendered_content", "")
        for key, text in zip(asked, worst, strict=False):
            answers_without_a_fault(world.staff.get, listed, {key: text})
    for page, text in zip(("change", "delete", "history"), worst, strict=False):
        answers_without_a_fault(world.staff.get, f"{listed}{text}/{page}/".replace("\x00", "%00"))
    for form in hostile_forms(answers_without_a_fault(world.staff.get, f"{listed}add/")):
        answers_without_a_fault(world.staff.post, f"{listed}add/", form)
    actions = [each if isinstance(each, str) else each.__name__ for each in options.actions or ()]
    for action, text in zip([*actions, "nonsense", "delete_selected"], worst, strict=False):
        chosen = {"action": action, "_selected_action": [text, secrets.token_hex(2)]}
        answers_without_a_fault(world.staff.post, listed, chosen)


def answers_without_a_fault(ask: Any, path: str, sent: Any = None) -> Any:
    answer = ask(path, sent)
    assert answer.status_code < 500, (path[:200], str(sent)[:200])
    return answer


def hostile_keys(options: admin.ModelAdmin, turn: int) -> list[str]:
    """What a model's list is asked by: all that is its own, and a part of what all lists share."""
    filters = [found if isinstance(found, str) else "brand" for found in options.list_filter or ()]
    exact = [f"{each}__exact" for each in filters]
    return list(dict.fromkeys(["q", *in_turns(SHARED_KEYS, turn, of=3), *filters, *in_turns(exact, turn, of=2)]))


def hostile_forms(page: Any) -> list[dict[str, str]]:
    """The form of a page to add something, each time with another text in all its fields; none where there is none."""
    if page.status_code != 200 or not page.context or "adminform" not in page.context:
        return []
    managed = {
        f"{formset.formset.prefix}-{each}": "0"
        for formset in page.context["inline_admin_formsets"]
        for each in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return [managed | dict.fromkeys(page.context["adminform"].form.fields, text) for text in WORST_TEXTS]
