"""What a statement about many codes would touch, in words."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from codes.models import CodeOrder, Span
from codes.selectors.touched import Touched, touched
from codes.services.statements import Subject, Wording, planned
from core import clock
from stores.models import Brand

STATES = {
    "issued": _("not activated"),
    "scheduled": _("to be activated later"),
    **{kind.value: kind.label for kind in Span.Kind},
}


def preview_lines(brand: Brand, subject: Subject, wording: Wording) -> list[str]:
    """What it would touch, as of now; raises what the statement itself would raise. Writes nothing."""
    now = clock.now()
    plan = planned(brand, subject, wording, now=now, lock=False)
    lines = lines_of(touched(brand.pk, plan.pieces.ranges, now=now))
    if not len(plan.fresh.orders):
        lines.append(_g("All of this was said before: nothing would change."))
    if wording.effective_at is not None:
        lines.append(_g("Takes effect at %(moment)s.") % {"moment": moment_words(wording.effective_at)})
    return lines


def lines_of(found: Touched) -> list[str]:
    """The numbers, a line each."""
    comma = pgettext("between names", ", ")
    levels = [f"{CodeOrder.Level(level).label} {count}" for level, count in sorted(found.levels.items())]
    states = [f"{words} {found.states[state]}" for state, words in STATES.items() if state in found.states]
    return [
        _g("Units: %(units)d (%(levels)s); ranges: %(ranges)d.")
        % {"units": found.units, "levels": comma.join(levels), "ranges": found.ranges},
        _g("Sold already (opened): %(opened)d.") % {"opened": found.opened},
        _g("Present states: %(states)s.") % {"states": comma.join(states)},
    ]


def moment_words(moment: dt.datetime) -> str:
    """A moment in the reader's form."""
    return date_format(localtime(moment), "DATETIME_FORMAT")
