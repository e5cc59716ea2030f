"""Redeeming vouchers at a counter whose line comes and goes."""

import datetime as dt

from django.urls import reverse
from playwright.sync_api import expect

from core import clock
from rewards.models import Grant, Payout, Voucher
from tests.factories.vouchers import EXCHANGE, won_voucher


def test_a_voucher_taken_without_a_line_outlives_a_reload_and_is_redeemed_once(
    transactional_db, client, phone, live_server, picture
):
    voucher = won_voucher(EXCHANGE)
    until = clock.now() + dt.timedelta(days=5)
    Grant.objects.update(locked_until=until)
    Voucher.objects.update(valid_until=until)
    client.force_login(voucher.store.owner.user, backend="django.contrib.auth.backends.ModelBackend")
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page, other = phone(), phone(language="en")
    for one in (page, other):
        one.context.add_cookies([session])
        one.goto(reverse("redemptions"))
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    for text in (voucher.consumer.c_code, voucher.code.lower()):
        page.locator("#code").fill(text)
        page.locator("#code").press("Enter")
    page.locator("[data-found] button").click()
    page.reload()
    expect(page.locator(".log__entry")).to_have_attribute("data-state", "queued")
    picture(page, "counter-offline")
    assert Voucher.objects.get().state == "issued"

    lost = {"left": 1}

    def lose(route):
        """The server has it, and the phone does not know."""
        answer = route.fetch()
        if lost["left"]:
            lost["left"] -= 1
            return route.abort()
        return route.fulfill(response=answer)

    page.route("**/redemptions/deeds", lose)
    page.context.set_offline(False)
    expect(page.locator(".log__entry")).to_contain_text("可能已经送达")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".log__entry")).to_have_attribute("data-state", "sent")
    expect(page.locator(".log__entry")).to_contain_text("¥5.00 换购一瓶")
    assert (Voucher.objects.get().state, Payout.objects.count()) == ("redeemed", 1)

    other.locator("#code").fill(f"https://one.cn/v/{voucher.code}")
    other.locator("#code").press("Enter")
    expect(other.locator("[data-notice]")).to_contain_text("redeemed already: at")
    picture(other, "counter-redeemed-before")
