"""Stand-ins for what higher rooms list in settings."""

import datetime as dt

from stores.figures import DayKey, Figures


def further_check():
    yield "ledger: kept 1, counted 2"


class Unordered:
    def of_brand(self, brand_id):  # noqa: ARG002 - the signature of the interface
        yield DayKey(2, dt.date(2026, 3, 2)), Figures(opened=1)
        yield DayKey(1, dt.date(2026, 3, 2)), Figures(opened=1)


class Rewards:
    def of_days(self, keys):
        return {key: Figures(reward_fen=188) for key in keys}
