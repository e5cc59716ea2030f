"""What a person does on the page behind a code, as tests say it."""

from playwright.sync_api import Page, expect


def look(page: Page, code: str) -> None:
    page.goto(f"/c/{code}")


def go_without_place(page: Page) -> None:
    page.get_by_role("button", name="不用位置").click()


def allow_place(page: Page) -> None:
    page.get_by_role("button", name="允许", exact=True).click()


def wait_until_noted(page: Page) -> None:
    expect(page.locator("[data-status]")).to_have_text("本次扫码已记录。")


def scan(page: Page, code: str) -> None:
    """Look, answer the question for the place if it is put, and wait until the scan is kept."""
    look(page, code)
    if page.locator("[data-ask]").is_visible():
        go_without_place(page)
    wait_until_noted(page)


def say_name(page: Page, name: str = "李雷") -> None:
    page.get_by_label("红包发给谁").fill(name)
    page.get_by_role("button", name="继续").click()


def seal(page: Page):
    return page.get_by_role("button", name="开", exact=True)
