"""Waiting for payouts to come to an end."""

import time

from tests.far_side.promises import unsettled

LONGEST_STALL = 75
"""Seconds in which no payout at all comes to its end, also on a slow machine."""


def wait_until_settled() -> None:
    """Until all is over. That may take its time; a stall is a loss."""
    left, changed_at = -1, time.monotonic()
    while (now := unsettled().count()) > 0:
        if now != left:
            left, changed_at = now, time.monotonic()
        assert time.monotonic() - changed_at < LONGEST_STALL, list(
            unsettled().values_list("bill_no", "state", "attempts", "fault", "next_at")[:20]
        )
        time.sleep(0.2)
