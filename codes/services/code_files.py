"""Files of codes, read line by line: a plain list, or a part cut out of a print file."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from core.errors import Invalid

HEADINGS = {"code", "codes", "url", "码", "编码", "二维码"}
LONGEST_LINE = 4096
SEPARATORS = "\t;|,"


def codes_of_file(lines: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """(line, code or link) of each line that is not empty; lines count from 1.

    A line is a code, or a row of which one column is: under a first line of headings the one headed `code`, `url` or
    in Chinese 码, else the first. What is no text is handed on as it stands, to be refused as no code.

    Raises:
        Invalid: a line of more than 4,096 bytes.
    """
    column, between = 0, ","
    for number, raw in enumerate(lines, start=1):
        if len(raw) > LONGEST_LINE:
            raise Invalid(fields={"file": [_("Line %(line)d is too long.") % {"line": number}]})
        text = raw.decode("utf-8-sig", errors="replace").strip()
        if number == 1:
            between = next((sign for sign in SEPARATORS if sign in text), between)
            names = [cell.strip().strip('"').lower() for cell in text.split(between)]
            heading = next((place for place, name in enumerate(names) if name in HEADINGS), None)
            if heading is not None:
                column = heading
                continue
        cells = [cell.strip().strip('"') for cell in text.split(between)]
        if any(cells):
            yield number, cells[column] if column < len(cells) else ""
