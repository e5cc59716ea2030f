"""The fund flow of a day (资金账单), of which transfers are read. Source: merchant/4012716516 of the documentation."""

import csv
import datetime as dt
import gzip
import hashlib
from collections.abc import Iterator
from typing import Any

from rewards.providers.account_lists import Entry, ListRefused, fen_of, lines_of, moment_of
from rewards.providers.documents import code_of, document_of
from rewards.providers.interface import BillLine
from rewards.providers.wechatpay.tables import NO_LIST

MOMENT, BUSINESS, DIRECTION, YUAN, NUMBER = "记账时间", "业务名称", "收支类型", "收支金额(元)", "业务凭证号"
TRANSFERS = frozenset({"商家转账", "商家转账到零钱"})
SPENT, RETURNED = "支出", "收入"
OK = 200


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
    """The list's transfers by bill number."""
    return lines_of(entries(text))


def entries(text: str) -> Iterator[Entry]:
    """What moved for transfers. Each field stands behind a back quote; a summary follows the rows."""
    for raw in csv.DictReader(text.splitlines()):
        row = {name: (value or "").lstrip("`") for name, value in raw.items() if isinstance(value, str)}
        if row.get(BUSINESS) in TRANSFERS and row.get(DIRECTION) in {SPENT, RETURNED}:
            fen = fen_of(row[YUAN])
            yield Entry(row[NUMBER], fen if row[DIRECTION] == SPENT else -fen, moment_of(row[MOMENT]))
