"""How a print file's rows look: which columns, in which order, and what stands between them."""

from dataclasses import dataclass

from codes.formats.code_text import Role

Piece = tuple[str, int] | bytes
"""Fixed bytes, or (column, place of the role) of what is filled in for each unit."""

COLUMNS = ("serial", "role", "code", "url")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
LINE_ENDINGS = {"crlf": "\r\n", "lf": "\n"}


@dataclass(frozen=True, slots=True)
class RowLayout:
    """The default is a row a mark, `serial,role,code,url` with header and CR LF (RFC 4180).

    With `one_row_a_unit` a row holds all marks of a unit: the serial once, where it is named, and every other column
    once for each role, headed `{role}_{column}`, the roles in their order of printing and the columns within a role.
    """

    columns: tuple[str, ...] = COLUMNS
    delimiter: str = ","
    line_ending: str = "\r\n"
    has_header: bool = True
    one_row_a_unit: bool = False

    def __post_init__(self) -> None:
        is_known = set(self.columns) <= set(COLUMNS) and len(set(self.columns)) == len(self.columns)
        if not is_known or not {"code", "url"} & set(self.columns):
            msg = f"columns are some of {', '.join(COLUMNS)}, each at most once, and code or url among them"
            raise ValueError(msg)
        if self.one_row_a_unit and "role" in self.columns:
            msg = "in a row a unit, the header names the roles: there is no column for them"
            raise ValueError(msg)

    def lines(self, roles: tuple[str, ...]) -> tuple[tuple[tuple[str, int], ...], ...]:
        """The lines of one unit; each is its cells, as (column, place of the role among `roles`)."""
        places = range(len(roles))
        if not self.one_row_a_unit:
            return tuple(tuple((column, place) for column in self.columns) for place in places)
        own = tuple(column for column in self.columns if column != "serial")
        marks = tuple((column, place) for place in places for column in own)
        if "serial" not in self.columns:
            return (marks,)
        # the serial is first or last: between the columns it would stand among those of a single mark
        return ((("serial", 0), *marks) if self.columns[0] == "serial" else (*marks, ("serial", 0)),)

    def header(self, roles: tuple[str, ...]) -> bytes:
        """The first line; empty where none is wanted."""
        if not self.has_header:
            return b""
        cells = [self.title(column, roles[place]) for column, place in self.lines(roles)[0]]
        return (self.delimiter.join(cells) + self.line_ending).encode("ascii")

    def pieces(self, roles: tuple[Role, ...], url_prefix: str) -> list[Piece]:
        """The rows of one unit."""
        slugs = tuple(role.slug for role in roles)
        found: list[Piece] = []
        for cells in self.lines(slugs):
            for number, (column, place) in enumerate(cells):
                found.append(self.delimiter.encode("ascii") if number else b"")
                found += piece_of(column, place, slugs[place], url_prefix)
            found.append(self.line_ending.encode("ascii"))
        return found

    def title(self, column: str, role: str) -> str:
        """What a column is headed."""
        return f"{role}_{column}" if self.one_row_a_unit and column != "serial" else column


def piece_of(column: str, place: int, slug: str, url_prefix: str) -> list[Piece]:
    """A cell: fixed bytes, or what is filled in for each unit."""
    if column == "role":
        return [slug.encode("ascii")]
    return [url_prefix.encode("ascii"), (column, place)] if column == "url" else [(column, place)]


@dataclass(frozen=True, slots=True)
class NestedRows:
    """The rows of a pre-matched roll: a row a mark; what holds others tells the first and last serial inside."""

    holds: bool
    delimiter: str = ","

    def header(self, roles: tuple[str, ...]) -> bytes:  # noqa: ARG002 - as any layout
        """None: the roll has one of its own."""
        return b""

    def pieces(self, roles: tuple[Role, ...], url_prefix: str) -> list[Piece]:
        """The rows of one unit."""
        inside = ("first_inside", "last_inside") if self.holds else ()
        found: list[Piece] = []
        for place, role in enumerate(roles):
            for column in ("serial", "role", "code", "url", *inside):
                found += [*piece_of(column, place, role.slug, url_prefix), b","]
            found[-1] = b"\r\n" if inside else b",,\r\n"
        return found


PLAIN = RowLayout()
