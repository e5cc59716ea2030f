from playwright.sync_api import expect

from codes.models import Scan
from codes.services.scanning import NewScan, record_scan
from core import clock
from tests.browser.conftest import CHENGDU
from tests.browser.scanning import allow_place, go_without_place, look, scan, wait_until_noted


def test_a_scan_without_place_is_kept_once(phone, window):
    scan(phone(), window.inner())
    kept = Scan.objects.get()
    assert (kept.verdict, kept.latitude, kept.longitude) == ("genuine_first", None, None)


def test_a_phone_that_tells_its_place_has_it_kept_with_the_scan(phone, window):
    page = phone(permissions=["geolocation"], geolocation=CHENGDU)
    look(page, window.inner())
    allow_place(page)
    wait_until_noted(page)
    kept = Scan.objects.get()
    assert (kept.latitude, kept.longitude, kept.region_code) == (30.6571, 104.0806, "510104")


def test_a_phone_that_keeps_its_place_to_itself_has_the_scan_kept_all_the_same(phone, window):
    page = phone(permissions=[])
    look(page, window.inner())
    allow_place(page)
    wait_until_noted(page)
    assert Scan.objects.get().latitude is None


def test_the_answer_about_the_place_is_remembered(phone, window):
    page = phone()
    scan(page, window.inner())
    look(page, window.inner(1))
    wait_until_noted(page)
    expect(page.locator("[data-ask]")).to_be_hidden()
    assert Scan.objects.count() == 2


def test_a_reload_is_the_same_scan_and_tells_the_same_verdict(phone, window):
    page = phone()
    scan(page, window.inner())
    page.reload()
    wait_until_noted(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("正品")
    assert Scan.objects.count() == 1


def test_a_code_that_is_not_genuine_asks_for_no_place(phone, window):
    page = phone()
    look(page, window.said("recalled"))
    wait_until_noted(page)
    expect(page.locator("[data-ask]")).to_be_hidden()
    assert Scan.objects.get().verdict == "recalled"


def test_who_leaves_before_answering_has_the_scan_noted_without_place(phone, window):
    page = phone()
    look(page, window.inner())
    expect(page.locator("[data-ask]")).to_be_visible()
    page.goto("/")
    page.wait_for_timeout(1500)
    assert Scan.objects.get().latitude is None


def test_a_lost_network_is_told_and_the_retry_keeps_one_scan(phone, window):
    page = phone()
    look(page, window.inner())
    page.context.set_offline(True)
    go_without_place(page)
    expect(page.get_by_role("alert")).to_contain_text("网络没有连上")
    page.context.set_offline(False)
    page.get_by_role("button", name="重试").click()
    wait_until_noted(page)
    expect(page.locator("[data-retry]")).to_be_hidden()
    assert Scan.objects.count() == 1


def test_whoever_was_overtaken_between_looking_and_scanning_is_told(phone, window):
    page = phone()
    look(page, window.inner())
    record_scan(NewScan(code=window.inner(), visitor="faster", nonce="n"), now=clock.now())
    go_without_place(page)
    wait_until_noted(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("正品码，但已被扫过")


def test_without_scripts_the_verdict_stands_and_nothing_is_noted(phone, window):
    page = phone(java_script_enabled=False)
    look(page, window.inner())
    expect(page.get_by_role("heading", level=1)).to_have_text("正品")
    assert "请启用 JavaScript" in page.content()
    assert not Scan.objects.exists()


def test_saying_that_one_shops_here_keeps_the_store_as_evidence(phone, window):
    page = phone()
    look(page, window.store.b_code)
    assert not Scan.objects.exists()
    page.get_by_role("button", name="我在这家店购物").click()
    go_without_place(page)
    expect(page.get_by_text("已记录，谢谢")).to_be_visible()
    assert Scan.objects.get().store == window.store


def test_the_language_is_switched_on_the_page_and_back(phone, window):
    page = phone()
    look(page, window.inner())
    page.get_by_role("button", name="Switch to English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Genuine")
    page.get_by_role("button", name="切换到中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("正品")


def test_a_typed_code_leads_to_its_page(phone, window):
    page = phone()
    page.goto("/")
    page.get_by_label("码或链接").fill(window.outer().lower())
    page.get_by_role("button", name="查验").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("正品")
