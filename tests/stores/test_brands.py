import pytest
from django.urls import reverse

from core.errors import Invalid, NotFound
from core.models import AuditEntry
from stores.models import Brand
from stores.services.brands import BrandDetails, SlugTaken, change_brand, open_brand
from tests.factories.stores import NOON, BrandFactory, UserFactory

pytestmark = pytest.mark.django_db
SAID = {"now": NOON, "actor": "user:root"}


def test_a_brand_is_taken_in_and_changed_on_record():
    brand = open_brand(slug="spring", details=BrandDetails("江南春"), **SAID)
    changed = change_brand(brand_id=brand.pk, details=BrandDetails("江南春酒", timezone="Asia/Urumqi"), **SAID)
    assert (changed.slug, changed.name, changed.timezone) == ("spring", "江南春酒", "Asia/Urumqi")
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == ["brand.opened", "brand.changed"]


def test_two_brands_never_share_a_slug():
    with pytest.raises(SlugTaken):
        open_brand(slug=BrandFactory().slug, details=BrandDetails("x"), **SAID)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (BrandDetails("  "), "name"),
        (BrandDetails("x", timezone="Mars/Olympus"), "timezone"),
        (BrandDetails("x", public_steps=["owner"]), "public_steps"),
    ],
)
def test_a_brand_without_a_name_or_with_an_unknown_zone_is_refused(details, field):
    with pytest.raises(Invalid) as refusal:
        open_brand(slug="spring", details=details, **SAID)
    assert list(refusal.value.fields) == [field]
    assert not Brand.objects.exists()


def test_a_brand_that_there_is_not_is_not_found():
    with pytest.raises(NotFound):
        change_brand(brand_id=2**31, details=BrandDetails("x"), **SAID)


def test_the_platform_chooses_in_the_admin_what_the_public_page_shows(client):
    brand = BrandFactory()
    client.force_login(UserFactory(platform=True))
    facts = {"name": brand.name, "name_en": "", "timezone": brand.timezone, "is_active": "on"}
    address = reverse("admin:stores_brand_change", args=[brand.pk])
    client.post(address, facts | {"public_steps": ["packed", "opened"]})
    brand.refresh_from_db()
    assert brand.public_steps == ["packed", "opened"]
    client.post(address, facts | {"public_steps": ["owner"]})
    client.post(address, facts)
    brand.refresh_from_db()
    assert brand.public_steps == []
