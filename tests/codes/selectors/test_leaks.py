"""Leaks in the database: files that were taken away, scans of their codes, and who is named."""

import csv
import datetime as dt
import io

import numpy as np
import pytest
from django.db import connection
from django.db.models import F

from codes.formats.code_text import Role
from codes.formats.serials import SerialRange
from codes.models import Download, Mark, PrintFile, Scan
from codes.selectors import leaks
from codes.selectors.leaks import leak_report
from codes.services.exporting import WantedFile, request_print_file
from codes.services.leak_lists import take_leak_list
from codes.services.packing import pack
from codes.services.unpacking import unpack
from core.models import AuditEntry
from tests.codes.api.partners import Partner
from tests.factories.codes import make_order
from tests.factories.stores import NOON, BrandFactory, DealerFactory, StoreFactory
from tests.factories.supply import make_goods, moved

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def file_of(order, recipient, first=None, last=None):
    serials = None if first is None else SerialRange(order.first_serial + first, order.first_serial + last)
    wanted = WantedFile(recipient, serials=serials)
    file = request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)
    Download.objects.create(file=file, taken_by="user:ann", taken_at=NOON, sha256="0" * 64)
    return file


def scan(order, moments, *, verdict="genuine_first", role=Role.ITEM_INNER):
    """A scan of each serial at its moment; valid ones leave their mark."""
    told = {"brand": order.brand, "role": int(role), "masked_code": "x", "verdict": verdict, "visitor": "phone"}
    scans = Scan.objects.bulk_create(
        Scan(serial=serial, nonce=f"{serial}-{verdict}", scanned_at=at, **told) for serial, at in moments.items()
    )
    if verdict == "genuine_first":
        Mark.objects.bulk_create(
            Mark(
                id=one.serial * 16 + one.role,
                serial=one.serial,
                role=one.role,
                first_scan=one,
                first_scanned_at=one.scanned_at,
            )
            for one in scans
        )


def in_order(order, count, first=0):
    return {order.first_serial + first + n: NOON + n * HOUR / 10 for n in range(count)}


def at_random(order, count, first=0, seed=1):
    places = np.random.default_rng(seed).permutation(count).tolist()
    return {order.first_serial + first + n: NOON + place * HOUR / 10 for n, place in enumerate(places)}


def test_the_recipient_whose_file_is_scanned_line_by_line_is_named():
    order = make_order(quantity=300)
    file_of(order, "honest one", 0, 99)
    guilty = file_of(order, "leaking one", 100, 199)
    file_of(order, "honest two", 200, 299)
    scan(order, at_random(order, 100) | in_order(order, 60, 100) | at_random(order, 100, 200, seed=2))
    report = leak_report(order.brand_id)
    assert report.suspects == ["leaking one"]
    first = report.findings[0]
    assert (first.file.id, first.alarms, first.order.scans) == (guilty.pk, ["scan_order"], 60)
    assert report.tests == 9
    assert first.q_order <= 0.01 < first.q_unshipped


def test_a_part_cut_for_each_recipient_is_judged_by_its_own_serials_alone():
    order = make_order(quantity=50)
    file = file_of(order, "printer", 10, 19)
    scan(order, in_order(order, 50))
    assert leak_report(order.brand_id).findings[0].order.scans == 10
    assert file.serials.lower == order.first_serial + 10
    (told,) = Partner(order.brand, scopes=("review",)).get("/api/v1/leaks").json()["findings"]
    assert (told["first_serial"], told["last_serial"]) == (order.first_serial + 10, order.first_serial + 19)


def test_scans_before_activation_name_the_recipient():
    order = make_order(quantity=400)
    file_of(order, "honest", 0, 199)
    file_of(order, "leaking", 200, 399)
    scan(order, at_random(order, 100))
    scan(order, at_random(order, 30, 200), verdict="not_activated")
    found = leak_report(order.brand_id).findings[0]
    assert (found.file.recipient, found.alarms) == ("leaking", ["before_activation"])
    assert (found.inactive.scans, found.inactive.seen, found.inactive.other_seen) == (30, 30, 0)


def test_scans_before_shipping_name_the_recipient_whatever_the_goods_were_shipped_in():
    goods = make_goods(items=48, cases=4, pallets=1)
    rows = [(goods.case(n), goods.item(12 * n), goods.item(12 * n + 11)) for n in range(4)]
    pack(brand=goods.brand, packings=[*rows, (goods.pallet(), goods.case(0), goods.case(1))], actor="x", now=NOON)
    for number, half in (("honest", (0, 23)), ("leaking", (24, 47))):
        file_of(goods.items, number, *half)
    store = StoreFactory(brand=goods.brand)
    moved("ship", store, goods.pallet(), at=NOON - HOUR)
    moved("ship", store, goods.case(2), at=NOON + 100 * HOUR)
    scan(goods.items, at_random(goods.items, 24) | at_random(goods.items, 20, 24))
    found = leak_report(goods.brand.pk).findings[0]
    assert (found.file.recipient, found.alarms) == ("leaking", ["before_shipping"])
    # case 3 was never shipped, and says nothing
    assert (found.unshipped.scans, found.unshipped.seen, found.unshipped.other_scans) == (12, 12, 24)


def test_a_unit_is_dated_by_the_shipment_of_what_it_was_in_at_that_moment():
    goods = make_goods(items=48, cases=4, pallets=1)
    rows = [(goods.case(n), goods.item(12 * n), goods.item(12 * n + 11)) for n in range(4)]
    pack(brand=goods.brand, packings=[*rows, (goods.pallet(), goods.case(0), goods.case(1))], actor="x", now=NOON)
    file_of(goods.items, "printer")
    said = {"brand": goods.brand, "actor": "x"}
    dealer, store = DealerFactory(brand=goods.brand), StoreFactory(brand=goods.brand)
    moved("ship", dealer, goods.pallet(), at=NOON + HOUR)
    unpack(parents=[goods.pallet(), goods.case(0)], now=NOON + 2 * HOUR, **said)
    moved("ship", store, goods.case(1), at=NOON + 90 * HOUR)  # the dealer's report
    unpack(parents=[goods.case(2)], now=NOON + 2 * HOUR, **said)
    moved("ship", store, goods.case(2), at=NOON + 90 * HOUR)  # nothing was in it any more
    scan(goods.items, {goods.item(n): NOON + 50 * HOUR for n in range(48)})
    scan(goods.items, {goods.item(0): NOON + HOUR / 2}, verdict="early")
    (found,) = leak_report(goods.brand.pk).findings
    assert (found.unshipped.scans, found.unshipped.seen) == (24, 1)


def test_files_that_nobody_took_and_other_brands_files_are_not_judged():
    order = make_order(quantity=30)
    file_of(order, "printer")
    request_print_file(brand=order.brand, order_id=order.pk, wanted=WantedFile("not taken"), actor="user:ann", now=NOON)
    file_of(make_order(), "stranger")
    assert [found.file.recipient for found in leak_report(order.brand_id).findings] == ["printer"]
    assert leak_report(BrandFactory().pk).findings == []


def test_a_large_file_costs_no_more_than_its_slices(monkeypatch):
    monkeypatch.setattr(leaks, "SLICES", 4)
    monkeypatch.setattr(leaks, "SCANS_A_SLICE", 5)
    order = make_order(quantity=101)
    file_of(order, "printer")
    scan(order, in_order(order, 101))
    found = leak_report(order.brand_id).findings[0]
    assert (found.order.scans, found.inactive.scans) == (20, 20)


def test_the_number_of_statements_does_not_grow_with_the_files(django_assert_num_queries):
    order = make_order(quantity=30)
    for number in range(4):
        file_of(order, f"printer {number}")
    with django_assert_num_queries(4):
        leak_report(order.brand_id)


def test_scans_are_found_by_index():
    order = make_order(quantity=2000)
    file_of(order, "printer")
    scan(order, in_order(order, 2000))
    asked = {"ids": [1], "firsts": [order.first_serial], "ends": [order.last_serial + 1], "slices": 16, "each": 5}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE codes_mark; ANALYZE codes_scan")
        plans = []
        for statement in (leaks.FIRST_SCANS, leaks.BEFORE_ACTIVATION, leaks.BEFORE_SHIPPING):
            cursor.execute(f"EXPLAIN {statement}", asked)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    assert "codes_mark_pkey" in plans[0]
    assert all("scan_mark_history" in plan for plan in plans[1:])
    assert not any("Seq Scan on codes_scan" in plan or "Seq Scan on codes_mark" in plan for plan in plans)


def test_the_table_is_recorded_and_no_formula():
    order = make_order(quantity=30)
    file_of(order, "=HYPERLINK(1)")
    table = take_leak_list(brand=order.brand, actor="user:ann", now=NOON)
    (row,) = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")))
    assert (row["recipient"], row["alarms"], row["order_q"]) == ("'=HYPERLINK(1)", "", "1.0")
    assert AuditEntry.objects.get(action="leaks.listed").after == {"files": 1, "suspects": []}
    assert PrintFile.objects.filter(pk=F("pk")).count() == 1
