"""Redeeming a voucher: once, at a store that may, whose owner is promised what it costs in the same transaction."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Invalid
from rewards.models import Grant, Voucher
from rewards.models.campaign import LONGEST_REMARK
from rewards.refusals import (
    OtherStoreOnly,
    StoreWithoutOwner,
    VoucherCancelled,
    VoucherLapsed,
    VoucherRedeemed,
    VoucherUnknown,
)
from rewards.selectors.vouchers import bound_store, masked_name
from rewards.services.grants import release_grant
from rewards.services.lapsing import GRACE
from rewards.services.payouts import create_payouts
from rewards.services.tallying import give_back
from rewards.voucher_codes import voucher_code_in
from stores.models import Brand, Store
from stores.services.counting import mark_day

CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a voucher is shown, and who took it there: the actor of the audit trail."""

    store: Store
    actor: str


@transaction.atomic
def redeem_voucher(*, counter: Counter, code: str, now: dt.datetime, handed_at: dt.datetime | None = None) -> Voucher:
    """Redeem it, and promise the store's owner the compensation: RESERVED → PAYABLE, as soon as there is an account.

    `code` as it was scanned or typed. `handed_at` is when the store says that it handed the goods over, at most a day
    ago; None: now. What counts for the voucher's time is that moment.

    Raises:
        VoucherUnknown, VoucherRedeemed, VoucherLapsed, VoucherCancelled, OtherStoreOnly, StoreWithoutOwner.
    """
    store = counter.store
    if store.owner_id is None:
        raise StoreWithoutOwner
    at = min(now, max(handed_at or now, now - GRACE))
    voucher = locked(store.brand_id, voucher_code_in(code))
    require_redeemable(voucher, store, at)
    voucher.state, voucher.redeemed_at = Voucher.State.REDEEMED, at
    voucher.redeemed_store, voucher.redeemed_by = store, counter.actor
    voucher.save(update_fields=["state", "redeemed_at", "redeemed_store", "redeemed_by"])
    grant = voucher.grant
    grant.state, grant.store_owner = Grant.State.PROMISED, store.owner
    grant.save(update_fields=["state", "store_owner"])
    create_payouts(grants=[grant], now=now)
    note(voucher, "voucher.redeemed", actor=counter.actor, now=now)
    return voucher


@transaction.atomic
def cancel_voucher(*, brand: Brand, code: str, remark: str, actor: str, now: dt.datetime) -> Voucher:
    """Take a voucher back, for a reason that the consumer reads; its money goes back into the budget.

    Raises:
        VoucherUnknown, VoucherRedeemed, VoucherLapsed, VoucherCancelled.
        Invalid: no remark, or more than 300 characters.
    """
    remark = remark.strip()
    if not 1 <= len(remark) <= LONGEST_REMARK:
        raise Invalid(fields={"remark": [_("Between 1 and %(most)d characters.") % {"most": LONGEST_REMARK}]})
    voucher = locked(brand.pk, voucher_code_in(code))
    require_issued(voucher)
    voucher.state, voucher.closed_at, voucher.remark = Voucher.State.CANCELLED, now, remark
    voucher.save(update_fields=["state", "closed_at", "remark"])
    grant = voucher.grant
    release_grant(grant=grant, reason=CANCELLED, posted_by=actor, now=now)
    if grant.store_id is not None:
        mark_day(store_id=grant.store_id, day=grant.day)
    give_back([grant])
    note(voucher, "voucher.cancelled", actor=actor, now=now)
    return voucher


def locked(brand_id: int, code: str) -> Voucher:
    """The brand's voucher; its grant is locked first, as everybody does who ends one.

    Raises:
        VoucherUnknown: there is none.
    """
    grant = Grant.objects.filter(voucher__code=code, voucher__brand=brand_id).select_for_update(of=("self",)).first()
    if grant is None:
        raise VoucherUnknown
    voucher = Voucher.objects.select_related("grant", "store", "redeemed_store", "prize", "brand").get(pk=grant.pk)
    voucher.grant = grant
    return voucher


def look_at(*, store: Store, code: str, now: dt.datetime) -> Voucher:
    """The voucher, if this store could redeem it now. Nothing is locked or written.

    Raises:
        As `redeem_voucher`.
    """
    if store.owner_id is None:
        raise StoreWithoutOwner
    known = Voucher.objects.select_related("grant", "store", "redeemed_store", "prize")
    voucher = known.filter(code=voucher_code_in(code), brand=store.brand_id).first()
    if voucher is None:
        raise VoucherUnknown
    require_redeemable(voucher, store, now)
    return voucher


def require_redeemable(voucher: Voucher, store: Store, at: dt.datetime) -> None:
    """Refuse what is no voucher any more, and what is another store's."""
    require_issued(voucher, at_store=store)
    if voucher.valid_until <= at:
        raise VoucherLapsed(valid_until=voucher.valid_until)
    bound = bound_store(voucher)
    if bound is not None and bound.pk != store.pk:
        raise OtherStoreOnly(store=bound.name)


def require_issued(voucher: Voucher, *, at_store: Store | None = None) -> None:
    """Refuse what has come to an end. Where it was redeemed is told in full to that store alone."""
    if voucher.state == Voucher.State.REDEEMED:
        there = voucher.redeemed_store
        assert there is not None
        name = there.name if at_store is not None and at_store.pk == there.pk else masked_name(there.name)
        raise VoucherRedeemed.at(name, voucher.redeemed_at)
    if voucher.state == Voucher.State.LAPSED:
        raise VoucherLapsed(valid_until=voucher.valid_until)
    if voucher.state == Voucher.State.CANCELLED:
        raise VoucherCancelled


def note(voucher: Voucher, action: str, *, actor: str, now: dt.datetime) -> None:
    """Tell the audit trail; the code is a secret and is not told."""
    after = {"state": voucher.state, "compensation_fen": voucher.grant.amount_fen}
    if voucher.redeemed_store is not None:
        after["store"] = voucher.redeemed_store.number
    if voucher.remark:
        after["remark"] = voucher.remark
    audit.record(actor=actor, action=action, subject=voucher, at=now, brand_slug=voucher.brand.slug, after=after)
