"""A real Chromium against a live server with a database of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

from tests.factories.shop_window import ShopWindow

# Playwright's loop runs in the test's own thread, where the factories write.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
CHENGDU = {"latitude": 30.6571, "longitude": 104.0806, "accuracy": 12}


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in Path(item.path).parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def window(transactional_db):
    return ShopWindow()


class Phones:
    """Opens browsers of their own, and remembers what broke in them."""

    def __init__(self, browser: Browser, base_url: str):
        self.browser = browser
        self.base_url = base_url
        self.contexts = []
        self.broken: list[str] = []

    def __call__(self, *, language: str = "zh-CN", size: dict | None = None, **options) -> Page:
        context = self.browser.new_context(
            base_url=self.base_url, locale=language, viewport=size or PHONE, timezone_id="Asia/Shanghai", **options
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on("console", lambda line: self.broken.append(line.text) if "Content Security" in line.text else None)
        return page


@pytest.fixture
def phone(chromium, live_server) -> Iterator[Phones]:
    """Call it for a page on a new phone; at the end no script may have failed and no policy been broken."""
    phones = Phones(chromium, live_server.url)
    yield phones
    for context in phones.contexts:
        context.close()
    assert phones.broken == []


@pytest.fixture
def worker(transactional_db, tmp_path) -> Iterator[None]:
    """A real Celery worker on the test's database."""
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].replace("/onecode?", f"/{name}?")
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "-c", "1", "-l", "warning"]
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        yield
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def picture():
    """Saves the page at phone and desktop width below $ONECODE_SHOTS; without it, does nothing."""
    folder = os.environ.get("ONECODE_SHOTS", "")

    def save(page: Page, name: str) -> None:
        if not folder:
            return
        was = page.viewport_size
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)
            path = Path(folder) / f"{name}-{size['width']}.png"
            page.screenshot(path=path, full_page=True, animations="disabled")
        page.set_viewport_size(was)

    return save
