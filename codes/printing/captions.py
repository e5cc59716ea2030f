"""What is written beside a QR code, for people."""

from dataclasses import dataclass

from codes.formats.code_text import Role

PARTS = ("product", "lot", "expiry", "role", "code", "serial")


@dataclass(frozen=True, slots=True)
class Caption:
    """The product and its batch, and which parts of PARTS are shown, in this order."""

    product: str
    full_code: bool = False
    """Print the whole code rather than a masked one; an inner code is worth money to whoever reads it."""
    lot: str = ""
    expiry: str = ""
    """As YYYY-MM-DD; empty where none is known."""
    shown: tuple[str, ...] = ("product", "code", "serial")

    def fixed_line(self, part: str, role: Role) -> str:
        """A line that is the same for all units; empty where there is nothing to be said."""
        if part == "role":
            return role_line(role)
        if part == "product":
            return self.product
        value = self.lot if part == "lot" else self.expiry
        return f"{part.upper() if part == 'lot' else 'EXP'} {value}" if value else ""


def role_line(role: Role) -> str:
    """A mark's role as a line, such as ITEM INNER."""
    return role.slug.replace("_", " ").upper()
