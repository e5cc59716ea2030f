"""The admin's sidebar: for each what they may view, without a class made for each entry of each page."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from unfold.sites import UnfoldAdminSite

from tests.factories.stores import UserFactory

pytestmark = pytest.mark.django_db


def entries(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    sidebar = client.get(reverse("admin:index"), headers={"accept-language": "en"}).context["sidebar_navigation"]
    return [str(entry["title"]) for group in sidebar for entry in group["items"] if entry["has_permission"]]


def test_everybody_sees_the_entries_that_they_may_follow(client):
    clerk = UserFactory()
    clerk.user_permissions.add(*Permission.objects.filter(codename__in=["view_product", "view_posting"]))
    assert entries(client, clerk) == ["Today", "Products", "Statements", "Trial balance", "Postings"]
    administrator, platform = (UserFactory(is_superuser=True), UserFactory(platform=True))
    assert set(entries(client, platform)) - set(entries(client, administrator)) == {
        *("Groups", "API clients", "Failed sign-ins", "Not examined", "Sandbox: bills", "Sandbox: behaviour"),
    }


def test_the_theme_has_no_right_to_ask_for(client, monkeypatch):
    asked = []
    monkeypatch.setattr(
        UnfoldAdminSite, "_call_permission_callback", lambda _, may, __: asked.append(may) or may is None
    )
    entries(client, UserFactory(platform=True))
    assert asked
    assert set(asked) == {None}
