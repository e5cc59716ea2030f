"""The fund flow of a day (资金账单), of which transfers are read. Source: merchant/4012716516 of the documentation."""

import csv
import datetime as dt
import gzip
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from rewards.providers.interface import BillLine, Outcome
from rewards.providers.wechatpay.answers import document_of
from rewards.providers.wechatpay.tables import NO_LIST, code_of

BEIJING = dt.timezone(dt.timedelta(hours=8))
MOMENT, BUSINESS, DIRECTION, YUAN, NUMBER = "记账时间", "业务名称", "收支类型", "收支金额(元)", "业务凭证号"
TRANSFERS = frozenset({"商家转账", "商家转账到零钱"})
SPENT, RETURNED = "支出", "收入"
OK = 200


class ListRefused(RuntimeError):  # noqa: N818 - says what became of it
    """The provider gave no list, or one that can't be read; the text is a code."""


def lines(client: Any, day: dt.date, gateway: str) -> Iterator[BillLine]:
    """The transfers of a day: paid, or failed where all of the money came back on the same day.

    Raises:
        ListRefused: as it says.
    """
    status, body = client.fundflow_bill(day.isoformat())
    told = document_of(body)
    if told.get("code") == NO_LIST:
        return iter(())
    url = str(told.get("download_url", ""))
    if status != OK or not url.startswith(gateway + "/"):
        raise ListRefused(code_of(told.get("code"), f"HTTP_{status}"))
    status, packed = client.download_bill(url)
    if status != OK:
        raise ListRefused(f"HTTP_{status}")
    return transfers(unpacked(packed, str(told.get("hash_value", ""))))


def unpacked(packed: bytes, digest: str) -> str:
    """The list's text, which must have this SHA-1.

    Raises:
        ListRefused: it is damaged, or another's.
    """
    try:
        text = gzip.decompress(packed)
    except (OSError, EOFError) as error:
        raise ListRefused("list_damaged") from error
    if hashlib.sha1(text, usedforsecurity=False).hexdigest() != digest.lower():
        raise ListRefused("list_differs_from_its_hash")
    return text.decode("utf-8-sig")


def transfers(text: str) -> Iterator[BillLine]:
    """The list's transfers by bill number. Each field stands behind a back quote; a summary follows the rows."""
    moved: defaultdict[str, int] = defaultdict(int)
    spent: dict[str, int] = {}
    at: dict[str, dt.datetime] = {}
    for raw in csv.DictReader(text.splitlines()):
        row = {name: (value or "").lstrip("`") for name, value in raw.items() if isinstance(value, str)}
        if row.get(BUSINESS) not in TRANSFERS or row.get(DIRECTION) not in {SPENT, RETURNED}:
            continue
        number, fen = row[NUMBER], fen_of(row[YUAN])
        moved[number] += fen if row[DIRECTION] == SPENT else -fen
        if row[DIRECTION] == SPENT:
            spent[number] = fen
        at[number] = moment_of(row[MOMENT])
    for number, fen in spent.items():
        yield BillLine(number, "", fen, Outcome.PAID if moved[number] else Outcome.FAILED, at[number])


def fen_of(yuan: str) -> int:
    """An amount with two decimals as fen.

    Raises:
        ListRefused: it is none.
    """
    try:
        return int(Decimal(yuan) * 100)
    except (InvalidOperation, ValueError) as error:
        raise ListRefused("amount_malformed") from error


def moment_of(text: str) -> dt.datetime:
    """A moment of the list, which is in Beijing's time.

    Raises:
        ListRefused: it is none.
    """
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
    except ValueError as error:
        raise ListRefused("moment_malformed") from error
