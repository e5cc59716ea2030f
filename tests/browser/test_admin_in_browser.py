"""Lists and forms of the admin as a browser runs them, in Chinese; that every one opens is tested without a browser.

With $ONECODE_SHOTS every page is opened, and its picture taken at both widths.
"""

import os

import pytest
from django.contrib.admin.sites import site
from django.urls import reverse

from tests.browser.conftest import DESKTOP
from tests.factories.stores import UserFactory

MOST_SCRIPTED = {"campaign", "codeorder", "store", "user"}


@pytest.fixture
def session(window, client):
    """The cookie of somebody of the platform, whose pages hold all that a brand's own staff see."""
    client.force_login(UserFactory(platform=True), backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def models():
    everything = site._registry
    return (
        everything
        if os.environ.get("ONECODE_SHOTS")
        else [m for m in everything if m._meta.model_name in MOST_SCRIPTED]
    )


def test_pages_of_the_admin_run_without_a_fault(session, phone, live_server, picture):
    page = phone(size=DESKTOP)
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    allowed = {200, 403}
    found = {"today": page.goto(reverse("admin:index")).status}
    picture(page, "admin-today")
    for model in models():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        for step in ("changelist", "add"):
            found[f"{name} {step}"] = status = page.goto(reverse(f"admin:{name}_{step}")).status
            if status == 200:
                picture(page, f"admin-{name}-{step}")
    assert {name: status for name, status in found.items() if status not in allowed} == {}
