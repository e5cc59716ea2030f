"""What is kept of one consumer's rewards, for their export: claims, money, vouchers, where they are paid."""

from typing import Any

from django.db.models import Prefetch

from consumers.models import Consumer
from core.sealing import unseal
from rewards.models import Claim, Grant, PayeeAccount, Payout
from rewards.selectors.vouchers import own_vouchers


def claims_of(consumer: Consumer) -> list[dict[str, Any]]:
    """Envelopes that the consumer opened or asked to; of one that is held no prize is told, as on its page."""
    claims = Claim.objects.filter(consumer=consumer).select_related("campaign", "prize").order_by("claimed_at", "pk")
    return [
        {
            "item": claim.pk,
            "campaign": claim.campaign and claim.campaign.name,
            "prize": claim.prize.name if claim.prize and claim.state == Claim.State.PROMISED else None,
            "state": claim.state,
            "reason": claim.reason,
            "claimed_at": claim.claimed_at,
        }
        for claim in claims
    ]


def money_of(consumer: Consumer) -> list[dict[str, Any]]:
    """Amounts promised to the consumer, each with its bills; those of held envelopes come with their release."""
    bills = Prefetch("payouts", Payout.objects.order_by("created_at"))
    grants = Grant.objects.filter(consumer=consumer).exclude(state=Grant.State.HELD)
    return [
        {
            "id": grant.pk,
            "campaign": grant.campaign.name,
            "for": grant.payee,
            "amount_fen": grant.amount_fen,
            "state": grant.state,
            "promised_at": grant.promised_at,
            "settled_at": grant.settled_at,
            "bills": [
                {
                    "number": bill.bill_no,
                    "provider": bill.provider,
                    "state": bill.state,
                    "created_at": bill.created_at,
                    "finished_at": bill.finished_at,
                }
                for bill in grant.payouts.all()
            ],
        }
        for grant in grants.select_related("campaign").prefetch_related(bills).order_by("promised_at", "pk")
    ]


def vouchers_of(consumer: Consumer) -> list[dict[str, Any]]:
    """Vouchers that the consumer won, with where they were redeemed."""
    return [
        {
            "id": voucher.pk,
            "code": voucher.code,
            "campaign": voucher.prize.campaign.name,
            "prize": voucher.prize.name,
            "state": voucher.state,
            "issued_at": voucher.issued_at,
            "valid_until": voucher.valid_until,
            "redeemed_at": voucher.redeemed_at,
            "redeemed_at_store": voucher.redeemed_store and voucher.redeemed_store.name,
        }
        for voucher in own_vouchers(consumer).order_by("issued_at", "pk")
    ]


def accounts_of(consumer: Consumer) -> list[dict[str, Any]]:
    """Where the consumer is paid, as the provider knows them."""
    return [
        {
            "provider": account.provider,
            "app": account.app,
            "account": unseal(account.account),
            "name": unseal(account.name) if account.name else "",
            "verified_at": account.verified_at,
        }
        for account in PayeeAccount.objects.filter(consumer=consumer).order_by("provider")
    ]
