"""Handling goods with a phone in a warehouse whose line comes and goes."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Movement, Packing
from stores.models import WarehouseWorker
from tests.factories.stores import StoreFactory, UserFactory
from tests.factories.supply import make_goods, make_packed_goods, moved


@pytest.fixture
def goods(transactional_db):
    return make_packed_goods()


@pytest.fixture
def store(goods):
    return StoreFactory(brand=goods.brand, number="S1", name="老王烟酒")


@pytest.fixture
def signed_in(client, phone, live_server):
    """A phone on the warehouse's page, signed in as this account."""

    def open_page(user, **options):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        page = phone(**options)
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([session])
        page.goto(reverse("warehouse"))
        return page

    return open_page


def worker_of(brand, dealer=None):
    user = UserFactory(brand=brand, is_staff=False)
    WarehouseWorker.objects.create(brand=brand, dealer=dealer, user=user, name="仓管")
    return user


def code(serial, role=Role.CASE_OUTER):
    return code_cipher().encode(role, serial)


def scan(page, text):
    """As a hand scanner does: it types and presses Enter."""
    page.locator("#code").fill(f"HTTPS://ONE.CN/C/{text}")
    page.locator("#code").press("Enter")


def choose(page, deed):
    page.locator(f"[data-deeds] input[value={deed}]").check(force=True)


def wait_until_kept(page):
    """Until the page is there for a reload without a line."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    assert page.evaluate("caches.match('/dashboard/warehouse/').then((kept) => kept.status)") == 200


def test_what_was_scanned_without_a_line_outlives_a_reload_and_is_told_once(signed_in, goods, store, picture):
    page = signed_in(worker_of(goods.brand))
    wait_until_kept(page)
    page.context.set_offline(True)
    choose(page, "ship")
    page.locator("#other").fill("S1")
    for number in range(3):
        scan(page, code(goods.case(number)))
    scan(page, code(goods.case(0)))
    expect(page.locator(".scanned__row")).to_have_count(3)
    page.reload()
    expect(page.locator(".scanned__row")).to_have_count(3)
    expect(page.locator("[data-notice]")).to_contain_text("没有网络")
    picture(page, "warehouse-offline")
    page.locator("[data-send]").click()
    expect(page.locator(".log__entry")).to_have_attribute("data-state", "queued")
    page.reload()
    expect(page.locator(".log__entry")).to_have_attribute("data-state", "queued")
    assert not Movement.objects.exists()
    page.context.set_offline(False)
    expect(page.locator(".log__entry")).to_have_attribute("data-state", "sent")
    movement = Movement.objects.get()
    assert (movement.kind, movement.store, movement.lines.count()) == ("ship", store, 3)
    page.reload()
    expect(page.locator(".log__entry")).to_have_attribute("data-state", "sent")
    assert Movement.objects.count() == 1
    picture(page, "warehouse-sent")


def test_an_answer_that_is_lost_on_the_way_does_not_make_two(signed_in, goods):
    page = signed_in(worker_of(goods.brand))
    lose = {"left": 1}

    def lost(route):
        """The server has it, and the phone does not know."""
        answer = route.fetch()
        if lose["left"]:
            lose["left"] -= 1
            return route.abort()
        return route.fulfill(response=answer)

    page.route("**/warehouse/deeds", lost)
    choose(page, "destroy")
    scan(page, code(goods.case(0)))
    page.locator("[data-send]").click()
    expect(page.locator(".log__entry")).to_contain_text("可能已经送达")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".log__entry")).to_have_attribute("data-state", "sent")
    assert Movement.objects.count() == 1


def test_a_refusal_names_the_unit_and_the_rest_is_mended_and_sent(signed_in, goods, picture):
    page = signed_in(worker_of(goods.brand), language="en")
    choose(page, "destroy")
    scan(page, code(goods.case(0)))
    scan(page, code(goods.item(9), Role.ITEM_INNER))
    expect(page.locator(".scanned__row--bad")).to_contain_text("under the cap")
    page.locator("[data-send]").click()
    expect(page.locator(".log__entry")).to_have_attribute("data-state", "refused")
    picture(page, "warehouse-refused")
    page.get_by_role("button", name="Put back on the list to mend it").click()
    page.locator(".scanned__row--bad").get_by_role("button").click()
    page.locator("[data-send]").click()
    expect(page.locator(".log__entry")).to_have_attribute("data-state", "sent")
    assert Movement.objects.get().lines.get().items == 6


def test_a_case_is_packed_by_scanning_it_and_then_what_goes_in(signed_in, picture, transactional_db):
    goods = make_goods()
    page = signed_in(worker_of(goods.brand))
    choose(page, "pack")
    page.locator("#full").fill("6")
    scan(page, code(goods.case(0)))
    expect(page.locator("[data-parent-name]")).to_contain_text(str(goods.case(0)))
    for number in range(5):
        scan(page, code(goods.item(number), Role.ITEM_OUTER))
    expect(page.locator("[data-count]")).to_have_text("5 / 6")
    page.locator("[data-undo]").click()
    expect(page.locator("[data-send]")).to_contain_text("4 / 6")
    picture(page, "warehouse-pack")
    page.locator("[data-send]").click()
    expect(page.locator(".log__entry")).to_have_attribute("data-state", "sent")
    packing = Packing.objects.get()
    assert (packing.parent_serial, packing.children.lower, packing.children.upper) == (
        goods.case(0),
        goods.item(0),
        goods.item(4),
    )


def test_an_owner_counts_a_receipt_and_is_told_what_does_not_fit(signed_in, goods, store, picture):
    moved("ship", store, goods.pallet(0), reference="DN-1")
    page = signed_in(store.owner.user, size={"width": 1280, "height": 800})
    page.locator("#reference").fill("DN-1")
    page.locator("#reference").press("Tab")
    page.locator("[data-whole]").check()
    scan(page, code(goods.case(0)))
    expect(page.locator("[data-expected]")).to_contain_text("6 / 12")
    page.locator("[data-counted]").fill("5")
    page.locator("[data-counted]").press("Tab")
    picture(page, "warehouse-receive")
    page.locator("[data-send]").click()
    expect(page.locator(".log__entry")).to_have_attribute("data-state", "sent")
    expect(page.locator(".log__entry")).to_contain_text("短少")
    assert sorted(Movement.objects.latest("pk").exceptions.values_list("kind", "counted")) == [
        ("short", 5),
        ("short", 6),
    ]


def test_a_session_that_ended_keeps_what_was_scanned(signed_in, goods):
    page = signed_in(worker_of(goods.brand))
    choose(page, "destroy")
    scan(page, code(goods.case(0)))
    page.context.clear_cookies()
    page.locator("[data-send]").click()
    expect(page.locator("[data-notice]")).to_contain_text("登录")
    expect(page.locator(".log__entry")).to_have_attribute("data-state", "queued")
    assert not Movement.objects.exists()
