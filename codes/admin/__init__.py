"""The admin pages of the room; importing them registers them."""

from codes.admin import exceptions, files, orders, products, profiles, rolls, scans, statements, supply

__all__ = ["exceptions", "files", "orders", "products", "profiles", "rolls", "scans", "statements", "supply"]
