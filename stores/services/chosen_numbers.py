"""What is wrong with numbers that somebody chose, in words and by name."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.choosable import Choosable


def wrong_numbers(kind: type[Choosable], chosen: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with each; empty where each can be used."""
    defaults = kind.defaults()
    wrong = {name: [_("There is no such threshold.")] for name in chosen if name not in defaults}
    for name, value in chosen.items():
        if name not in wrong and not kind.takes(name, value):
            least, most = kind.limits_of(name)
            said = _("A number from %(least)g to %(most)g.")
            if isinstance(defaults[name], int):
                said = _("A whole number from %(least)g to %(most)g.")
            wrong[name] = [said % {"least": least, "most": most}]
    return wrong
