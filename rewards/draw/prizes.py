"""What a prize is beside its amount: its kind and the values of it. A draw commits to them too. Pure."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any


class PrizeKind(enum.StrEnum):
    """What the winner has in the hand."""

    CASH = "cash"
    THANKS = "thanks"
    BOTTLE = "bottle"
    """One more unit of the product, handed over by a store."""
    EXCHANGE = "exchange"
    """The same for a price that the consumer pays at the store."""
    STORE_VOUCHER = "store_voucher"
    """So much off whatever the consumer buys at the store."""
    LOCKED = "locked"
    """A second envelope, which the same consumer's next opening unlocks."""


VOUCHERS = frozenset({PrizeKind.BOTTLE, PrizeKind.EXCHANGE, PrizeKind.STORE_VOUCHER})
"""What a store redeems; the prize's amount is what its owner gets for it."""
WAITING = VOUCHERS | {PrizeKind.LOCKED}
"""What is not paid at once: its money is set aside for `valid_days`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrizeTerms:
    """A kind and its values; 0 or False where they do not belong to it.

    `pays_fen`: what the consumer pays at the store (exchange). `worth_fen`: what the store takes off (store voucher).
    `valid_days`: for how long. `any_store`: redeemed at every store of the brand, not at that of the purchase alone.
    """

    kind: str = PrizeKind.CASH.value
    pays_fen: int = 0
    worth_fen: int = 0
    valid_days: int = 0
    any_store: bool = False


TERMS: tuple[str, ...] = tuple(field.name for field in fields(PrizeTerms))
"""The names of the values, as rows, documents and columns have them."""
TERM_TYPES: dict[str, type] = {"kind": str, "pays_fen": int, "worth_fen": int, "valid_days": int, "any_store": bool}


def terms_in(row: object) -> dict[str, Any]:
    """The values of whatever has them under these names."""
    return dict(told(row))


def told(row: object) -> Iterator[tuple[str, Any]]:
    """Name and value; a kind as plain text."""
    for name in TERMS:
        value = getattr(row, name)
        yield name, str(value) if name == "kind" else value


def usual_kind(amount_fen: int) -> PrizeKind:
    """What a prize is where nobody says: cash, or a thank-you where there is no amount."""
    return PrizeKind.CASH if amount_fen else PrizeKind.THANKS
