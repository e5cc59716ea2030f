"""Rows as CSV or XLSX, of any length, in little memory. A cell is a text or a number, never a formula or a link."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text of a CSV for a formula."""
MARK = "\ufeff"
"""Lets spreadsheets read Chinese."""
MOST_ROWS = 1_048_576 - 1
"""Of a sheet, without its heading."""
PIECE = 64 * 1024
LINES_A_PIECE = 500

Cell = str | int | Decimal


def tame(cell: Cell) -> Cell:
    """The cell for CSV: a risky text gets a mark in front. Numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell


def csv_pieces(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as UTF-8, in pieces of some hundred lines."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write(MARK)
    writer.writerow([tame(cell) for cell in heading])
    for number, row in enumerate(rows, start=1):
        writer.writerow([tame(cell) for cell in row])
        if number % LINES_A_PIECE == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def xlsx_file(heading: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str) -> IO[bytes]:
    """The table as a workbook in a temporary file, at its beginning; row by row, so memory does not grow with them.

    What does not fit on a sheet goes on the next one, under the same heading. `name` is at most 25 characters.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - a third of a second of every start, for what few ask for

    file = TemporaryFile()  # noqa: SIM115 - the answer reads it, and closes it
    with Workbook(file, {"constant_memory": True}) as book:
        strong = book.add_format({"bold": True})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet, line, sheets = None, MOST_ROWS, 0
        for row in rows:
            if line == MOST_ROWS or sheet is None:
                sheets, line = sheets + 1, 0
                sheet = book.add_worksheet(name if sheets == 1 else f"{name} {sheets}")
                write(sheet, 0, heading, strong, strong)
            line += 1
            write(sheet, line, row, None, money)
        if sheet is None:
            write(book.add_worksheet(name), 0, heading, strong, strong)
    file.seek(0)
    return file


def write(sheet: Any, line: int, cells: Sequence[Cell], text: Any, number: Any) -> None:
    """One row: texts as texts whatever they look like, decimals as money, whole numbers as they are."""
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(line, column, cell, text)
        else:
            how = number if isinstance(cell, Decimal) else text
            sheet.write_number(line, column, cell, how)
