"""Consumers for tests."""

import factory
from factory.django import DjangoModelFactory

from consumers.models import Consent, Consumer, Identity
from stores.public_codes import new_code
from tests.factories.stores import NOON, BrandFactory


class ConsumerFactory(DjangoModelFactory):
    """With a local identity of the same name."""

    class Meta:
        model = Consumer
        skip_postgeneration_save = True

    brand = factory.SubFactory(BrandFactory)
    c_code = factory.LazyFunction(lambda: new_code("C"))
    name = factory.Sequence(lambda n: f"顾客{n}")
    created_at = NOON
    identity = factory.RelatedFactory("tests.factories.consumers.IdentityFactory", factory_related_name="consumer")


class IdentityFactory(DjangoModelFactory):
    class Meta:
        model = Identity

    consumer = factory.SubFactory(ConsumerFactory, identity=None)
    brand = factory.SelfAttribute("consumer.brand")
    provider = "local"
    subject = factory.SelfAttribute("consumer.name")


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    consumer = factory.SubFactory(ConsumerFactory)
    purpose = Consent.Purpose.TERMS
    version = "1"
    given_at = NOON
