"""The payee's own part in a payout: saying that the money is welcome."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from consumers.models import Consumer
from core import audit
from core.errors import NotFound
from rewards.models import Payout
from rewards.providers.interface import AppConfirmation, ConfirmsHere, ConfirmsInApp
from rewards.refusals import NothingToConfirm
from rewards.services.payouts import ask_now
from rewards.services.providers import provider, provider_names


def confirm_receipt(*, consumer: Consumer, envelope_id: UUID, now: dt.datetime) -> Payout:
    """Pass the confirmation on to the provider and have it asked at once; its answer alone moves the payout.

    No transaction may be open around it, since it calls the provider. Repeating it is harmless.

    Raises:
        NotFound: no such envelope of this consumer, or no bill of it yet.
        NothingToConfirm: its bill does not wait for the payee, or is confirmed in the provider's own app.
    """
    payout = newest_payout(consumer, envelope_id)
    bank = provider(payout.provider)
    if payout.state != Payout.State.AWAITING_CONFIRMATION or not isinstance(bank, ConfirmsHere):
        raise NothingToConfirm
    bank.confirm(payout.bill_no)
    with transaction.atomic():
        ask_now(payout_ids=[payout.pk], now=now)
        audit.record(
            actor=f"consumer:{consumer.pk}",
            action="confirm payout",
            subject=payout,
            at=now,
            brand_slug=payout.brand.slug,
            after={"bill_no": payout.bill_no},
        )
    return payout


def newest_payout(consumer: Consumer, envelope_id: UUID) -> Payout:
    """The newest bill of the consumer's own envelope.

    Raises:
        NotFound: there is none.
    """
    own = Payout.objects.filter(grant_id=envelope_id, grant__consumer=consumer)
    payout = own.select_related("brand").order_by("-created_at").first()
    if payout is None:
        raise NotFound
    return payout


def confirming_providers() -> frozenset[str]:
    """The names of the providers whose bills are confirmed through us."""
    return frozenset(name for name in provider_names() if isinstance(provider(name), ConfirmsHere))


def app_confirmation(provider_name: str, package_info: str) -> AppConfirmation | None:
    """What a page hands to the payee's app to have a waiting bill confirmed; None where that is not how it is done."""
    bank = provider(provider_name)
    return bank.app_confirmation(package_info) if isinstance(bank, ConfirmsInApp) else None
