"""Balances by sums over the postings, and the checks that nothing else says otherwise. All in fen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet, Sum

from rewards.models import Account, BudgetSlot, Campaign, Posting
from rewards.models.ledger import AccountKind
from stores.models import Brand

# What the ledger says of each grant: where its money stands now. A grant's own state must say the same.
GRANTS_AGAINST_POSTINGS = """
SELECT g.id, g.state, g.amount_fen, coalesce(p.held, 0), coalesce(p.paid, 0)
FROM rewards_grant g
LEFT JOIN (
    SELECT grant_id,
        sum(CASE reason WHEN 'promise' THEN amount_fen WHEN 'pay' THEN -amount_fen
                        WHEN 'release' THEN -amount_fen ELSE 0 END) AS held,
        sum(CASE reason WHEN 'pay' THEN amount_fen WHEN 'correct' THEN -amount_fen ELSE 0 END) AS paid
    FROM rewards_posting WHERE brand_id = %(brand)s AND grant_id IS NOT NULL GROUP BY grant_id
) p ON p.grant_id = g.id
WHERE g.brand_id = %(brand)s
    AND (coalesce(p.held, 0) <> CASE WHEN g.state IN ('promised', 'held', 'locked') THEN g.amount_fen ELSE 0 END
      OR coalesce(p.paid, 0) <> CASE g.state WHEN 'paid' THEN g.amount_fen ELSE 0 END)
ORDER BY g.id
"""

# A voucher and its grant end together; of a redeemed one the payment may have failed for good.
VOUCHERS_AGAINST_GRANTS = """
SELECT v.grant_id, v.state, g.amount_fen, CASE WHEN g.state = 'locked' THEN g.amount_fen ELSE 0 END
FROM rewards_voucher v JOIN rewards_grant g ON g.id = v.grant_id
WHERE v.brand_id = %(brand)s AND NOT CASE v.state WHEN 'issued' THEN g.state = 'locked'
    WHEN 'redeemed' THEN g.state IN ('promised', 'paid', 'released') ELSE g.state = 'released' END
ORDER BY v.grant_id
"""

Balances = dict[AccountKind, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that should equal the ledger and does not."""

    subject: str
    kept_fen: int
    ledger_fen: int

    def __str__(self) -> str:
        return f"{self.subject}: kept {self.kept_fen} fen, the ledger says {self.ledger_fen} fen"


def balances_by_campaign(brand: Brand) -> dict[int, Balances]:
    """Campaign id → balance of each account, for all funded campaigns of a brand. Three queries."""
    into = sums(Posting.objects.filter(brand=brand), "to_account")
    out = sums(Posting.objects.filter(brand=brand), "from_account")
    found: dict[int, Balances] = {}
    for account in Account.objects.filter(brand=brand).order_by("pk"):
        balance = into.get(account.pk, 0) - out.get(account.pk, 0)
        found.setdefault(account.campaign_id, {})[AccountKind(account.kind)] = balance
    return found


def balances_of(campaign: Campaign) -> Balances:
    """The balance of each account of one campaign; empty before it is funded."""
    accounts = Account.objects.filter(campaign=campaign).order_by("pk")
    into = sums(Posting.objects.filter(to_account__in=accounts), "to_account")
    out = sums(Posting.objects.filter(from_account__in=accounts), "from_account")
    return {AccountKind(account.kind): into.get(account.pk, 0) - out.get(account.pk, 0) for account in accounts}


def sums(postings: QuerySet[Posting], side: str) -> Mapping[int, int]:
    """Account id → sum of what was posted on this side of it."""
    return dict(postings.values_list(side).annotate(total=Sum("amount_fen")).values_list(side, "total"))


def money_in(balances: Balances) -> int:
    """What the brand paid in: the source has given it away, so its balance is the negative of it."""
    return -balances.get(AccountKind.SOURCE, 0)


def money_there(balances: Balances) -> int:
    """Budget + reserved + payable + paid + returned: always equal to the money in."""
    return sum(balance for kind, balance in balances.items() if kind != AccountKind.SOURCE)


def ledger_differences(brand: Brand) -> list[Difference]:
    """Where something kept beside the ledger says otherwise than the ledger does.

    The identity of money in and money there, accounts below zero, the budget slots' sum, and
    each grant's state, each voucher's against its grant's.
    """
    slots = dict(
        BudgetSlot.objects.filter(campaign__brand=brand)
        .values_list("campaign")
        .annotate(free=Sum("free_fen"))
        .values_list("campaign", "free")
    )
    found = []
    for campaign_id, balances in balances_by_campaign(brand).items():
        found += campaign_differences(campaign_id, balances, slots_fen=slots.get(campaign_id, 0))
    return found + grant_differences(brand) + voucher_differences(brand)


def campaign_differences(campaign_id: int, balances: Balances, *, slots_fen: int) -> list[Difference]:
    """The differences of one campaign."""
    name = f"campaign {campaign_id}"
    found = [
        Difference(f"{name}: money there against money in", money_there(balances), money_in(balances)),
        Difference(f"{name}: free in the budget slots", slots_fen, balances.get(AccountKind.BUDGET, 0)),
    ]
    found += [
        Difference(f"{name}: {kind} below zero", max(balance, 0), balance)
        for kind, balance in balances.items()
        if kind != AccountKind.SOURCE
    ]
    return [difference for difference in found if difference.kept_fen != difference.ledger_fen]


def grant_differences(brand: Brand) -> list[Difference]:
    """Grants whose money stands elsewhere than their state says. One query; only differences leave the database."""
    with connection.cursor() as cursor:
        cursor.execute(GRANTS_AGAINST_POSTINGS, {"brand": brand.pk})
        rows = cursor.fetchall()
    return [
        Difference(f"grant {grant_id} is {state}", amount, int(paid if state == "paid" else held))
        if state != "released"
        else Difference(f"grant {grant_id} is {state}", 0, int(held + paid))
        for grant_id, state, amount, held, paid in rows
    ]


def voucher_differences(brand: Brand) -> list[Difference]:
    """Vouchers whose money is set aside though they ended, or is not though they can be redeemed. One query."""
    with connection.cursor() as cursor:
        cursor.execute(VOUCHERS_AGAINST_GRANTS, {"brand": brand.pk})
        rows = cursor.fetchall()
    return [
        Difference(f"voucher {grant_id} is {state}", amount if state == "issued" else 0, locked)
        for grant_id, state, amount, locked in rows
    ]


def differences() -> Iterator[str]:
    """A line for each difference of each brand: a check of settings.RECOUNTS."""
    for brand in Brand.objects.order_by("pk"):
        for difference in ledger_differences(brand):
            yield f"brand {brand.slug} {difference}"
