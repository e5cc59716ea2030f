"""The admin pages of the room; importing them registers them."""

from codes.admin import epcis, files, orders, products, profiles, scans, statements, supply

__all__ = ["epcis", "files", "orders", "products", "profiles", "scans", "statements", "supply"]
