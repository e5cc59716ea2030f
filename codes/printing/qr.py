"""QR codes of marks, as a matrix of modules, as SVG, EPS and PNG.

Level M, the smallest version that fits, quiet zone of four modules, and always the same mask:
trying all eight costs seven times as long, and enciphered text is even enough for any of them.
"""

import io

import numpy as np
from PIL import Image

from codes.printing import symbols
from codes.printing.symbols import Modules

QUIET_ZONE = 4


def qr_modules(text: str) -> Modules:
    """The dark modules of a text's QR code, quiet zone excluded: shape (n, n), n from 21 to 177.

    Upper-case text goes in alphanumeric mode. Raises ValueError if no QR code can hold the text.
    """
    return symbols.modules_of(text.encode())


def alphanumeric_side(length: int) -> int:
    """Modules a side of the QR code of so many alphanumeric characters, quiet zone excluded."""
    return symbols.side_of(length, alphanumeric=True)


def is_alphanumeric(text: str) -> bool:
    """Whether a QR code holds the text in its alphanumeric mode."""
    return symbols.is_alphanumeric(text.encode())


def modules_of(text: str) -> int:
    """Modules a side of a text's QR code, quiet zone excluded."""
    return symbols.side_of(len(text.encode()), alphanumeric=is_alphanumeric(text))


def dark_runs(modules: Modules) -> list[tuple[int, int, int]]:
    """The dark runs of all rows as (row, first column, length): what is drawn as one path."""
    edges = np.diff(np.pad(modules, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    return list(zip(rows.tolist(), starts.tolist(), (ends - starts).tolist(), strict=True))


def render_svg(text: str) -> bytes:
    """A QR code as SVG, one unit a module, to be scaled by whoever places it."""
    modules = qr_modules(text)
    side = len(modules) + 2 * QUIET_ZONE
    path = "".join(
        f"M{QUIET_ZONE + column} {QUIET_ZONE + row}h{length}v1h-{length}z" for row, column, length in dark_runs(modules)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>\n'
    ).encode("ascii")


def render_eps(text: str) -> bytes:
    """A QR code as EPS, one point a module: all modules as one filled path, for the printer's layout program."""
    modules = qr_modules(text)
    side = len(modules) + 2 * QUIET_ZONE
    # PostScript counts from the bottom
    rows = "".join(
        f"{QUIET_ZONE + column} {side - QUIET_ZONE - row - 1} {length} r\n"
        for row, column, length in dark_runs(modules)
    )
    return (
        f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 {side} {side}\n%%LanguageLevel: 1\n%%Pages: 1\n%%EndComments\n"
        "/r { 3 1 roll moveto dup 0 rlineto 0 1 rlineto neg 0 rlineto closepath } bind def\n"
        f"gsave 1 setgray 0 0 moveto {side} 0 rlineto 0 {side} rlineto -{side} 0 rlineto closepath fill\n"
        f"0 setgray newpath\n{rows}fill grestore\n%%EOF\n"
    ).encode("ascii")


def render_png(text: str, module_px: int = 8) -> bytes:
    """A QR code as black-and-white PNG, `module_px` pixels a module."""
    light = np.pad(~qr_modules(text), QUIET_ZONE, constant_values=True)
    out = io.BytesIO()
    Image.fromarray(light.repeat(module_px, axis=0).repeat(module_px, axis=1)).save(out, format="PNG")
    return out.getvalue()
