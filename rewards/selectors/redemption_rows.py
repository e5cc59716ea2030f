"""A statement of redemptions as cells of a table."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from rewards.models import Payout, Voucher
from rewards.selectors.prize_words import prize_words
from rewards.selectors.redemptions import Redeemed, all_lines
from rewards.sheets.tables import Cell


def heading() -> list[str]:
    """The columns."""
    return [
        *(_("Redeemed at (UTC)"), _("Store"), _("Store's name"), _("Dealer"), _("Campaign"), _("Prize")),
        *(_("The customer paid (yuan)"), _("Compensation (yuan)"), _("Payment"), _("Voucher"), _("Redeemed by")),
    ]


def rows_of(scope: Redeemed) -> Iterator[list[Cell]]:
    """Each redemption, the newest first; of the code its first characters."""
    for line in all_lines(scope):
        there = line.redeemed_store
        assert there is not None
        yield [
            f"{line.redeemed_at:%Y-%m-%d %H:%M:%S}",
            there.number,
            there.name,
            there.dealer.name if there.dealer else "",
            line.prize.campaign.name,
            prize_words(line.prize),
            Decimal(line.prize.pays_fen).scaleb(-2),
            Decimal(line.grant.amount_fen).scaleb(-2),
            payment_words(line),
            str(line),
            line.redeemed_by,
        ]


def payment_words(line: Voucher) -> str:
    """How it stands with the owner's money, of a line with its `payout_state`."""
    state = vars(line)["payout_state"]
    return str(Payout.State(state).label) if state else _("waits for the owner's account")
