"""Django's own checks, with the admin as the web's processes load it: workers and commands skip them or it."""

import pytest
from django.core import checks


@pytest.mark.django_db
def test_nothing_is_found_of_models_admin_urls_and_database():
    found = checks.run_checks(databases=["default"])
    assert [message for message in found if not message.is_silenced()] == []
