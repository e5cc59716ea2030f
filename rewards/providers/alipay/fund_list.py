"""The account's list of a day (账务明细), of which transfers are read.

Source: alipay.data.dataservice.bill.downloadurl.query with bill_type `signcustomer`: an address that is good for 30
seconds, behind it a ZIP of CSV files in GBK, one of them with the details, another with their sums.
"""

import csv
import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from rewards.providers.account_lists import Entry, ListRefused, fen_of, lines_of, moment_of
from rewards.providers.alipay.answers import fault_of
from rewards.providers.alipay.channel import Channel
from rewards.providers.alipay.tables import NO_LIST
from rewards.providers.interface import BillLine

METHOD, KIND = "alipay.data.dataservice.bill.downloadurl.query", "signcustomer"
OK = 200
FIRST, NUMBER, MOMENT, BUSINESS = "账务流水号", "商户订单号", "发生时间", "业务类型"
CAME, LEFT = "收入金额", "支出金额"
"""So begin the names of their columns; units stand behind, in brackets of one width or the other."""
TRANSFER = "转账"
"""Part of the business of each transfer, and of one that came back."""


def lines(channel: Channel, day: dt.date) -> Iterator[BillLine]:
    """The transfers of a day: paid, or failed where all of the money came back on the same day.

    Raises:
        ListRefused: as it says.
    """
    told = channel.ask(METHOD, {"bill_type": KIND, "bill_date": day.isoformat()})
    fault = fault_of(told)
    if fault in NO_LIST:
        return iter(())
    url = str(told.get("bill_download_url", ""))
    if fault or not url.startswith(("https://", "http://")):
        raise ListRefused(fault or "address_missing")
    status, packed = channel.fetch(secured(url, channel.merchant.gateway))
    if status != OK:
        raise ListRefused(f"HTTP_{status}")
    return lines_of(entry for text in unpacked(packed) for entry in entries(text))


def secured(url: str, gateway: str) -> str:
    """The address by HTTPS, where the gateway has it: theirs often begin with http."""
    return url.replace("http://", "https://", 1) if gateway.startswith("https://") else url


def unpacked(packed: bytes) -> list[str]:
    """The files' texts.

    Raises:
        ListRefused: they are damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as files:
            return [files.read(name).decode("gb18030") for name in files.namelist()]
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError) as error:
        raise ListRefused("list_damaged") from error


def entries(text: str) -> Iterator[Entry]:
    """What moved for transfers. Lines of comment begin with #; fields may have tabs behind them; no sums."""
    rows = csv.reader(line for line in text.splitlines() if line and not line.startswith("#"))
    names = [name.strip().split("（")[0].split("(")[0] for name in next(rows, [])]
    if FIRST not in names:
        return
    for values in rows:
        row = dict(zip(names, (value.strip() for value in values), strict=False))
        if row.get(NUMBER) and TRANSFER in row.get(BUSINESS, ""):
            yield Entry(row[NUMBER], moved(row), moment_of(row.get(MOMENT, "")))


def moved(row: dict[str, Any]) -> int:
    """In fen; what left is positive. The list has it with a minus, or without."""
    return abs(fen_of(row.get(LEFT) or "0")) - abs(fen_of(row.get(CAME) or "0"))
