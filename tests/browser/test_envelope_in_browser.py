"""From a fresh code to money in the wallet, in a real browser, with a real worker."""

import time

import pytest
from django.core.management import call_command
from django.db.models import Sum
from playwright.sync_api import expect

from codes.models import Opening
from rewards.models import Account, Claim, Grant, Payout, Posting
from tests.browser.scanning import go_without_place, look, say_name, scan, seal, wait_until_noted

WITHIN = 5.0


def balance(kind):
    account = Account.objects.get(kind=kind)
    into, out = (
        Posting.objects.filter(**{side: account}).aggregate(fen=Sum("amount_fen"))["fen"] or 0
        for side in ("to_account", "from_account")
    )
    return into - out


def open_envelope(page, code, name="李雷"):
    scan(page, code)
    say_name(page, name)
    seal(page).click()
    expect(page.locator("[data-amount]")).to_have_text("¥8.88")


@pytest.mark.alone
@pytest.mark.usefixtures("worker")
def test_a_fresh_code_is_genuine_opens_is_paid_within_seconds_and_moves_the_store(phone, window, picture):
    desk, page = phone(), phone()
    see_own_store(desk, window.store)
    expect(opened_today(desk)).to_have_text("0")
    scan(page, window.inner())
    expect(page.get_by_role("heading", level=1)).to_have_text("正品")
    say_name(page)
    seal(page).click()
    began = time.monotonic()
    expect(page.locator("[data-envelope-status]")).to_have_text("已到账")
    took = time.monotonic() - began
    picture(page, "envelope-paid-zh")
    page.get_by_role("link", name="去我的钱包").click()
    expect(page.locator(".wallet-head__sum")).to_have_text("¥8.88")
    picture(page, "wallet-zh")
    assert Opening.objects.get().binding.store == window.store
    wait_until(lambda: not Payout.objects.exclude(state="paid").exists())
    assert {grant.payee for grant in Grant.objects.filter(state="paid")} >= {"consumer"}
    assert (balance("paid"), balance("payable"), balance("reserved")) == (988, 0, 0)
    assert (balance("budget"), -balance("source")) == (100_000 - 988, 100_000)
    expect(opened_today(desk)).to_have_text("1", timeout=30_000)
    picture(desk, "dashboard-store-zh")
    assert window.store.days.get(opened=1).users == 1
    call_command("recount")
    assert took < WITHIN


def opened_today(desk):
    """The figure on a store's page, which keeps itself up to date."""
    return desk.locator(".kpi", has_text="今日开瓶").locator(".kpi__value")


def see_own_store(desk, store):
    """The store's salesperson signs in, finds it in the list, and looks at its page."""
    desk.goto("/dashboard/")
    desk.locator("input[name=username]").fill(store.salesperson.user.username)
    desk.locator("input[name=password]").fill("secret")
    desk.locator("main button[type=submit], main form button").first.click()
    expect(desk.get_by_text(store.name).first).to_be_visible()
    desk.goto(f"/dashboard/stores/{store.pk}/")


def wait_until(holds):
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.2)


def test_a_double_tap_opens_once(phone, window):
    page = phone()
    scan(page, window.inner())
    say_name(page)
    expect(seal(page)).to_be_enabled()
    seal(page).dblclick()
    expect(page.locator("[data-amount]")).to_have_text("¥8.88")
    assert (Claim.objects.count(), Grant.objects.filter(payee="consumer").count()) == (1, 1)


def test_tapping_open_before_answering_about_the_place_goes_on_without_it(phone, window):
    page = phone()
    look(page, window.inner())
    say_name(page)
    seal(page).click()
    expect(page.locator("[data-amount]")).to_have_text("¥8.88")
    expect(page.locator("[data-ask]")).to_be_hidden()


def test_a_lost_network_at_the_opening_leaves_the_envelope_closed_and_a_way_on(phone, window):
    page = phone()
    scan(page, window.inner())
    say_name(page)
    expect(seal(page)).to_be_enabled()
    page.context.set_offline(True)
    seal(page).click()
    expect(page.locator("[data-refusal]")).to_contain_text("网络没有连上")
    page.context.set_offline(False)
    seal(page).click()
    expect(page.locator("[data-amount]")).to_have_text("¥8.88")
    assert Claim.objects.count() == 1


def test_whoever_comes_second_reads_that_the_envelope_is_gone(phone, window, picture):
    first, second = phone(), phone()
    look(second, window.inner())
    open_envelope(first, window.inner(), "李雷")
    go_without_place(second)
    wait_until_noted(second)
    say_name(second, "韩梅梅")
    seal(second).click()
    expect(second.locator("[data-refusal]")).to_contain_text("已被他人领取")
    picture(second, "envelope-refused-zh")


def test_the_keyboard_alone_is_enough(phone, window):
    page = phone(language="en-US")
    look(page, window.inner())
    reach(page, "Go on without")
    page.keyboard.press("Enter")
    expect(page.locator("[data-status]")).to_have_text("Your scan has been noted.")
    reach(page, "Whom is the envelope for?")
    page.keyboard.type("Li Lei")
    page.keyboard.press("Enter")
    expect(seal_in_english(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-amount]")).to_have_text("¥8.88")


def seal_in_english(page):
    return page.get_by_role("button", name="Open", exact=True)


def reach(page, name):
    """Tab on until the control of this name has the focus."""
    target = page.get_by_role("button", name=name).or_(page.get_by_label(name)).first
    for _ in range(30):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{name} is not reached by keyboard")


def test_the_wallet_turns_to_paid_by_itself(phone, window, request, picture):
    page = phone()
    open_envelope(page, window.inner())
    page.goto("/wallet/")
    expect(page.get_by_text("发放中")).to_be_visible()
    picture(page, "wallet-waiting-zh")
    request.getfixturevalue("worker")
    expect(page.locator(".rows .badge")).to_have_text("已到账")
    expect(page.locator("[hx-trigger]")).to_have_count(0)
