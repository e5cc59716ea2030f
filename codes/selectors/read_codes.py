"""Reading many codes at once: deciphered together, and placed among the brand's orders by one statement."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from codes.ciphers import code_cipher
from codes.formats.code_text import CODE_LENGTH, MalformedCode, extract_code
from codes.selectors.blocks import NO_RANK, Serials, issued_blocks


class Fault(TextChoices):
    """What can be wrong with a row. A code of another brand is told as one that was never issued."""

    TRUNCATED = "truncated", _("The code or its line is cut short.")
    MALFORMED = "malformed", _("This is no code.")
    FORGED = "forged", _("No key of ours made this code.")
    UNKNOWN = "unknown", _("The code is of no unit of the brand.")
    WRONG_LEVEL = "wrong_level", _("Items go into cases and cases onto pallets.")
    DUPLICATE = "duplicate", _("The list names this unit before.")
    TWO_PARENTS = "two_parents", _("The list puts this unit into two parents.")
    PACKED_ALREADY = "packed_already", _("The unit is in another parent already.")


class Read(NamedTuple):
    """A column of codes: what is wrong with each ("" for nothing), its serial (0 where wrong), and its level's rank."""

    faults: list[str]
    serials: Serials
    ranks: Serials


def read(brand_id: int, texts: Sequence[str]) -> Read:
    """A column of codes deciphered together, and placed among the brand's orders."""
    canonical = [canonical_or_fault(text) for text in texts]
    faults = ["" if len(text) == CODE_LENGTH else text for text in canonical]
    sound = [n for n, fault in enumerate(faults) if not fault]
    serials, ranks = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.int64)
    if sound:
        roles, opened = code_cipher().decode_block(np.array([canonical[n] for n in sound], dtype=f"S{CODE_LENGTH}"))
        serials[sound] = np.where(roles > 0, opened, 0).astype(np.int64)
        asked = serials[sound]
        keys = np.array([canonical[n][0] for n in sound], dtype="U1")
        ranks[sound] = issued_blocks(brand_id, asked.tolist(), asked.tolist()).ranks_of(asked, keys)
        for n, role in zip(sound, roles.tolist(), strict=True):
            faults[n] = Fault.FORGED if role == 0 else Fault.UNKNOWN if ranks[n] == NO_RANK else ""
    return Read(faults, serials, ranks)


def canonical_or_fault(text: str) -> str:
    """The 17 symbols of a code, or the fault of what is none."""
    try:
        return extract_code(text)
    except MalformedCode:
        bare = text.strip().rpartition("/")[2]
        return Fault.TRUNCATED if bare.isalnum() and len(bare) < CODE_LENGTH else Fault.MALFORMED
