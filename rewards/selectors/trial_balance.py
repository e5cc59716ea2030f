"""The trial balance of a brand at the end of a business day: every account, its turnover, and sums that are zero."""

import datetime as dt
from dataclasses import dataclass

from rewards.models import Account, Closing
from rewards.models.ledger import AccountKind
from rewards.selectors.books import balances_at, newest_closing, turnover_of
from stores.models import Brand

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of account: what stood there, came in, went out and stands there. In fen."""

    kind: AccountKind
    opening_fen: int
    in_fen: int
    out_fen: int

    @property
    def closing_fen(self) -> int:
        return self.opening_fen + self.in_fen - self.out_fen


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """The balances of one campaign at the day's end, in the order of AccountKind, and their sum: zero."""

    name: str
    campaign_id: int
    balances: tuple[int, ...]

    @property
    def sum_fen(self) -> int:
        return sum(self.balances)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All of it. `closing` is the day's, None while the day is open."""

    day: dt.date
    rows: tuple[Row, ...]
    campaigns: tuple[CampaignRow, ...]
    closing: Closing | None

    @property
    def totals(self) -> tuple[int, int, int, int]:
        """Opening, in, out, closing over all accounts; the first and the last are zero, the others alike."""
        rows = self.rows
        return (
            sum(row.opening_fen for row in rows),
            sum(row.in_fen for row in rows),
            sum(row.out_fen for row in rows),
            sum(row.closing_fen for row in rows),
        )

    @property
    def money_in(self) -> int:
        """What the brand has paid in so far."""
        return -next(row.closing_fen for row in self.rows if row.kind == AccountKind.SOURCE)

    @property
    def parts(self) -> tuple[Row, ...]:
        """Where it is: budget, reserved, payable, paid, returned."""
        return tuple(row for row in self.rows if row.kind != AccountKind.SOURCE)

    @property
    def money_there(self) -> int:
        """The sum of the parts."""
        return sum(row.closing_fen for row in self.parts)

    @property
    def holds(self) -> bool:
        """Whether the sums are zero, of each campaign too, and the money that came in is all there."""
        opening, into, out, closing = self.totals
        zero = (opening, closing) == (0, 0) and all(row.sum_fen == 0 for row in self.campaigns)
        return zero and into == out and self.money_in == self.money_there


def trial_balance(brand: Brand, day: dt.date) -> TrialBalance:
    """Of one day. At most seven queries, however many postings and campaigns."""
    before = balances_at(brand.pk, day - ONE_DAY)
    turnover = turnover_of(brand.pk, after=day - ONE_DAY, until=day)
    after = turnover.added_to(before)
    accounts = list(Account.objects.filter(brand=brand).select_related("campaign").order_by("pk"))
    rows = []
    for kind in AccountKind:
        own = [account.pk for account in accounts if account.kind == kind]
        sums = (sum(side.get(pk, 0) for pk in own) for side in (before, turnover.into, turnover.out))
        rows.append(Row(kind, *sums))
    closing = newest_closing(brand.pk, before=day + ONE_DAY)
    is_closed = closing is not None and closing.day == day
    return TrialBalance(day, tuple(rows), campaign_rows(accounts, after), closing if is_closed else None)


def campaign_rows(accounts: list[Account], balances: dict[int, int]) -> tuple[CampaignRow, ...]:
    """Each campaign with money in its books at the day's end, newest first."""
    names = {account.campaign_id: account.campaign.name for account in accounts}
    rows = [
        CampaignRow(name, pk, tuple(balances.get(Account.id_of(pk, kind), 0) for kind in AccountKind))
        for pk, name in sorted(names.items(), reverse=True)
    ]
    return tuple(row for row in rows if any(row.balances))
