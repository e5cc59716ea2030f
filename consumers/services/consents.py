"""What a consumer agrees to, and takes back."""

import datetime as dt

from django.db import transaction

from consumers.models import Consent, Consumer


@transaction.atomic
def give_consent(*, consumer: Consumer, purpose: Consent.Purpose, version: str, now: dt.datetime) -> Consent:
    """Keep that the consumer agreed to this version of the text; an older version's consent ends with it."""
    Consumer.objects.select_for_update().get(pk=consumer.pk)
    present = Consent.objects.filter(consumer=consumer, purpose=purpose, withdrawn_at__isnull=True).first()
    if present is not None and present.version == version:
        return present
    withdraw_consent(consumer=consumer, purpose=purpose, now=now)
    return Consent.objects.create(consumer=consumer, purpose=purpose, version=version, given_at=now)


def withdraw_consent(*, consumer: Consumer, purpose: Consent.Purpose, now: dt.datetime) -> bool:
    """Take back what was agreed; whether there was anything to take back. The row stays, with its end."""
    present = Consent.objects.filter(consumer=consumer, purpose=purpose, withdrawn_at__isnull=True)
    return present.update(withdrawn_at=now) > 0
