import pytest
from django.utils import translation

from stores.selectors.signs import sign_of
from tests.factories.stores import StoreFactory

pytestmark = pytest.mark.django_db


def test_a_sign_tells_name_kind_and_regions_from_the_province_down():
    store = StoreFactory(kind="tobacco", address="春熙路 1 号")
    with translation.override("en"):
        sign = sign_of(store.pk)
    assert (sign.name, sign.address, sign.brand_slug) == (store.name, "春熙路 1 号", store.brand.slug)
    assert sign.regions == ("四川省", "成都市", "锦江区")


def test_a_closed_store_has_no_sign():
    assert sign_of(StoreFactory(is_active=False).pk) is None
