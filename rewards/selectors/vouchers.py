"""Vouchers: a consumer's own, those that a store can redeem, and what each of them is in words."""

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet

from consumers.models import Consumer
from core.errors import NotFound
from rewards.models import Voucher
from stores.models import Store

MOST_SHOWN = 50
SHOWN_OF_A_NAME = 1


def own_vouchers(consumer: Consumer) -> QuerySet[Voucher]:
    """The consumer's vouchers with all that is shown of them."""
    own = Voucher.objects.filter(consumer=consumer)
    return own.select_related("prize__campaign", "grant", "store", "redeemed_store")


def usable_vouchers(consumer: Consumer, now: dt.datetime) -> QuerySet[Voucher]:
    """Those that can still be redeemed, the next to lapse first."""
    return own_vouchers(consumer).filter(state=Voucher.State.ISSUED, valid_until__gt=now).order_by("valid_until", "pk")


def own_voucher(consumer: Consumer, voucher_id: UUID) -> Voucher:
    """One of them.

    Raises:
        NotFound: no such voucher of this consumer.
    """
    found = own_vouchers(consumer).filter(pk=voucher_id).first()
    if found is None:
        raise NotFound
    return found


def redeemable_at(store: Store, consumer: Consumer, now: dt.datetime) -> list[Voucher]:
    """The consumer's vouchers that this store can redeem, the next to lapse first; at most 50."""
    here = Q(store=None) | Q(store=store) | Q(store__is_active=False) | Q(store__owner=None)
    return list(usable_vouchers(consumer, now).filter(here)[:MOST_SHOWN])


def bound_store(voucher: Voucher) -> Store | None:
    """Where alone it is redeemed; None: at every store of the brand.

    A store that has closed, or has no owner any more, binds nobody: what was promised can still be had.
    """
    store = voucher.store
    return store if store is not None and store.is_active and store.owner_id is not None else None


def voucher_path(voucher_id: UUID) -> str:
    """Where the consumer sees it, with the code that the store scans."""
    return f"/wallet/vouchers/{voucher_id}/"


def scan_path(code: str) -> str:
    """What a voucher's QR code leads to."""
    return f"/v/{code}"


def masked_name(name: str) -> str:
    """A store's name for those whom it does not concern: its first character."""
    return name[:SHOWN_OF_A_NAME] + "•••"
