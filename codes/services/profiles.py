"""Printer profiles: added and retired, never changed."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.models import PrinterProfile
from codes.printing.layout import DELIMITERS, LINE_ENDINGS, RowLayout
from core import audit
from core.errors import Conflict, Invalid, NotFound
from stores.models import Brand

NAME_LENGTH = 40


class ProfileNameTaken(Conflict):
    code = "printer_profile_name_taken"
    title = gettext_lazy("There is a printer profile of this name. Choose another name.")


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """What a profile says: see `PrinterProfile`."""

    name: str
    columns: tuple[str, ...]
    delimiter: str = "comma"
    line_ending: str = "crlf"
    has_header: bool = True
    one_row_a_unit: bool = False


def add_profile(*, brand: Brand, facts: ProfileFacts, actor: str, now: dt.datetime) -> PrinterProfile:
    """Add a profile. Raises Invalid for a name or a layout that can't be, ProfileNameTaken."""
    check(facts)
    with transaction.atomic():
        fields = asdict(facts) | {"columns": list(facts.columns), "name": facts.name.strip()}
        profile, is_new = PrinterProfile.objects.get_or_create(
            brand=brand, name=fields.pop("name"), defaults=fields | {"created_at": now}
        )
        if not is_new:
            raise ProfileNameTaken
        note(profile, brand, action="printer_profile.add", actor=actor, now=now)
    return profile


def retire_profile(*, brand: Brand, profile_id: int, actor: str, now: dt.datetime) -> PrinterProfile:
    """No new file is written by it from now on. One that is retired is answered as it is. Raises NotFound."""
    with transaction.atomic():
        profile = PrinterProfile.objects.select_for_update().filter(pk=profile_id, brand=brand).first()
        if profile is None:
            raise NotFound
        if profile.retired_at is None:
            profile.retired_at = now
            profile.save(update_fields=["retired_at"])
            note(profile, brand, action="printer_profile.retire", actor=actor, now=now)
    return profile


def profile_named(brand: Brand, name: str) -> PrinterProfile | None:
    """The brand's profile of that name; None for an empty name, the default. Raises Invalid where there is none."""
    if not name:
        return None
    profile = PrinterProfile.objects.filter(brand=brand, name=name, retired_at=None).first()
    if profile is None:
        raise Invalid(fields={"profile": [_("There is no printer profile of this name.")]})
    return profile


def check(facts: ProfileFacts) -> None:
    """Raises Invalid, by field."""
    if not 1 <= len(facts.name.strip()) <= NAME_LENGTH:
        raise Invalid(fields={"name": [_("Give a name of 1 to %(most)d characters.") % {"most": NAME_LENGTH}]})
    for field, known in (("delimiter", DELIMITERS), ("line_ending", LINE_ENDINGS)):
        if getattr(facts, field) not in known:
            raise Invalid(fields={field: [_("Choose one of: %(known)s.") % {"known": ", ".join(known)}]})
    try:
        RowLayout(columns=facts.columns, one_row_a_unit=facts.one_row_a_unit)
    except ValueError as error:
        message = _(
            "Some of serial, role, code and url, each once, and code or url among them; "
            "without role where a row holds a unit."
        )
        raise Invalid(fields={"columns": [message]}) from error


def note(profile: PrinterProfile, brand: Brand, *, action: str, actor: str, now: dt.datetime) -> None:
    """One entry about a profile."""
    fields = ("name", "columns", "delimiter", "line_ending", "has_header", "one_row_a_unit")
    audit.record(
        actor=actor,
        action=action,
        subject=profile,
        at=now,
        brand_slug=brand.slug,
        after={name: getattr(profile, name) for name in fields},
    )
