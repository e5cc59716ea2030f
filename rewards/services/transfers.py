"""Money into a campaign's budget and back to the brand, with four eyes: asked for, then decided by somebody else."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Invalid, NotFound
from rewards.campaign_moves import LIVE
from rewards.models import Campaign, Posting, Transfer
from rewards.refusals import FourEyes, NotYourTransfer, TransferDecided, TransferWaits
from rewards.selectors.refundable import Room, room_for
from rewards.services.budget import lock_slots
from rewards.services.campaign_rows import lock
from rewards.services.funding import pay_back, pay_in
from rewards.templatetags.money import yuan
from stores.models import Brand

Direction = Transfer.Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for. `reference` names the bank's statement, or says why."""

    direction: Transfer.Direction
    amount_fen: int
    reference: str = ""


@transaction.atomic
def ask_transfer(*, campaign_id: int, brand: Brand, wish: Wish, actor: str, now: dt.datetime) -> Transfer:
    """Ask for money to be moved; nothing moves yet.

    Raises:
        NotFound: the brand has no such campaign.
        TransferWaits: another transfer of this campaign has not been decided yet.
        Invalid: the amount is not positive, or more than there is room for.
    """
    campaign = lock(campaign_id, brand)
    if Transfer.objects.filter(campaign=campaign, state=Transfer.State.ASKED).exists():
        raise TransferWaits
    require_room(campaign, wish.direction, wish.amount_fen)
    transfer = Transfer.objects.create(
        brand=brand,
        campaign=campaign,
        direction=wish.direction,
        amount_fen=wish.amount_fen,
        reference=wish.reference,
        asked_by=actor,
        asked_at=now,
    )
    note(transfer, "transfer.asked", actor=actor, now=now)
    return transfer


@transaction.atomic
def approve_transfer(*, transfer_id: int, brand: Brand, actor: str, now: dt.datetime, remark: str = "") -> Transfer:
    """Post what somebody else has asked for.

    Raises:
        NotFound: the brand has no such transfer.
        TransferDecided: it does not wait any more.
        FourEyes: it was asked for by the same person.
        Invalid: there is no room for the amount any more.
    """
    transfer = lock_asked(transfer_id, brand)
    if actor == transfer.asked_by:
        raise FourEyes
    campaign = lock(transfer.campaign_id, brand)
    require_room(campaign, Direction(transfer.direction), transfer.amount_fen)
    posting = post(campaign, transfer, now=now)
    return decide(transfer, Transfer.State.APPROVED, actor=actor, now=now, remark=remark, posting=posting)


@transaction.atomic
def refuse_transfer(*, transfer_id: int, brand: Brand, actor: str, now: dt.datetime, remark: str = "") -> Transfer:
    """Leave the money where it is.

    Raises:
        NotFound, TransferDecided, FourEyes: as for the approval.
        Invalid: no remark says why.
    """
    transfer = lock_asked(transfer_id, brand)
    if actor == transfer.asked_by:
        raise FourEyes
    if not remark.strip():
        raise Invalid(fields={"remark": [_("Say in a few words why, so that who asked knows what to do.")]})
    return decide(transfer, Transfer.State.REFUSED, actor=actor, now=now, remark=remark)


@transaction.atomic
def withdraw_transfer(*, transfer_id: int, brand: Brand, actor: str, now: dt.datetime) -> Transfer:
    """Take back what one has asked for oneself.

    Raises:
        NotFound, TransferDecided: as for the approval.
        NotYourTransfer: somebody else asked for it.
    """
    transfer = lock_asked(transfer_id, brand)
    if actor != transfer.asked_by:
        raise NotYourTransfer
    return decide(transfer, Transfer.State.WITHDRAWN, actor=actor, now=now)


def post(campaign: Campaign, transfer: Transfer, *, now: dt.datetime) -> Posting:
    """Move the money. A published campaign's budget is always what was paid in for it, so it grows with it."""
    amount_fen, actor = transfer.amount_fen, transfer.asked_by
    if transfer.direction == Direction.REFUND:
        return pay_back(campaign=campaign, amount_fen=amount_fen, actor=actor, now=now)
    if campaign.state in LIVE:
        campaign.budget_fen += amount_fen
        campaign.save(update_fields=["budget_fen"])
    return pay_in(campaign=campaign, amount_fen=amount_fen, actor=actor, now=now)


def require_room(campaign: Campaign, direction: Transfer.Direction, amount_fen: int) -> None:
    """That so much may be moved as the campaign stands now.

    Raises:
        Invalid: it may not; says how much may, and what to do.
    """
    if amount_fen < 1:
        raise Invalid(fields={"amount_fen": [_("Move at least 1 fen.")]})
    lock_slots(campaign.pk)  # nothing is promised from here on, so what is free stays free
    room = room_for(campaign, direction)
    if room.most_fen is not None and amount_fen > room.most_fen:
        raise Invalid(fields={"amount_fen": [shortage(room, direction)]})


def shortage(room: Room, direction: Transfer.Direction) -> str:
    """Why not so much, and what to do about it."""
    most = {"most": yuan(room.most_fen or 0)}
    if room.is_over:
        return _("The campaign has ended; nothing can be paid in any more. Fund another campaign.")
    if direction == Direction.PAY_IN:
        return _("At most %(most)s are missing of this draft's budget. Raise the draft's budget first.") % most
    if room.is_running:
        return _("A published campaign keeps its budget. What is left of it goes back by itself when it has ended.")
    return _("At most %(most)s are free. Ask for that much, or wait until promises are settled.") % most


def lock_asked(transfer_id: int, brand: Brand) -> Transfer:
    """The brand's transfer, locked, and still waiting."""
    transfer = Transfer.objects.select_for_update().filter(pk=transfer_id, brand=brand).first()
    if transfer is None:
        raise NotFound
    if transfer.state != Transfer.State.ASKED:
        raise TransferDecided
    return transfer


def decide(
    transfer: Transfer,
    state: Transfer.State,
    *,
    actor: str,
    now: dt.datetime,
    remark: str = "",
    posting: Posting | None = None,
) -> Transfer:
    """Write the decision down, and audit it."""
    transfer.state, transfer.decided_by, transfer.decided_at = state, actor, now
    transfer.remark, transfer.posting = remark.strip(), posting
    transfer.save(update_fields=["state", "decided_by", "decided_at", "remark", "posting"])
    note(transfer, f"transfer.{state}", actor=actor, now=now)
    return transfer


def note(transfer: Transfer, action: str, *, actor: str, now: dt.datetime) -> None:
    """Tell the audit trail."""
    audit.record(
        actor=actor,
        action=action,
        subject=transfer,
        at=now,
        brand_slug=transfer.brand.slug,
        after={
            "campaign": transfer.campaign_id,
            "direction": transfer.direction,
            "amount_fen": transfer.amount_fen,
            "reference": transfer.reference,
            "remark": transfer.remark,
            "posting": transfer.posting_id,
        },
    )
