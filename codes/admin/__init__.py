"""The admin pages of the room; importing them registers them."""

from codes.admin import files, orders, products, statements, supply

__all__ = ["files", "orders", "products", "statements", "supply"]
