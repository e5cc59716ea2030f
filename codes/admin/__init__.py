"""The admin pages of the room; importing them registers them."""

from codes.admin import (
    epcis,
    exceptions,
    files,
    market_cases,
    orders,
    products,
    profiles,
    rolls,
    scans,
    statements,
    supply,
)

__all__ = [
    "epcis",
    "exceptions",
    "files",
    "market_cases",
    "orders",
    "products",
    "profiles",
    "rolls",
    "scans",
    "statements",
    "supply",
]
