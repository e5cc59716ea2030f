"""Forms for label sheets, ZPL labels and pre-matched rolls."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from codes.admin.forms import RangeForm, RecipientForm
from codes.models.order import LAST_SERIAL
from codes.printing.captions import PARTS
from codes.printing.roll import MOST_IN_ONE
from codes.printing.sheets import PAPERS, ROLL, SHEETS
from codes.printing.zpl import RESOLUTIONS, SHOWN
from codes.services.rolls import Holders

WORDS = {
    "product": _("product"),
    "lot": _("lot"),
    "expiry": _("expiry date"),
    "role": _("role of the mark"),
    "code": _("masked code"),
    "serial": _("serial"),
}
LARGEST_KEY = 2**63 - 1
NEXT = _("Empty: the next on no roll yet.")


class Millimetres(forms.FloatField):
    """A length of 0 to 1,000 mm; empty where it is not given."""

    widget = UnfoldAdminDecimalFieldWidget

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label=label, required=False, min_value=0, max_value=1_000, **options)


class Count(forms.IntegerField):
    """A number from 1 on; empty where it is not needed."""

    widget = UnfoldAdminIntegerFieldWidget

    def __init__(self, label: Any, most: int, **options: Any) -> None:
        super().__init__(label=label, min_value=options.pop("least", 1), max_value=most, **options)


class CaptionField(forms.MultipleChoiceField):
    """Parts of a caption, in their usual order."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, parts: tuple[str, ...], initial: tuple[str, ...]) -> None:
        choices = [(part, WORDS[part]) for part in parts]
        super().__init__(label=_("Caption"), choices=choices, initial=initial, required=False)


def sheet_words(name: str) -> str:
    """A known sheet, such as A4, 5 × 13, 38.1 × 21.2 mm."""
    layout = SHEETS[name]
    paper = next(paper for paper, size in PAPERS.items() if size == layout.page)
    return f"{paper}, {layout.columns} × {layout.rows}, {layout.label[0]:g} × {layout.label[1]:g} mm"


class SheetForm(RecipientForm):
    sheet = forms.ChoiceField(
        label=_("Sheet"),
        required=False,
        choices=[("", _("sizes of your own, below")), *((name, sheet_words(name)) for name in SHEETS)],
        widget=UnfoldAdminSelectWidget,
    )
    paper = forms.ChoiceField(
        label=_("Paper"),
        required=False,
        choices=[("", "—"), *((name, name) for name in PAPERS), (ROLL, _("roll"))],
        widget=UnfoldAdminSelectWidget,
    )
    paper_width = Millimetres(_("Width of the roll, mm"))
    label_width, label_height = Millimetres(_("Width of a label, mm")), Millimetres(_("Height of a label, mm"))
    columns, rows = Count(_("Labels across"), 100, required=False), Count(_("Labels down"), 100, required=False)
    gap_x, gap_y = Millimetres(_("Gap across, mm")), Millimetres(_("Gap down, mm"))
    margin_left, margin_top = Millimetres(_("Left margin, mm")), Millimetres(_("Top margin, mm"))
    captions = CaptionField(PARTS, ("product", "code", "serial"))


class ZplForm(RecipientForm):
    label_width, label_height = (
        Millimetres(_("Width of a label, mm"), initial=60),
        Millimetres(_("Height of a label, mm"), initial=30),
    )
    dpi = forms.TypedChoiceField(
        label=_("Dots an inch"), coerce=int, choices=[(dpi, dpi) for dpi in RESOLUTIONS], widget=UnfoldAdminSelectWidget
    )
    font = forms.CharField(
        label=_("Font"),
        required=False,
        max_length=20,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Empty: the printer's own. For Chinese, a font on the printer such as E:SIMSUN.TTF."),
    )
    captions = CaptionField(SHOWN, ("lot", "serial"))


class RollForm(RecipientForm):
    case_order = Count(_("Order of the cases"), LARGEST_KEY, help_text=_("Its number."))
    items_per_case = Count(_("Items in a case"), MOST_IN_ONE)
    first_case = Count(_("First case"), LAST_SERIAL, least=0, required=False, help_text=NEXT)
    pallet_order = Count(_("Order of the pallets"), LARGEST_KEY, required=False, help_text=_("Empty: no pallets."))
    cases_per_pallet = Count(_("Cases on a pallet"), MOST_IN_ONE, required=False)
    first_pallet = Count(_("First pallet"), LAST_SERIAL, least=0, required=False, help_text=NEXT)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["first_serial"].help_text = _("Leave both serials empty for all items that are on no roll yet.")

    def clean(self) -> dict[str, Any]:
        """With `cases` and `pallets` (None: without)."""
        found = super().clean()
        names = ("case_order", "items_per_case", "first_case", "pallet_order", "cases_per_pallet", "first_pallet")
        given = {name: found.pop(name, None) for name in names}
        if (given["pallet_order"] is None) != (given["cases_per_pallet"] is None):
            self.add_error("cases_per_pallet", _g("Give both the order of the pallets and how many cases each holds."))
        if self.errors:
            return found
        found["cases"] = Holders(given["case_order"], given["items_per_case"], given["first_case"])
        pallets = Holders(given["pallet_order"], given["cases_per_pallet"], given["first_pallet"])
        return found | {"pallets": pallets if given["pallet_order"] is not None else None}


class UseForm(RangeForm):
    """The cases of a roll that were used."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["first_serial"].label, self.fields["last_serial"].label = _("First case"), _("Last case")
        self.fields["first_serial"].help_text = _("Leave both empty for the whole roll.")
