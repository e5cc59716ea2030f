import pytest
from django.contrib.admin import AdminSite
from django.http import Http404
from django.test import RequestFactory

from stores.admin.scoped import BrandScopedAdmin, brand_path_of
from stores.models import Brand, Dealer, Region, Store, Visit
from tests.factories.stores import BrandFactory, DealerFactory, RegionFactory, StoreFactory, UserFactory

pytestmark = pytest.mark.django_db


def request_of(user):
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


def admin_of(model):
    return BrandScopedAdmin(model, AdminSite())


def test_the_path_to_the_brand_is_found_through_foreign_keys():
    assert [brand_path_of(model) for model in (Brand, Store, Visit, Region)] == ["pk", "brand", "store__brand", None]


def test_staff_of_a_brand_see_only_its_rows():
    mine, _other = StoreFactory(), StoreFactory()
    staff = UserFactory(brand=mine.brand)
    assert list(admin_of(Store).get_queryset(request_of(staff))) == [mine]


def test_the_platform_sees_all_rows():
    StoreFactory.create_batch(2)
    assert admin_of(Store).get_queryset(request_of(UserFactory(platform=True))).count() == 2


def test_staff_without_a_brand_who_are_no_superusers_see_nothing():
    StoreFactory()
    assert not admin_of(Store).get_queryset(request_of(UserFactory(brand=None))).exists()


def test_choices_of_a_foreign_key_are_those_of_the_brand():
    mine, _other = DealerFactory(), DealerFactory()
    request = request_of(UserFactory(brand=mine.brand))
    field = admin_of(Store).formfield_for_dbfield(Store._meta.get_field("dealer"), request)
    assert list(field.queryset) == [mine]


def test_another_brands_object_answers_404():
    store = StoreFactory()
    request = request_of(UserFactory(is_superuser=True))
    with pytest.raises(Http404):
        admin_of(Store).changeform_view(request, str(store.pk))


def test_the_form_of_a_brands_staff_fills_in_the_brand():
    brand, region = BrandFactory(), RegionFactory()
    request = request_of(UserFactory(brand=brand, is_superuser=True))
    form = admin_of(Dealer).get_form(request)({"number": "D1", "name": "名酒商行", "regions": [region.pk]})
    assert form.is_valid(), form.errors
    assert form.save().brand == brand


def test_a_number_taken_in_the_brand_is_an_error_of_the_form():
    taken = DealerFactory()
    request = request_of(UserFactory(brand=taken.brand, is_superuser=True))
    form = admin_of(Dealer).get_form(request)({"number": taken.number, "name": "x", "regions": [RegionFactory().pk]})
    assert not form.is_valid()


def test_the_platform_cannot_tie_a_store_to_another_brands_dealer():
    brand, foreign = BrandFactory(), DealerFactory()
    form = admin_of(Store).get_form(request_of(UserFactory(platform=True)))(
        {
            "brand": brand.pk,
            "number": "T1",
            "name": "x",
            "kind": "other",
            "b_code": "B" + "0" * 16,
            "dealer": foreign.pk,
            "region": RegionFactory().pk,
            "created_at_0": "2026-03-02",
            "created_at_1": "12:00",
        }
    )
    assert set(form.errors) == {"dealer"}
