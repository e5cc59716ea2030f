"""The admin pages of the room; importing them registers them."""

from codes.admin import (
    case_rules,
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
    unexamined,
)

__all__ = [
    "case_rules",
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
    "unexamined",
]
