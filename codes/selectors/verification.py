"""What a code is, without scanning it: nothing is recorded."""

import datetime as dt
from dataclasses import dataclass

from codes.formats.code_text import CodeCipher, ForgedCode, MalformedCode, Role, extract_code
from codes.formats.keys import UnknownKeyVersion
from codes.models import Mark
from codes.models.scan import Verdict
from codes.selectors.states import StateName, state_of

VERDICTS: dict[StateName, Verdict] = {
    "issued": Verdict.NOT_ACTIVATED,
    "voided": Verdict.VOIDED,
    "frozen": Verdict.FROZEN,
    "recalled": Verdict.RECALLED,
}


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict that a scan would get now; the rest is empty where the text is no genuine mark."""

    verdict: Verdict
    role: Role | None = None
    serial: int | None = None
    order_id: int | None = None


def verify(text: str, *, cipher: CodeCipher, now: dt.datetime) -> Verification:
    """The verdict on a code as of `now`, bare or in a link."""
    try:
        mark = cipher.decode(extract_code(text))
    except MalformedCode:
        return Verification(Verdict.MALFORMED)
    except (ForgedCode, UnknownKeyVersion):
        return Verification(Verdict.UNKNOWN)
    unit = state_of(mark.serial, now=now)
    # a role or key that the order never printed with comes from no printer of ours, however genuine its text
    if unit is None or mark.role not in unit.order.roles or mark.version != unit.order.key_version:
        return Verification(Verdict.UNKNOWN, mark.role, mark.serial)
    verdict = VERDICTS.get(unit.state) or first_or_repeat(mark.serial, mark.role)
    return Verification(verdict, mark.role, mark.serial, unit.order.pk)


def first_or_repeat(serial: int, role: Role) -> Verdict:
    """Whether a valid mark was scanned before."""
    was_scanned = Mark.objects.filter(pk=serial * 16 + role).exists()
    return Verdict.GENUINE_REPEAT if was_scanned else Verdict.GENUINE_FIRST
