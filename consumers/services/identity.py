"""Signing in: from a proven identity to the consumer whom a brand knows by it."""

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consumers.models import Consumer, Identity
from core.errors import Forbidden, Invalid
from stores.models import Brand
from stores.public_codes import new_code

NAME_LENGTH = 60
LOCAL = "local"


class LocalIdentityOff(Forbidden):
    code = "local_identity_off"
    title = gettext_lazy("Signing in by name alone is switched off here.")


def sign_in_local(*, brand: Brand, name: str, now: dt.datetime) -> Consumer:
    """The consumer of this name in this brand, made at the first sign-in. For the demo and development alone.

    The same name is the same person, also when two first sign-ins arrive at once.

    Raises:
        LocalIdentityOff: settings.LOCAL_IDENTITY is not set.
        Invalid: the name has not 1 to 60 characters, or holds control characters.
    """
    if not settings.LOCAL_IDENTITY:
        raise LocalIdentityOff
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        raise Invalid(fields={"name": [_("Give a name of 1 to 60 characters.")]})
    return find_or_join(brand=brand, provider=LOCAL, subject=name.casefold(), name=name, now=now)


def find_or_join(*, brand: Brand, provider: str, subject: str, name: str, now: dt.datetime) -> Consumer:
    """The consumer of a proven identity; a new one where the brand does not know it yet."""
    known = consumer_by(brand=brand, provider=provider, subject=subject)
    if known is not None:
        return known
    try:
        return join(brand=brand, provider=provider, subject=subject, name=name, now=now)
    except IntegrityError:
        known = consumer_by(brand=brand, provider=provider, subject=subject)
        if known is None:
            raise
        return known


@transaction.atomic
def join(*, brand: Brand, provider: str, subject: str, name: str, now: dt.datetime) -> Consumer:
    """A new consumer with this identity; IntegrityError where the identity is taken."""
    consumer = Consumer.objects.create(brand=brand, c_code=new_code("C"), name=name, created_at=now)
    Identity.objects.create(brand=brand, consumer=consumer, provider=provider, subject=subject)
    return consumer


def consumer_by(*, brand: Brand, provider: str, subject: str) -> Consumer | None:
    """Who this identity belongs to."""
    identities = Identity.objects.filter(brand=brand, provider=provider, subject=subject)
    found = identities.select_related("consumer").first()
    return found.consumer if found else None
