"""Every page, in both languages, at the width of a phone and of a desk; none may scroll sideways, even at 320 px."""

import pytest

from codes.services.scanning import NewScan, record_scan
from core import clock
from tests.factories.consumers import ConsumerFactory

NARROW = {"width": 320, "height": 640}
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def pages(window):
    repeat = window.inner(3)
    record_scan(NewScan(code=repeat, visitor="somebody", nonce="n"), now=clock.now())
    return {
        "front": "/",
        "front-wrong": "/?code=hello",
        "genuine-inner": f"/c/{window.inner()}",
        "genuine-outer": f"/c/{window.outer()}",
        "repeat": f"/c/{repeat}",
        "not-activated": f"/c/{window.said('issued')}",
        "frozen": f"/c/{window.said('frozen')}",
        "recalled": f"/c/{window.said('recalled')}",
        "voided": f"/c/{window.said('voided')}",
        "unknown": "/c/10000000000000000",
        "malformed": "/c/HELLO",
        "store": f"/c/{window.store.b_code}",
        "member": f"/c/{ConsumerFactory(brand=window.brand).c_code}",
        "sign-in": "/wallet/",
        "404": "/nowhere",
    }


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_every_page_stands_at_every_width(phone, pages, picture, language):
    page = phone(language=language)
    sideways = []
    for name, path in pages.items():
        page.goto(path)
        picture(page, f"{name}-{language[:2]}")
        page.set_viewport_size(NARROW)
        sideways += [name] if page.evaluate(SIDEWAYS) else []
    assert sideways == []
