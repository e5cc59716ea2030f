"""Tables as downloads, streamed: what pages of this room give away as CSV and XLSX."""

from collections.abc import Iterable, Sequence

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from rewards.sheets.tables import Cell, csv_pieces, xlsx_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNKEPT = {"Cache-Control": "no-store"}


def table_answer(
    heading: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str, sheet: str, form: str
) -> HttpResponseBase:
    """The table as the file `name`, without its ending: a workbook where `form` is "xlsx", else CSV.

    `sheet` is at most 25 characters.
    """
    if form == "xlsx":
        book = xlsx_file(heading, rows, name=sheet)
        return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX, headers=UNKEPT)
    headers = UNKEPT | {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    pieces = csv_pieces(heading, rows)
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)
