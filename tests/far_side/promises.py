"""Promises to people with accounts at a provider, and what must be true of them when all is over."""

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from django.db.models import Count

from core import clock
from core.sealing import seal, unseal
from rewards.models import Campaign, Grant, PayeeAccount, Payout
from rewards.services.payees import Proof, link_account
from rewards.services.payouts import create_payouts
from tests.factories.balances import balances
from tests.factories.promises import market, promise
from tests.far_side.book import Book


def promise_to(campaign: Campaign, provider: str, count: int, account_of: Callable[[UUID], str]) -> list[str]:
    """So many promises with bills to hand over; the accounts of their payees."""
    grants = promise(campaign, count, now=clock.now())
    accounts = {grant.consumer_id: account_of(grant.consumer_id) for grant in grants}
    PayeeAccount.objects.bulk_create(
        PayeeAccount(
            brand=campaign.brand,
            consumer_id=consumer,
            provider=provider,
            account=seal(account),
            hint="…",
            verified_at=clock.now(),
        )
        for consumer, account in accounts.items()
    )
    create_payouts(grants=grants, now=clock.now())
    return list(accounts.values())


def unanswered(proof: Proof) -> Payout:
    """A bill to who has proved this account; nobody answered its hand-over."""
    (grant,) = promise(market())
    link_account(payee=grant.consumer, proof=proof, now=clock.now(), actor="t")
    (payout,) = create_payouts(grants=[grant], now=clock.now())
    Payout.objects.filter(pk=payout.pk).update(state="sending", attempts=1, sent_at=clock.now())
    Payout.objects.filter(pk=payout.pk).update(state="unknown")
    return payout


def unsettled():
    return Payout.objects.exclude(state__in=["paid", "failed", "cancelled"])


def assert_books_agree(book: Book, campaign: Campaign, *, paid: set[str], given_back: set[str]) -> None:
    """None paid twice, none lost, none falsely failed; our ledger is the provider's book."""
    theirs = book.paid()
    per_payee = Counter(bill.payee for bill in theirs)
    assert set(per_payee.values()) <= {1}, "somebody was paid twice"
    ours = Payout.objects.filter(state="paid").values_list("bill_no", "payee_account", "amount_fen")
    assert {(bill.bill_no, bill.payee, bill.amount_fen) for bill in theirs} == {
        (bill_no, unseal(account), amount) for bill_no, account, amount in ours
    }
    assert set(per_payee) == paid, "somebody was lost, or falsely failed"
    states = dict(Grant.objects.values_list("state").annotate(Count("pk")))
    assert states.pop("released", 0) == len(given_back)
    assert states == {"paid": len(theirs)}
    sums = balances(campaign)
    paid_fen = sum(bill.amount_fen for bill in theirs)
    assert (sums["paid"], sums["reserved"], sums["payable"]) == (paid_fen, 0, 0)
    assert sums["budget"] == campaign.budget_fen - paid_fen
