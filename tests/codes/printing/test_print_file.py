import csv
import hashlib
import io
import tracemalloc

import pytest

from codes.formats.code_text import CodeCipher, Role
from codes.formats.keys import KeyRing, UnknownKeyVersion
from codes.printing.decimals import serial_digits
from codes.printing.print_file import write_print_file
from codes.printing.run import CHUNK_UNITS, PrintRun

CIPHER = CodeCipher(KeyRing.parse(f"2:{bytes(range(32)).hex()},1:{bytes(32).hex()}"))
PREFIX = "HTTPS://ONE.CN/C/"
BOTTLE = (Role.ITEM_OUTER, Role.ITEM_INNER)
SEVERAL_CHUNKS = PrintRun(roles=BOTTLE, first_serial=2**40 - 5000, quantity=5000, url_prefix=PREFIX)


class Discard(io.RawIOBase):
    def write(self, data):
        return len(data)


def written(run, **options):
    out = io.BytesIO()
    summary = write_print_file(out=out, cipher=CIPHER, run=run, **options)
    return out.getvalue(), summary


def test_a_row_gives_serial_role_code_and_address():
    content, _ = written(PrintRun(roles=BOTTLE, first_serial=7, quantity=2, url_prefix=PREFIX))
    assert content.decode() == "serial,role,code,url\r\n" + "".join(
        f"{serial:013},{role.slug},{CIPHER.encode(role, serial)},{PREFIX}{CIPHER.encode(role, serial)}\r\n"
        for serial in (7, 8)
        for role in BOTTLE
    )


def test_every_row_of_a_file_of_several_chunks_reads_back():
    content, _ = written(SEVERAL_CHUNKS)
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    marks = [CIPHER.decode(row["code"]) for row in rows]
    expected = [(role, serial) for serial in range(2**40 - 5000, 2**40) for role in BOTTLE]
    assert [(mark.role, mark.serial) for mark in marks] == expected
    assert [(Role.from_slug(row["role"]), int(row["serial"])) for row in rows] == expected
    assert all(row["url"] == PREFIX + row["code"] for row in rows)


def test_the_summary_tells_rows_size_and_digest_of_the_file():
    content, summary = written(SEVERAL_CHUNKS)
    assert summary.rows == SEVERAL_CHUNKS.rows == 10_000
    assert summary.bytes == len(content)
    assert summary.sha256 == hashlib.sha256(content).hexdigest()


def test_progress_is_told_in_rows_after_each_chunk():
    told = []
    written(SEVERAL_CHUNKS, on_progress=told.append)
    assert told == [2 * CHUNK_UNITS, 4 * CHUNK_UNITS, 10_000]


@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_an_unfinished_file_goes_on_at_any_chunk_to_the_same_end(chunk):
    whole, summary = written(SEVERAL_CHUNKS)
    kept = whole[: SEVERAL_CHUNKS.byte_offset(chunk)]
    rest, resumed = written(SEVERAL_CHUNKS, start_chunk=chunk, digest=hashlib.sha256(kept))
    assert kept + rest == whole
    assert (resumed.sha256, resumed.bytes) == (summary.sha256, summary.bytes)
    assert resumed.rows == rest.count(b"\r\n")


def test_an_empty_run_is_a_header():
    content, summary = written(PrintRun(roles=(Role.PALLET,), first_serial=0, quantity=0, url_prefix=PREFIX))
    assert content == b"serial,role,code,url\r\n"
    assert summary.rows == 0


def test_marks_are_written_under_the_version_asked_for():
    content, _ = written(PrintRun((Role.PALLET,), first_serial=1, quantity=1, url_prefix=PREFIX, version="1"))
    assert content.decode().splitlines()[1].split(",")[2] == CIPHER.encode(Role.PALLET, 1, "1")


def test_an_unknown_key_version_is_refused():
    with pytest.raises(UnknownKeyVersion):
        written(PrintRun((Role.PALLET,), first_serial=1, quantity=1, url_prefix=PREFIX, version="9"))


def test_memory_does_not_grow_with_the_file():
    def peak(quantity):
        tracemalloc.start()
        run = PrintRun(BOTTLE, first_serial=1, quantity=quantity, url_prefix=PREFIX)
        write_print_file(out=Discard(), cipher=CIPHER, run=run)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(40 * CHUNK_UNITS)  # what is kept once, and what looks on, has its memory
    assert peak(40 * CHUNK_UNITS) < 1.2 * peak(4 * CHUNK_UNITS)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"roles": ()}, "at least one role"),
        ({"roles": (Role.PALLET, Role.PALLET)}, "each role once"),
        ({"quantity": -1}, "serials"),
        ({"first_serial": -1}, "serials"),
        ({"first_serial": 2**40 - 1, "quantity": 2}, "serials"),
        ({"url_prefix": ""}, "plain ASCII"),
        ({"url_prefix": "HTTPS://A,B/"}, "plain ASCII"),
        ({"url_prefix": 'HTTPS://A"B/'}, "plain ASCII"),
        ({"url_prefix": "HTTPS://A B/"}, "plain ASCII"),
        ({"url_prefix": "HTTPS://酒/"}, "plain ASCII"),
    ],
)
def test_a_run_that_cannot_be_printed_is_refused(changes, message):
    possible = {"roles": BOTTLE, "first_serial": 1, "quantity": 1, "url_prefix": PREFIX}
    with pytest.raises(ValueError, match=message):
        PrintRun(**possible | changes)


@pytest.mark.parametrize("first", [0, 9_998, 99_999_998, 999_999_999_998, 2**40 - 4])
def test_serials_are_written_as_python_writes_them(first):
    assert serial_digits(first, 4).tolist() == [f"{serial:013}".encode() for serial in range(first, first + 4)]
