"""Brands, regions, people and stores for tests. Regions are made as a small tree: nation, 四川, 成都, 锦江."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from stores.models import Brand, Dealer, Region, Salesperson, Store, StoreOwner, User, Visit
from stores.public_codes import new_code

NOON = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)
"""Noon of a Monday in Shanghai."""


class BrandFactory(DjangoModelFactory):
    class Meta:
        model = Brand

    slug = factory.Sequence(lambda n: f"brand-{n}")
    name = factory.Sequence(lambda n: f"品牌{n}")


class UserFactory(DjangoModelFactory):
    """A staff account of a brand, password "secret". `platform=True`: a superuser without a brand."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        platform = factory.Trait(brand=None, is_superuser=True)

    username = factory.Sequence(lambda n: f"user-{n}")
    brand = factory.SubFactory(BrandFactory)
    is_staff = True
    password = factory.django.Password("secret")


class RegionFactory(DjangoModelFactory):
    """A region by code; the parents above it are made as needed. Default: the district 锦江 (510104)."""

    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = "510104"
    name = factory.LazyAttribute(lambda r: NAMES.get(r.code, f"地区{r.code}"))
    parent = factory.LazyAttribute(lambda r: RegionFactory(code=above(r.code)) if above(r.code) else None)
    level = factory.LazyAttribute(lambda r: 0 if r.parent is None else r.parent.level + 1)
    lineage = factory.LazyAttribute(lambda r: [*(r.parent.lineage if r.parent else []), r.code])


NAMES = {"000000": "中国", "510000": "四川省", "510100": "成都市", "510104": "锦江区", "510105": "青羊区"}


def above(code: str) -> str:
    """Code of the region one level up; "" above the nation."""
    if code == "000000":
        return ""
    if code.endswith("0000"):
        return "000000"
    return code[:2] + "0000" if code.endswith("00") else code[:4] + "00"


class DealerFactory(DjangoModelFactory):
    class Meta:
        model = Dealer
        skip_postgeneration_save = True

    brand = factory.SubFactory(BrandFactory)
    number = factory.Sequence(lambda n: f"D{n}")
    name = factory.Sequence(lambda n: f"经销商{n}")


class SalespersonFactory(DjangoModelFactory):
    """With a user account of the same brand."""

    class Meta:
        model = Salesperson

    brand = factory.SubFactory(BrandFactory)
    user = factory.SubFactory(UserFactory, brand=factory.SelfAttribute("..brand"), is_staff=False)
    number = factory.Sequence(lambda n: f"S{n}")
    name = factory.Sequence(lambda n: f"业务员{n}")
    region = factory.SubFactory(RegionFactory)


class StoreOwnerFactory(DjangoModelFactory):
    """With a user account and a wallet."""

    class Meta:
        model = StoreOwner

    brand = factory.SubFactory(BrandFactory)
    user = factory.SubFactory(UserFactory, brand=factory.SelfAttribute("..brand"), is_staff=False)
    name = factory.Sequence(lambda n: f"店主{n}")
    wallet = factory.Sequence(lambda n: f"wallet-{n}")


class StoreFactory(DjangoModelFactory):
    """A store in 锦江, Chengdu, with owner, dealer and salesperson of its own brand."""

    class Meta:
        model = Store

    brand = factory.SubFactory(BrandFactory)
    number = factory.Sequence(lambda n: f"T{n}")
    name = factory.Sequence(lambda n: f"门店{n}")
    b_code = factory.LazyFunction(lambda: new_code("B"))
    owner = factory.SubFactory(StoreOwnerFactory, brand=factory.SelfAttribute("..brand"))
    dealer = factory.SubFactory(DealerFactory, brand=factory.SelfAttribute("..brand"))
    salesperson = factory.SubFactory(SalespersonFactory, brand=factory.SelfAttribute("..brand"))
    region = factory.SubFactory(RegionFactory)
    latitude = 30.657
    longitude = 104.080
    created_at = NOON


class VisitFactory(DjangoModelFactory):
    class Meta:
        model = Visit

    store = factory.SubFactory(StoreFactory)
    salesperson = factory.SelfAttribute("store.salesperson")
    visited_at = NOON
