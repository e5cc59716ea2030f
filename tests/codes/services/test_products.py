import datetime as dt

import pytest

from codes.models import Batch, Product
from codes.services.products import (
    BatchFacts,
    GtinTaken,
    LotTaken,
    ProductFacts,
    change_batch,
    change_product,
    create_batch,
    create_product,
)
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from tests.factories.codes import BatchFactory, ProductFactory, gtin_of
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db


def create(**facts):
    brand = facts.pop("brand", None) or BrandFactory()
    wanted = ProductFacts(**{"gtin": gtin_of(1), "name": "大曲"} | facts)
    return create_product(brand=brand, facts=wanted, actor="user:ann", now=NOON)


def test_a_product_is_created_and_audited():
    product = create(name=" 大曲 ", specification="500 ml")
    assert (product.name, product.specification, product.gtin) == ("大曲", "500 ml", gtin_of(1))
    assert AuditEntry.objects.get().action == "product.create"


def test_a_gtin_of_13_digits_becomes_one_of_14():
    assert create(gtin=gtin_of(1)[1:]).gtin == gtin_of(1)


def test_a_wrong_check_digit_is_refused_with_the_right_one():
    wrong = gtin_of(1)[:-1] + str((int(gtin_of(1)[-1]) + 1) % 10)
    with pytest.raises(Invalid) as refusal:
        create(gtin=wrong)
    assert f"must be {gtin_of(1)[-1]}" in refusal.value.fields["gtin"][0]
    assert not Product.objects.exists()


def test_a_product_without_a_name_is_refused():
    with pytest.raises(Invalid) as refusal:
        create(name="  ")
    assert list(refusal.value.fields) == ["name"]


def test_a_gtin_names_one_product():
    create()
    with pytest.raises(GtinTaken):
        create()


def test_a_batch_is_created_and_audited_once():
    product = ProductFactory()
    facts = BatchFacts(lot=" A1 ", produced_on=dt.date(2026, 1, 1))
    first = create_batch(product=product, facts=facts, actor="user:ann", now=NOON)
    again = create_batch(product=product, facts=facts, actor="user:ann", now=NOON)
    assert first == again
    assert first.lot == "A1"
    assert AuditEntry.objects.filter(action="batch.create").count() == 1


def test_a_lot_with_other_dates_is_refused():
    product = ProductFactory()
    create_batch(product=product, facts=BatchFacts("A1", dt.date(2026, 1, 1)), actor="user:ann", now=NOON)
    with pytest.raises(LotTaken):
        create_batch(product=product, facts=BatchFacts("A1", dt.date(2026, 1, 2)), actor="user:ann", now=NOON)


@pytest.mark.parametrize("lot", ["", "   ", "x" * 21])
def test_a_lot_that_gs1_does_not_allow_is_refused(lot):
    with pytest.raises(Invalid) as refusal:
        create_batch(product=ProductFactory(), facts=BatchFacts(lot), actor="user:ann", now=NOON)
    assert list(refusal.value.fields) == ["lot"]
    assert not Batch.objects.exists()


def test_a_batch_does_not_expire_before_its_production():
    facts = BatchFacts("A1", dt.date(2026, 1, 2), dt.date(2026, 1, 1))
    with pytest.raises(Invalid) as refusal:
        create_batch(product=ProductFactory(), facts=facts, actor="user:ann", now=NOON)
    assert list(refusal.value.fields) == ["expires_on"]


def test_a_product_never_loses_its_name():
    product = ProductFactory(name="大曲")
    with pytest.raises(Invalid) as refusal:
        change_product(
            brand=product.brand, product_id=product.pk, facts=ProductFacts("", " "), actor="user:ann", now=NOON
        )
    product.refresh_from_db()
    assert (list(refusal.value.fields), product.name) == (["name"], "大曲")


def test_another_brands_product_and_batch_are_not_there_to_be_changed():
    batch = BatchFactory()
    told = {"brand": BrandFactory(), "actor": "user:ann", "now": NOON}
    with pytest.raises(NotFound):
        change_product(product_id=batch.product_id, facts=ProductFacts("", "x"), **told)
    with pytest.raises(NotFound):
        change_batch(batch_id=batch.pk, facts=BatchFacts(""), **told)
    assert not AuditEntry.objects.exists()
