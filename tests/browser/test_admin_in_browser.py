"""Every list and form of the admin, in Chinese, at both widths."""

import pytest
from django.contrib.admin.sites import site
from django.contrib.auth.models import Permission
from django.urls import reverse

from stores.models import Brand
from tests.browser.conftest import DESKTOP
from tests.factories.stores import StoreFactory, UserFactory


@pytest.fixture(params=["manager", "platform"])
def staff(window, request, client):
    """Somebody of the brand with all rights, or of the platform; answers the session's cookie."""
    brand = Brand.objects.order_by("pk").first()
    StoreFactory(brand=brand)
    user = UserFactory(brand=brand) if request.param == "manager" else UserFactory(platform=True)
    user.user_permissions.set(Permission.objects.all())
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return request.param, client.cookies["sessionid"].value


def test_every_page_of_the_admin_opens(staff, phone, live_server, picture):
    who, session = staff
    page = phone(size=DESKTOP)
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    allowed = {200, 403}
    found = {"today": page.goto(reverse("admin:index")).status}
    picture(page, f"admin-{who}-today")
    for model in site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        for step in ("changelist", "add"):
            found[f"{name} {step}"] = status = page.goto(reverse(f"admin:{name}_{step}")).status
            if status == 200:
                picture(page, f"admin-{who}-{name}-{step}")
    assert {name: status for name, status in found.items() if status not in allowed} == {}
