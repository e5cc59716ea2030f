"""The market's campaigns: something in every bottle, and a share for the store."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from codes.models import CodeOrder
from rewards.models import Campaign
from rewards.services.campaigns import Plan, PrizeRow, draft_campaign, fund_campaign
from rewards.services.reviewing import publish_campaign, submit_campaign
from stores.models import Brand

OWNER_SHARE_FEN = 100
SALESPERSON_SHARE_FEN = 20
REFERRER_SHARE_FEN = 50
SHARES_FEN = OWNER_SHARE_FEN + SALESPERSON_SHARE_FEN + REFERRER_SHARE_FEN
PLANNER, TREASURER = "system:market-planner", "system:market-treasurer"
TERMS = """活动名称：开瓶有礼
奖励说明：每瓶一个现金红包，扫瓶盖内二维码领取，每码限领一次。
奖项：见奖项表，开奖顺序在活动开始前封存，封存值公布于本页，活动结束后公布密钥，任何人可以核对。
兑付：红包以现金支付，24 小时内到账。"""

TERMS_EN = """Campaign: a gift under every cap.
Reward: each bottle has one cash envelope. Scan the code under the cap to open it; each code is opened once.
Draw: the order of the prizes is sealed before the start. Seal and, after the end, key stand on this page.
Payment: in cash, within 24 hours."""

VOUCHER_TERMS = """活动名称：再来一瓶
奖励说明：每瓶一份好礼，扫瓶盖内二维码领取，每码限领一次。
奖项：见奖项表，开奖顺序在活动开始前封存，封存值公布于本页，活动结束后公布密钥，任何人可以核对。
兑付：凭券到店兑换，券上写明门店、有效期和需付金额；第二个红包在有效期内再开一瓶后以现金支付。"""

VOUCHER_TERMS_EN = """Campaign: one more bottle.
Reward: each bottle has one gift. Scan the code under the cap to open it; each code is opened once.
Draw: the order of the prizes is sealed before the start. Seal and, after the end, key stand on this page.
Keeping it: a store redeems the voucher, which says where, until when and for how much; a second envelope is paid in
cash once you have opened another bottle in its time."""


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


def voucher_table(units: int) -> list[PrizeRow]:
    """Exactly `units` prizes, a quarter of each kind that is not cash: three vouchers, and a second envelope."""
    some = units // 4
    return [
        PrizeRow("再来一瓶", 3_000, some, "One more bottle", kind="bottle", valid_days=30, any_store=True),
        PrizeRow("五元换购", 2_600, some, "A bottle for 5 yuan", kind="exchange", pays_fen=500, valid_days=30),
        PrizeRow("门店代金券", 1_000, some, "10 yuan off", kind="store_voucher", worth_fen=1_000, valid_days=30),
        PrizeRow("再开一个红包", 288, units - 3 * some, "Second envelope", kind="locked", valid_days=14),
    ]


@dataclass(frozen=True, slots=True)
class Gift:
    """What a campaign is called, what its terms say, and what a number of items win."""

    name: str
    name_en: str
    terms: str
    terms_en: str
    table: Callable[[int], list[PrizeRow]]


VOUCHERS = Gift("再来一瓶", "One more bottle", VOUCHER_TERMS, VOUCHER_TERMS_EN, voucher_table)


def titled(of_what: str, of_what_en: str) -> Gift:
    """A red envelope under every cap, of these goods."""
    return Gift(f"开瓶有礼·{of_what}", f"A gift under every cap: {of_what_en}", TERMS, TERMS_EN, prize_table)


def running_campaign(
    *, brand: Brand, orders: list[CodeOrder], gift: Gift, days: tuple[dt.datetime, dt.datetime], now: dt.datetime
) -> Campaign:
    """A published campaign over whole item orders, with money for every prize and every share."""
    prizes = gift.table(sum(order.quantity for order in orders))
    liability = sum(row.quantity * (row.amount_fen + SHARES_FEN) for row in prizes)
    plan = Plan(
        name=gift.name,
        name_en=gift.name_en,
        terms=gift.terms,
        terms_en=gift.terms_en,
        organiser=f"{brand.name}酒业",
        starts_at=days[0],
        ends_at=days[1],
        budget_fen=liability,
        owner_share_fen=OWNER_SHARE_FEN,
        salesperson_share_fen=SALESPERSON_SHARE_FEN,
        referrer_share_fen=REFERRER_SHARE_FEN,
    )
    draft = draft_campaign(brand=brand, plan=plan, orders=orders, prizes=prizes, actor=PLANNER, now=now)
    submit_campaign(campaign_id=draft.pk, brand=brand, actor=PLANNER, now=now)
    fund_campaign(campaign_id=draft.pk, brand=brand, actor=TREASURER, now=now)
    return publish_campaign(campaign_id=draft.pk, brand=brand, actor=TREASURER, now=now)
