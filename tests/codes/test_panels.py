import pytest
from django.template.loader import render_to_string

from codes.dashboard.panels import b_code
from tests.factories.stores import StoreFactory


@pytest.mark.django_db
def test_the_stores_page_shows_its_own_code_as_a_picture_to_print(rf, settings):
    settings.PUBLIC_URL = "https://code.example"
    store = StoreFactory()
    panel = b_code(rf.get("/"), store)
    page = render_to_string(panel.template, panel.context)
    assert panel.context["address"] == f"https://code.example/c/{store.b_code}"
    assert "data:image/svg+xml;base64," in page
