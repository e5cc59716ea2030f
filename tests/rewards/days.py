"""Days of the books in tests: closing one, and money that comes in on it."""

import datetime as dt

from rewards.models import Campaign, Closing
from rewards.services.campaigns import top_up_campaign
from rewards.services.closing import close_day
from stores.models import Brand
from tests.factories.campaigns import ACTOR
from tests.factories.stores import NOON

DAY = NOON.date()
ONE = dt.timedelta(days=1)
NEXT = NOON + ONE


def closed(brand: Brand, day: dt.date = DAY, now: dt.datetime = NEXT) -> Closing:
    return close_day(brand=brand, day=day, actor="user:fin", now=now)


def topped_up(campaign: Campaign, fen: int, now: dt.datetime) -> None:
    top_up_campaign(campaign_id=campaign.pk, brand=campaign.brand, amount_fen=fen, actor=ACTOR, now=now)
