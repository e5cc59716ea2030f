"""The ledger as sums, for tests."""

from rewards.models import Account, Campaign, Posting


def balances(campaign: Campaign) -> dict[str, int]:
    """Balance of each of the campaign's accounts that ever moved, in fen; the source counts negative."""
    sums: dict[str, int] = {}
    kinds = dict(Account.objects.filter(campaign=campaign).values_list("pk", "kind"))
    for posting in Posting.objects.filter(from_account__in=kinds):
        sums[kinds[posting.from_account_id]] = sums.get(kinds[posting.from_account_id], 0) - posting.amount_fen
        sums[kinds[posting.to_account_id]] = sums.get(kinds[posting.to_account_id], 0) + posting.amount_fen
    return sums
