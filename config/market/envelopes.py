"""The market's campaign: a red envelope in every bottle, and a share for the store."""

import datetime as dt
from typing import NamedTuple

from codes.models import CodeOrder
from rewards.models import Campaign
from rewards.services.campaigns import Plan, PrizeRow, draft_campaign, fund_campaign
from rewards.services.reviewing import publish_campaign, submit_campaign
from stores.models import Brand

OWNER_SHARE_FEN = 100
PLANNER, TREASURER = "system:market-planner", "system:market-treasurer"
TERMS = """活动名称：开瓶有礼
奖励说明：每瓶一个现金红包，扫瓶盖内二维码领取，每码限领一次。
奖项：见奖项表，开奖顺序在活动开始前封存，封存值公布于本页，活动结束后公布密钥，任何人可以核对。
兑付：红包以现金支付，24 小时内到账。"""

TERMS_EN = """Campaign: a gift under every cap.
Reward: each bottle has one cash envelope. Scan the code under the cap to open it; each code is opened once.
Draw: the order of the prizes is sealed before the start. Seal and, after the end, key stand on this page.
Payment: in cash, within 24 hours."""


def prize_table(units: int) -> list[PrizeRow]:
    """Exactly `units` prizes: about 1 in 200 is 88 yuan, 1 in 20 is 8.80, 1 in 4 is 1.88, the others 0.68."""
    grand, big, middle = units // 200, units // 20, units // 4
    rows = [
        PrizeRow("头等红包", 8_800, grand, "Grand envelope"),
        PrizeRow("大红包", 880, big, "Big envelope"),
        PrizeRow("喜庆红包", 188, middle, "Festive envelope"),
        PrizeRow("开瓶红包", 68, units - grand - big - middle, "Cap envelope"),
    ]
    return [row for row in rows if row.quantity]


class Title(NamedTuple):
    """What a campaign is called: each by its own name."""

    name: str
    name_en: str


def titled(of_what: str, of_what_en: str) -> Title:
    """A gift under every cap, of these goods."""
    return Title(f"开瓶有礼·{of_what}", f"A gift under every cap: {of_what_en}")


def running_campaign(
    *, brand: Brand, orders: list[CodeOrder], title: Title, days: tuple[dt.datetime, dt.datetime], now: dt.datetime
) -> Campaign:
    """A published campaign over whole item orders, with money for every prize and every store's share."""
    prizes = prize_table(sum(order.quantity for order in orders))
    liability = sum(row.quantity * (row.amount_fen + OWNER_SHARE_FEN) for row in prizes)
    plan = Plan(
        name=title.name,
        name_en=title.name_en,
        terms=TERMS,
        terms_en=TERMS_EN,
        organiser=f"{brand.name}酒业",
        starts_at=days[0],
        ends_at=days[1],
        budget_fen=liability,
        owner_share_fen=OWNER_SHARE_FEN,
    )
    draft = draft_campaign(brand=brand, plan=plan, orders=orders, prizes=prizes, actor=PLANNER, now=now)
    submit_campaign(campaign_id=draft.pk, brand=brand, actor=PLANNER, now=now)
    fund_campaign(campaign_id=draft.pk, brand=brand, actor=TREASURER, now=now)
    return publish_campaign(campaign_id=draft.pk, brand=brand, actor=TREASURER, now=now)
