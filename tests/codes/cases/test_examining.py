"""The way through the histories: in batches, exactly once, by one worker at a time, and at a fixed price."""

import datetime as dt
import re
import threading
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from codes import tasks
from codes.models import CaseCursor, CaseEvidence, ExaminationFault, ForeignReceipt, MarketCase, Scan, Sighting
from codes.models.scan import Verdict
from codes.selectors import case_figures, mark_histories, seen_scans
from codes.selectors.case_figures import Window, numbered
from codes.selectors.consignments import MOVED
from codes.selectors.seen_scans import LAST_SCAN, NO_SCAN, first_key_at
from codes.services import examining
from codes.services.case_findings import Standing, Subject, lock_subjects
from codes.services.examining import SETTLED, examine_scans
from codes.services.examining_again import examine_again, try_again, wait_after
from codes.services.examining_movements import examine_movements
from codes.services.market_cases import close
from core import clock
from tests.factories.sightings import CHENGDU, CITIES, EXAMINED, JINGZHOU, LATER, Scene, hours
from tests.factories.supply import moved
from tests.locks import held_elsewhere, wait_for_a_lock

pytestmark = pytest.mark.django_db


def diverted(scene, count=30):
    for number in range(count):
        scene.scan(number, JINGZHOU, at=LATER + hours(number / 10), person=f"person {number}")


def test_the_next_batch_begins_where_the_last_one_ended():
    scene = Scene()
    diverted(scene, 5)
    assert [examine_scans(now=EXAMINED, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert Sighting.objects.count() == 5


def test_what_is_too_young_is_left_for_later():
    scene = Scene()
    scene.scan(0, JINGZHOU)
    now = clock.now()
    assert examine_scans(now=now, before=first_key_at(now - SETTLED)) == 0
    assert examine_scans(now=now, before=first_key_at(now + SETTLED)) == 1
    assert examine_movements(now=now, before=scene.shipments[0].recorded_at) == 0
    assert examine_movements(now=now, before=scene.shipments[0].recorded_at + dt.timedelta(seconds=1)) == 2


def test_a_batch_examined_twice_finds_what_it_found():
    scene = Scene()
    diverted(scene)
    moved("receive", scene.store_at(dealer=scene.dealer_of("421000")), scene.goods.case(0), at=LATER)
    scene.examine()
    before = [list(model.objects.order_by("pk").values()) for model in (MarketCase, CaseEvidence, Sighting)]
    CaseCursor.objects.update(position="")
    scene.examine()
    assert [list(model.objects.order_by("pk").values()) for model in (MarketCase, CaseEvidence, Sighting)] == before


def test_the_task_examines_both_histories_and_rings_again_while_there_is_more(monkeypatch):
    scene = Scene()
    diverted(scene)
    monkeypatch.setattr(tasks, "SETTLED", dt.timedelta(days=-1))
    tasks.examine_histories()
    assert MarketCase.objects.filter(brand=scene.brand).count() == 1
    rung = []
    monkeypatch.setattr(tasks, "LOOK", dt.timedelta(0))
    monkeypatch.setattr(tasks.bell, "ring", rung.append)
    tasks.examine_histories()
    assert rung == [tasks.examine_histories]


def test_more_scans_cost_no_more_statements():
    prices = []
    for count in (6, 24):
        scene = Scene()
        diverted(scene, count)
        for number in range(count):
            scene.scan(number, CHENGDU, verdict=Verdict.GENUINE_REPEAT)
        examine_movements(now=EXAMINED)
        with CaptureQueriesContext(connection) as queries:
            assert examine_scans(now=EXAMINED) == 2 * count
        prices.append(len(queries))
    assert prices[0] == prices[1] <= 30


def test_more_movements_of_one_batch_cost_no_more_cases():
    scene = Scene()
    store = scene.store_at(dealer=scene.dealer_of("421000"))
    for number in range(4):
        moved("receive", store, scene.goods.case(number), at=LATER + hours(number))
    cases = scene.examine()
    assert [(case.shipment, case.figures["received"]) for case in cases] == [
        (scene.shipments[0], 30),
        (scene.shipments[1], 30),
    ]


def test_a_receipt_of_several_shipments_is_told_apart():
    scene = Scene()
    store = scene.store_at(dealer=scene.dealer_of("421000"))
    moved("receive", store, scene.goods.case(1), scene.goods.case(2), at=LATER)
    cases = scene.examine()
    assert [(case.shipment, case.figures["received"]) for case in cases] == [
        (scene.shipments[0], 15),
        (scene.shipments[1], 15),
    ]


def test_a_receipt_at_home_or_by_a_dealer_is_none_of_a_case_s():
    scene = Scene()
    moved("receive", scene.store_at(CHENGDU, dealer=scene.dealer), scene.goods.case(0), at=LATER)
    moved("receive", scene.dealer_of("421000"), scene.goods.case(1), at=LATER)
    assert scene.examine() == []


def test_evidence_of_a_long_case_is_kept_to_a_number_and_counted_on(monkeypatch):
    monkeypatch.setattr("codes.services.case_evidence.MOST_EVIDENCE", 10)
    scene = Scene()
    diverted(scene)
    (case,) = scene.examine(limit=8)
    assert (case.figures["scans"], CaseEvidence.objects.filter(case=case).count()) == (30, 10)


def test_a_window_begins_after_the_case_that_was_closed_before():
    closed = MarketCase(closed_at=LATER)
    assert Standing(closed=closed).window(LATER + hours(5), 30) == Window(LATER, LATER + hours(5))
    assert Standing(closed=closed).window(LATER + hours(24 * 40), 30).since == LATER + hours(24 * 10)
    opened = MarketCase(counted_from=LATER, newest_at=LATER)
    assert Standing(open=opened).window(LATER + hours(5), 30).since == LATER
    assert Standing(open=MarketCase(newest_at=LATER)).window(LATER, 1).since == LATER - hours(24)


def test_a_window_reaches_to_the_newest_evidence_of_its_open_case():
    opened = Standing(open=MarketCase(newest_at=LATER + hours(5)))
    assert opened.window(LATER, 1) == Window(LATER - hours(19), LATER + hours(5))


def plan_of(statement, parameters):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}", parameters)
        return "\n".join(row[0] for row in cursor.fetchall())


def test_every_statement_goes_by_its_index():
    scene = Scene()
    diverted(scene)
    scene.examine()
    window = numbered([Window(LATER, EXAMINED)])
    shipments = window | {"shipments": [scene.shipments[0].pk], "areas": ["421000"]}
    clusters = window | {"brands": [scene.brand.pk], "causes": ["unknown"], "areas": ["421000"]}
    marks = window | {"serials": [scene.goods.item(0)], "roles": [2]}
    asked = [
        (case_figures.SHIPMENTS, shipments, {"sighting_of_shipment"}),
        (case_figures.RECEIPTS, shipments, {"foreign_receipt_of_shipment"}),
        (case_figures.CLUSTERS, clusters, {"sighting_cluster"}),
        (case_figures.SHIPPED_MOSTLY, {"brand": scene.brand.pk, "since": LATER}, {"sighting_cluster"}),
        (mark_histories.SCANS, marks, {"scan_mark_history"}),
        (
            seen_scans.AFTER,
            {"after": NO_SCAN, "before": LAST_SCAN, "limit": 5, "sure": 0.5},
            {"codes_scan_pkey"},
        ),
        (MOVED, {"serials": [scene.goods.item(0)], "moments": [None]}, {"movement_line_serials"}),
    ]
    for statement, parameters, indexes in asked:
        plan = plan_of(statement, parameters)
        assert set(re.findall(r"Seq Scan on (\w+)", plan)) == set(), plan
        assert indexes <= set(re.findall(r"(?:using|on) (\w+)", plan)), plan


@contextmanager
def both_cursors():
    with transaction.atomic():
        yield list(CaseCursor.objects.select_for_update())


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_that_comes_meanwhile_goes_away():
    scene = Scene()
    diverted(scene)
    CaseCursor.objects.bulk_create([CaseCursor(name=name) for name in ("scans", "movements")])
    with held_elsewhere(both_cursors):
        assert examine_scans(now=EXAMINED) == 0
        assert examine_movements(now=EXAMINED) == 0
    assert len(scene.examine()) == 1


@contextmanager
def receipts_examined():
    """A worker that has judged the receipts and has not committed yet."""
    with transaction.atomic():
        yield examine_movements(now=EXAMINED)


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_find_one_subject_at_once_open_one_case():
    scene = Scene()
    diverted(scene)
    moved("receive", scene.store_at(dealer=scene.dealer_of("421000")), scene.goods.case(0), at=LATER)
    found = []

    def other():
        found.append(examine_scans(now=EXAMINED))
        connection.close()

    thread = threading.Thread(target=other)
    with held_elsewhere(receipts_examined):
        thread.start()
        wait_for_a_lock()
    thread.join()
    (case,) = MarketCase.objects.all()
    assert found == [30]
    assert (case.figures["units"], case.figures["received"]) == (30, 15)
    assert CaseEvidence.objects.filter(case=case).count() == 31


@pytest.mark.django_db(transaction=True)
def test_who_closes_a_case_waits_for_who_judges_it():
    scene = Scene()
    diverted(scene)
    (case,) = scene.examine()

    @contextmanager
    def judged_elsewhere():
        with transaction.atomic():
            yield lock_subjects([Subject(case.brand_id, case.kind, case.subject)])

    def other():
        close(brand=scene.brand, case_id=case.pk, outcome="confirmed", actor="user:a", now=EXAMINED)
        connection.close()

    thread = threading.Thread(target=other)
    with held_elsewhere(judged_elsewhere):
        thread.start()
        wait_for_a_lock()
        assert MarketCase.objects.get().state == "open"
    thread.join()
    assert MarketCase.objects.get().state == "closed"


def test_a_mark_s_other_roles_are_judged_by_their_jumps_alone():
    scene = Scene()
    for number in range(12):
        city = CITIES[number % 2]
        scene.scan(0, city, role=1, at=LATER + hours(number * 24), verdict=Verdict.GENUINE_REPEAT)
    assert scene.examine() == []
    for number in range(3):
        scene.scan(0, CITIES[number], role=1, at=LATER + hours(300 + number / 10), verdict=Verdict.GENUINE_REPEAT)
    (case,) = scene.examine()
    assert (case.kind, case.role, case.figures["others"]) == ("clone", 1, 0)


def test_a_batch_that_the_database_leaves_alone_leaves_nothing_behind(monkeypatch):
    scene = Scene()
    diverted(scene)

    def away(*_args, **_options):
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr("codes.services.case_judging.keep_shipment", away)
        with pytest.raises(OperationalError):
            examine_scans(now=EXAMINED)
    assert (Sighting.objects.count(), MarketCase.objects.count(), CaseCursor.objects.count()) == (0, 0, 0)
    assert len(scene.examine()) == 1


def poisoned(monkeypatch, name, bad):
    """Whoever judges this row fails: the real function of this name raises for it."""
    module = __import__(f"codes.services.{name.split('.')[0]}", fromlist=["x"])
    real = getattr(module, name.split(".")[1])

    def judge(rows, **options):
        if bad in {row.pk if hasattr(row, "pk") else row.id for row in rows}:
            raise ValueError("a row nobody\x00 thought of")
        return real(rows, **options)

    monkeypatch.setattr(module, name.split(".")[1], judge)


def test_a_scan_that_cannot_be_examined_is_gone_past_noted_and_tried_again_until_it_can(monkeypatch):
    scene = Scene()
    diverted(scene)
    bad = Scan.objects.order_by("pk")[7]
    with monkeypatch.context() as patched:
        poisoned(patched, "examining.judge_scans", bad.pk)
        patched.setattr("codes.services.examining_again.judge_scans", examining.judge_scans)
        (case,) = scene.examine()
        assert (case.figures["units"], Sighting.objects.count()) == (29, 29)
        noted = ExaminationFault.objects.get()
        assert (noted.history, noted.row, noted.brand, noted.attempts) == ("scans", str(bad.pk), scene.brand, 1)
        assert noted.fault == "ValueError: a row nobody\ufffd thought of"
        assert examine_again(now=EXAMINED) == 0
        for attempt, wait in ((2, 10), (3, 20)):
            due = noted.next_at
            assert examine_again(now=due) == 0
            noted.refresh_from_db()
            assert (noted.attempts, noted.next_at) == (attempt, due + dt.timedelta(minutes=wait))
    assert examine_again(now=noted.next_at) == 1
    case.refresh_from_db()
    assert (case.figures["units"], ExaminationFault.objects.count()) == (30, 0)
    assert CaseEvidence.objects.filter(case=case, scan=bad).exists()


def test_a_movement_that_cannot_be_examined_is_gone_past_noted_and_tried_again(monkeypatch):
    scene = Scene()
    store = scene.store_at(dealer=scene.dealer_of("421000"))
    bad, good = (moved("receive", store, scene.goods.case(number), at=LATER) for number in (0, 2))
    with monkeypatch.context() as patched:
        poisoned(patched, "examining_movements.judge_movements", bad.pk)
        (case,) = scene.examine()
    assert case.shipment == scene.shipments[1]
    assert ForeignReceipt.objects.get().movement_id == good.pk
    assert ExaminationFault.objects.get().row == str(bad.pk)
    assert examine_again(now=EXAMINED + dt.timedelta(days=1)) == 1
    assert {found.shipment for found in scene.examine()} == set(scene.shipments)


def test_the_wait_between_attempts_grows_to_a_day():
    assert [wait_after(attempts) for attempts in (1, 2, 9, 99)] == [
        dt.timedelta(minutes=10),
        dt.timedelta(minutes=20),
        dt.timedelta(days=1),
        dt.timedelta(days=1),
    ]


def test_a_row_that_another_worker_tries_is_left_to_it():
    row = ExaminationFault(pk=1, history="scans", row="x", attempts=1)
    try_again(row, now=EXAMINED)
    assert not ExaminationFault.objects.exists()
