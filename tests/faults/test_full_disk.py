"""A disk that is really full while print files are written: a small one of its own, and a limit on the size of files.

A file system can be mounted by root alone, and not in every container. Where it can't, that half says so and is left
out; the limit of the process works everywhere.
"""

import io
import resource
import subprocess
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command

from codes.models import CodeOrder, Download, PrintFile
from codes.printing.run import CHUNK_UNITS
from codes.services import parts, writing
from codes.services.exporting import WantedFile, request_print_file
from codes.services.writing import NO_ROOM
from core import clock
from tests.codes.api.partners import Partner
from tests.factories.codes import BatchFactory, make_order
from tests.factories.stores import NOON, BrandFactory

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
ROOM = {"csv": 2 << 20, "labels": 3 << 16}
QUANTITY = {"csv": 3 * CHUNK_UNITS, "labels": 200}
"""Each file takes more than half of its room, and not all of it."""


@contextmanager
def small_disk(folder, room):
    """A disk of so many bytes, half of them taken; what is yielded makes room again."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        ballast = folder / "ballast"
        ballast.write_bytes(bytes(room // 2))
        yield ballast.unlink
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def small_files(_folder, room):
    """No file of this process may grow beyond half of the room; what is yielded lifts that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def lift():
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    resource.setrlimit(resource.RLIMIT_FSIZE, (room // 2, before[1]))
    try:
        yield lift
    finally:
        lift()


FULL = {
    small_disk: (("waiting", NO_ROOM), "No space left on device"),
    small_files: (("failed", "Disk: File too large."), "File too large"),
}


@pytest.fixture
def kind():
    return "csv"


@pytest.fixture(params=FULL, ids=["a disk without room", "files without room to grow"])
def full(request, tmp_path, kind):
    folder = tmp_path / "files"
    folder.mkdir()
    with request.param(folder, ROOM[kind]) as make_room:
        yield folder, make_room, *FULL[request.param]


@pytest.fixture
def partner(full, settings, monkeypatch):
    settings.PRIVATE_FILES = full[0]
    monkeypatch.setattr(writing, "SLICE_CHUNKS", 1)
    return Partner(BrandFactory())


def asked(partner, kind, quantity):
    order = make_order(batch=BatchFactory(product__brand=partner.brand), quantity=quantity)
    wanted = WantedFile(recipient="printer", kind=kind)
    return request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)


def write_until_it_waits_for_nobody():
    while writing.write_waiting(clock=clock.now, until=NOON):
        continue


def left(folder):
    return [path.name for path in (folder / "print").iterdir()]


@pytest.mark.parametrize("kind", ROOM)
def test_no_half_file_is_offered_and_the_whole_one_once_there_is_room(partner, full, kind):
    folder, make_room, (state, fault), _ = full
    file = asked(partner, kind, QUANTITY[kind])
    address = f"code-orders/{file.order_id}/exports/{file.pk}"
    write_until_it_waits_for_nobody()
    told = partner.read(address).json()
    assert (told["state"], told["fault"], told["rows_done"], told["content"]) == (state, fault, 0, None)
    refused = partner.read(f"{address}/content")
    assert (refused.status_code, refused.json()["code"]) == (409, "print_file_state")
    assert not Download.objects.exists()

    make_room()
    if state == "failed":
        partner.send(f"{address}/retries")
    write_until_it_waits_for_nobody()
    told = partner.read(address).json()
    assert (told["state"], told["fault"], told["rows_done"]) == ("ready", "", file.rows_total)
    taken = b"".join(partner.read(f"{address}/content").streaming_content)
    assert (len(taken), left(folder)) == (told["size_bytes"], [parts.path_of(file).name])


def test_a_small_file_is_still_written_while_a_large_one_has_no_room(partner, full):
    large, small = asked(partner, "csv", QUANTITY["csv"]), asked(partner, "csv", 10)
    write_until_it_waits_for_nobody()
    states = PrintFile.objects.in_bulk([large.pk, small.pk])
    assert (states[large.pk].state, states[small.pk].state) == (full[2][0], "ready")


def test_a_disk_that_others_fill_meanwhile_costs_nothing_but_the_part(partner, full, monkeypatch):
    folder, _, (state, fault), _ = full
    file = asked(partner, "csv", QUANTITY["csv"])
    monkeypatch.setattr(parts, "free_bytes", lambda: 1 << 40)
    write_until_it_waits_for_nobody()
    file.refresh_from_db()
    assert (file.state, file.fault, file.rows_done, left(folder)) == (state, fault, 0, [])


def test_codes_are_not_issued_into_half_a_file(full):
    folder, make_room, _, fault = full
    batch = BatchFactory()
    words = {"brand": batch.product.brand.slug, "gtin": batch.product.gtin, "lot": batch.lot}
    output = folder / "codes.csv"
    arguments = [*(f"--{name}={value}" for name, value in words.items()), f"--output={output}"]
    with pytest.raises(CommandError, match=f"^The print file can't be written: {fault}.$"):
        call_command("issue_codes", *arguments, f"--quantity={QUANTITY['csv']}")
    assert [path.name for path in folder.iterdir() if path.name != "ballast"] == []
    assert CodeOrder.objects.get().state == "cancelled"

    make_room()
    call_command("issue_codes", *arguments, f"--quantity={QUANTITY['csv']}", stdout=io.StringIO())
    assert output.read_bytes().count(b"\r\n") == QUANTITY["csv"] * 2 + 1
