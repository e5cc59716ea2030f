"""A real Chromium against a live server with a database of its own."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, expect, sync_playwright

from config.launcher.table import LONG_QUEUE
from tests.factories.shop_window import ShopWindow

# Playwright's loop runs in the test's own thread, where the factories write.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# Generous: the machine may be busy with other things. What must be quick is measured where it is claimed.
expect.set_options(timeout=20_000)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""The one without windows takes half the time."""
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
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
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
        context.set_default_timeout(20_000)
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
    """A real Celery worker on the test's database, ready to work."""
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].replace("/onecode?", f"/{name}?")
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "-c", "1", "-l", "info"]
    queues = ["-Q", f"celery,{LONG_QUEUE}"]
    beat = ["-B", "-s", str(tmp_path / "beat")]
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    path = tmp_path / "worker.log"
    with path.open("wb") as log:
        process = subprocess.Popen([*command, *queues, *beat], env=environment, stdout=log, stderr=log)
        wait_for("ready.", path)
        yield
        process.terminate()
        process.wait(timeout=60)


def wait_for(word: str, path: Path, seconds: float = 60) -> None:
    """Until the log says it; fails with the log otherwise."""
    deadline = time.monotonic() + seconds
    while word not in path.read_text():
        if time.monotonic() > deadline:
            pytest.fail(path.read_text())
        time.sleep(0.2)


@pytest.fixture
def picture():
    """Saves the page at phone and desktop width below $ONECODE_SHOTS; without it, does nothing."""
    folder = os.environ.get("ONECODE_SHOTS", "")

    def save(page: Page, name: str) -> None:
        if not folder:
            return
        page.wait_for_load_state("networkidle")
        was = page.viewport_size
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)
            path = Path(folder) / f"{name}-{size['width']}.png"
            page.screenshot(path=path, full_page=True, animations="disabled")
        page.set_viewport_size(was)

    return save
