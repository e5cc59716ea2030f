import time

from rewards.models import Payout

SECONDS = 75


def wait_until_settled() -> None:
    end = time.monotonic() + SECONDS
    alive = Payout.objects.exclude(state__in=["paid", "failed", "cancelled"])
    while alive.exists():
        assert time.monotonic() < end, list(alive.values_list("state", "attempts", "fault", "next_at"))
        time.sleep(0.3)
