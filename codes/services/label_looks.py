"""How the labels of a print file look: the sizes and captions that were asked for, checked and put together."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.utils.translation import gettext as _

from codes.formats.code_text import CODE_LENGTH
from codes.models import CodeOrder, PrintFile
from codes.printing.captions import PARTS, Caption
from codes.printing.labels import check_caption
from codes.printing.qr import modules_of
from codes.printing.sheets import A4_5_BY_13, PAPERS, ROLL, SHEETS, FreeGrid, LabelsDoNotFit, SheetLayout
from codes.printing.zpl import RESOLUTIONS, SHOWN, ZplLabel
from core.errors import Invalid

WITH_LABELS = (PrintFile.Kind.LABELS, PrintFile.Kind.ZPL)
MOST_MM, MOST_LABELS_ACROSS = 1_000.0, 100
GRID = frozenset(field.name for field in fields(FreeGrid))
SHEET_KEYS = GRID | {"sheet", "captions"}
ZPL_KEYS = frozenset({"label_width", "label_height", "dpi", "font", "captions"})
ZPL_DEFAULTS: dict[str, Any] = {"label_width": 60.0, "label_height": 30.0, "dpi": 203, "font": "0"}
FONT_LENGTH = 20


def checked_labels(order: CodeOrder, kind: str, asked: Mapping[str, Any], url_prefix: str) -> dict[str, Any]:
    """What to keep of the asked look, once its labels are known to fit.

    Raises:
        Invalid: a look for files without labels, an unknown word or number, or labels that do not fit.
    """
    given = {name: value for name, value in asked.items() if value is not None and value != ""}
    if kind not in WITH_LABELS:
        if given:
            raise Invalid(fields={"labels": [_("Only label sheets and ZPL have labels.")]})
        return {}
    known = SHEET_KEYS if kind == PrintFile.Kind.LABELS else ZPL_KEYS
    strange = sorted(set(given) - known)
    if strange:
        message = _("Unknown here: %(names)s. Known are: %(known)s.")
        values = {"names": ", ".join(strange), "known": ", ".join(sorted(known))}
        raise Invalid(fields={"labels": [message % values]})
    check_words(kind, given)
    try:
        check_fit(order, kind, given, url_prefix)
    except LabelsDoNotFit as problem:
        raise Invalid(fields={"labels": [words_of(problem)]}) from problem
    return given


def check_words(kind: str, given: Mapping[str, Any]) -> None:
    """Names are known and numbers within bounds. Raises Invalid."""
    shown = given.get("captions", [])
    parts = PARTS if kind == PrintFile.Kind.LABELS else SHOWN
    choices: tuple[tuple[str, Any], ...] = (("sheet", SHEETS), ("paper", (*PAPERS, ROLL)), ("dpi", RESOLUTIONS))
    for name, known in choices:
        if name in given and given[name] not in known:
            raise Invalid(fields={"labels": [one_of(name, known)]})
    if len(set(shown)) != len(shown) or not set(shown) <= set(parts):
        raise Invalid(fields={"labels": [one_of("captions", parts)]})
    for name in (GRID - {"paper"}) & set(given):
        most = MOST_LABELS_ACROSS if name in {"columns", "rows"} else MOST_MM
        least = 1 if name in {"columns", "rows", "label_width", "label_height"} else 0
        if not least <= given[name] <= most:
            message = _("%(name)s lies between %(least)d and %(most)d.")
            raise Invalid(fields={"labels": [message % {"name": name, "least": least, "most": most}]})
    font = given.get("font", "0")
    if not (font.isascii() and font.isprintable() and len(font) <= FONT_LENGTH and not set(font) & set("^~, ")):
        raise Invalid(fields={"labels": [_("A font is named as on the printer, such as E:SIMSUN.TTF.")]})


def one_of(name: str, known: Any) -> str:
    """What may be chosen."""
    return _("%(name)s: choose of %(known)s.") % {"name": name, "known": ", ".join(map(str, known))}


def check_fit(order: CodeOrder, kind: str, given: Mapping[str, Any], url_prefix: str) -> None:
    """Raises LabelsDoNotFit, and Invalid for a grid that is not told whole."""
    if kind == PrintFile.Kind.ZPL:
        zpl_label(order, given).check(url_prefix)
        return
    layout = sheet_layout(given)
    layout.check(modules_of(url_prefix + "0" * CODE_LENGTH))
    check_caption(caption_of(order, given, Caption("").shown), layout)


def sheet_layout(given: Mapping[str, Any]) -> SheetLayout:
    """The grid of a label sheet: a known one by name, or a free one. Raises Invalid where neither is told whole."""
    grid = {name: value for name, value in given.items() if name in GRID}
    if not grid:
        return SHEETS[given["sheet"]] if "sheet" in given else A4_5_BY_13
    needed = {"paper", "label_width", "label_height"} | ({"paper_width"} if grid.get("paper") == ROLL else set())
    if "sheet" in given or not needed <= set(grid):
        message = _("Name a sheet, or else give: %(needed)s.") % {"needed": ", ".join(sorted(needed))}
        raise Invalid(fields={"labels": [message]})
    return FreeGrid(**grid).layout()


def zpl_label(order: CodeOrder, given: Mapping[str, Any]) -> ZplLabel:
    """The label of a thermal printer."""
    asked = ZPL_DEFAULTS | dict(given)
    caption = caption_of(order, given, ("product", "lot", "serial"))
    return ZplLabel(asked["label_width"], asked["label_height"], asked["dpi"], caption, asked["font"])


def caption_of(order: CodeOrder, given: Mapping[str, Any], usual: tuple[str, ...]) -> Caption:
    """What stands beside the QR code."""
    batch = order.batch
    expiry = batch.expires_on.isoformat() if batch.expires_on else ""
    shown = tuple(given["captions"]) if "captions" in given else usual
    return Caption(batch.product.name, lot=batch.lot, expiry=expiry, shown=shown)


def words_of(problem: LabelsDoNotFit) -> str:
    """What does not fit, and what would."""
    messages = {
        "wider_than_paper": _("The labels take %(needed).1f mm across; the paper has %(there).1f mm."),
        "higher_than_paper": _("The labels take %(needed).1f mm down; the paper has %(there).1f mm."),
        "overlapping": _(
            "The labels lie over each other: they are %(needed).1f mm long, and begin every %(there).1f mm."
        ),
        "module_too_small": _(
            "The QR code's squares would have %(module).2f mm; at least 0.25 mm can be read. "
            "The label's shorter side is %(there).1f mm: make it at least %(needed).1f mm."
        ),
        "no_room_for_caption": _(
            "There is no room beside the QR code: make the label at least %(needed).1f mm wide, or choose no caption."
        ),
        "too_many_lines": _(
            "The caption takes %(needed).1f mm, the label is %(there).1f mm high: choose fewer lines or a higher label."
        ),
        "font_without_chinese": _(
            "The printer's own font 0 has no Chinese: name a font on the printer that has, such as E:SIMSUN.TTF."
        ),
        "address_not_upper_case": _(
            "The site's address can't be printed as ZPL: it has signs other than letters, digits, and - . : /."
        ),
    }
    return messages[problem.what] % problem.values
