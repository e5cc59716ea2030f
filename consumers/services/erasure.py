"""Forgetting a person on request, while the books stay whole."""

import datetime as dt

from django.db import transaction
from django.db.models import F

from consumers.exports import erasures
from consumers.models import Consent, Consumer, Identity
from core import audit


@transaction.atomic
def erase(*, consumer: Consumer, now: dt.datetime) -> Consumer:
    """Remove the name, every identity and what higher rooms know of the person, end all sessions and consents.

    Signing in again makes a new person. What remains is a nameless id, to which scans and money history stay attached.
    Erasing twice changes nothing.
    """
    locked = Consumer.objects.select_for_update().select_related("brand").get(pk=consumer.pk)
    if locked.erased_at is not None:
        return locked
    Identity.objects.filter(consumer=locked).delete()
    for forget in erasures():
        forget(locked)
    Consent.objects.filter(consumer=locked, withdrawn_at__isnull=True).update(withdrawn_at=now)
    Consumer.objects.filter(pk=locked.pk).update(name="", erased_at=now, session_epoch=F("session_epoch") + 1)
    audit.record(
        actor=f"consumer:{locked.pk}",
        action="consumer.erase",
        subject=locked,
        at=now,
        brand_slug=locked.brand.slug,
    )
    locked.refresh_from_db()
    return locked
