import pytest

from codes.models import ProductLink
from codes.services.product_links import LinkFacts, LinkTaken, add_link, change_link, remove_link
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from tests.factories.codes import BatchFactory, ProductFactory
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return ProductFactory()


def facts(**changed):
    return LinkFacts(**{"link_type": "gs1:pip", "href": "https://one.cn/a", "title": "About"} | changed)


def add(product, **changed):
    return add_link(brand=product.brand, product_id=product.pk, facts=facts(**changed), actor="user:ann", now=NOON)


def test_a_link_is_added_and_audited(product):
    link = add(product)
    assert (link.product, link.href) == (product, "https://one.cn/a")
    entry = AuditEntry.objects.get(action="product_link.add")
    assert entry.after["link_type"] == "gs1:pip"


def test_a_new_default_takes_the_place_of_the_one_before(product):
    first = add(product, is_default=True)
    second = add(product, link_type="gs1:faqs", is_default=True)
    of_batch = add(product, batch_id=BatchFactory(product=product).pk, is_default=True)
    defaults = ProductLink.objects.filter(is_default=True).order_by("id")
    assert list(defaults) == [second, of_batch]
    assert first.pk not in {link.pk for link in defaults}


def test_one_type_language_and_context_has_one_link(product):
    add(product)
    add(product, language="en")
    add(product, context="US")
    with pytest.raises(LinkTaken):
        add(product)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("href", "javascript:alert(1)"),
        ("href", "/relative"),
        ("title", " "),
        ("link_type", "gs1:nothing"),
        ("language", "xx"),
        ("batch_id", 0),
    ],
)
def test_what_cant_be_is_refused_at_its_field(product, field, value):
    with pytest.raises(Invalid) as refusal:
        add(product, **{field: value})
    assert list(refusal.value.fields) == [field.removesuffix("_id")]
    assert not ProductLink.objects.exists()


def test_a_link_is_changed_and_the_trail_says_from_what(product):
    link = add(product)
    changed = change_link(
        brand=product.brand, link_id=link.pk, facts=facts(href="https://one.cn/b"), actor="user:ann", now=NOON
    )
    entry = AuditEntry.objects.get(action="product_link.change")
    assert (changed.href, entry.before["href"], entry.after["href"]) == (
        "https://one.cn/b",
        "https://one.cn/a",
        "https://one.cn/b",
    )


def test_a_removed_link_leaves_what_it_said_in_the_trail(product):
    link = add(product)
    remove_link(brand=product.brand, link_id=link.pk, actor="user:ann", now=NOON)
    assert not ProductLink.objects.exists()
    assert AuditEntry.objects.get(action="product_link.remove").before["href"] == "https://one.cn/a"


def test_another_brand_s_product_and_link_are_not_there(product):
    link = add(product)
    stranger = BrandFactory()
    with pytest.raises(NotFound):
        add_link(brand=stranger, product_id=product.pk, facts=facts(), actor="user:eve", now=NOON)
    with pytest.raises(NotFound):
        change_link(brand=stranger, link_id=link.pk, facts=facts(), actor="user:eve", now=NOON)
