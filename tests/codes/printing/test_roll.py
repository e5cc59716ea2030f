import pytest

from codes.formats.code_text import CodeCipher, Role
from codes.formats.keys import KeyRing
from codes.printing import roll as rolls
from codes.printing.layout import NestedRows
from codes.printing.roll import RollRun
from codes.printing.run import Inside, PrintRun

CIPHER = CodeCipher(KeyRing.parse(f"1:{bytes(32).hex()}"))
PREFIX = "HTTPS://ONE.CN/C/"
FIVE = ((Role.ITEM_OUTER, Role.ITEM_INNER), (Role.CASE_OUTER, Role.CASE_INNER), (Role.PALLET,))
FEW = ((Role.ITEM_INNER,), (Role.CASE_OUTER,), ())


def part(roles, first, quantity, inside=None):
    layout = NestedRows(holds=inside is not None)
    return PrintRun(roles=roles, first_serial=first, quantity=quantity, url_prefix=PREFIX, layout=layout, inside=inside)


def roll_of(marks=FIVE, cases=5, each=3, on_pallet=2):
    items = part(marks[0], 1000, cases * each)
    case_run = part(marks[1], 50, cases, Inside(1000, each, 1000 + cases * each - 1))
    held = Inside(50, on_pallet, 50 + cases - 1)
    return RollRun(items, case_run, part(marks[2], 7, -(-cases // on_pallet), held) if marks[2] else None)


def rows_of(run):
    whole = run.header + b"".join(run.render(CIPHER, chunk) for chunk in range(run.chunks))
    assert len(whole) == run.byte_offset(run.chunks)
    header, *lines, end = whole.decode("ascii").split("\r\n")
    assert (header, end) == ("serial,role,code,url,first_inside,last_inside", "")
    return [line.split(",") for line in lines]


@pytest.mark.parametrize("marks", [FIVE, FEW, (FIVE[0], FEW[1], FIVE[2])])
@pytest.mark.parametrize("chunk", [1, 6, 2048])
def test_a_case_stands_before_its_items_and_a_pallet_before_its_cases(monkeypatch, marks, chunk):
    monkeypatch.setattr(rolls, "CHUNK_UNITS", chunk)
    run = roll_of(marks)
    rows = rows_of(run)
    expected = []
    for case in range(5):
        if marks[2] and case % 2 == 0:
            expected += [(7 + case // 2, role, 50 + case, min(51 + case, 54)) for role in marks[2]]
        expected += [(50 + case, role, 1000 + 3 * case, 1002 + 3 * case) for role in marks[1]]
        expected += [(1000 + 3 * case + n, role, "", "") for n in range(3) for role in marks[0]]
    told = [(int(row[0]), row[1], row[4] and int(row[4]), row[5] and int(row[5])) for row in rows]
    assert told == [(serial, role.slug, first, last) for serial, role, first, last in expected]
    assert [(row[2], row[3]) for row in rows] == [
        (code, PREFIX + code) for code in (CIPHER.encode(role, serial) for serial, role, *_ in expected)
    ]
    assert run.rows == len(rows) == run.rows_before(run.chunks)


def test_a_file_goes_on_behind_any_chunk(monkeypatch):
    monkeypatch.setattr(rolls, "CHUNK_UNITS", 1)
    run = roll_of()
    for chunk in range(run.chunks + 1):
        assert run.chunk_after(run.rows_before(chunk)) == chunk
        part_of_it = run.header + b"".join(run.render(CIPHER, n) for n in range(chunk))
        assert len(part_of_it) == run.byte_offset(chunk)


def test_a_roll_is_of_full_cases_that_say_what_they_hold():
    items, cases = part(FEW[0], 1, 7), part(FEW[1], 50, 2, Inside(1, 3, 6))
    for wrong in (
        (items, cases),
        (items, part(FEW[1], 50, 2)),
        (part(FEW[0], 1, 200_000), part(FEW[1], 500_000, 1, Inside(1, 200_000, 200_000))),
    ):
        with pytest.raises(ValueError, match="case"):
            RollRun(*wrong)


def test_a_part_of_a_roll_has_no_header_of_its_own():
    assert NestedRows(holds=True).header(FIVE[1]) == b""
