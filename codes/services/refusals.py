"""Refusals about units that name the first offending serial."""

from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from core.errors import Invalid, Problem

Refusal = TypeVar("Refusal", bound=Problem)


class UnknownUnits(Invalid):
    code = "unknown_units"
    title = _("Some of the serials are no units of yours.")


class WrongLevel(Invalid):
    code = "wrong_level"
    title = _("Some of the units are of the wrong level.")


def offence(kind: type[Refusal], field: str, serial: int, message: str) -> Refusal:
    """A refusal of `kind`: `message` (with %(serial)d to be filled in) under `field`, the serial among the facts."""
    said = message % {"serial": serial}
    return kind(said, fields={field: [said]}, first_offending_serial=serial)
