"""The marks of a unit, in words for people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from codes.formats.code_text import Role

WORDS: dict[Role, str | Promise] = {
    Role.ITEM_OUTER: _("item, outside"),
    Role.ITEM_INNER: _("item, under the cap"),
    Role.CASE_OUTER: _("case, outside"),
    Role.CASE_INNER: _("case, inside"),
    Role.PALLET: _("pallet"),
}


def words_of(number: int) -> str:
    """What the mark of this role's number is called."""
    return str(WORDS[Role(number)])
