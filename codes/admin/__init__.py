"""The admin pages of the room; importing them registers them."""

from codes.admin import files, orders, products, profiles, scans, statements, supply

__all__ = ["files", "orders", "products", "profiles", "scans", "statements", "supply"]
