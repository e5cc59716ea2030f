<<<<<<< HEAD
"""The admin pages of the room; importing them registers them."""

from codes.admin import supply

__all__ = ["supply"]
=======
from codes.admin import files, orders, products, statements

__all__ = ["files", "orders", "products", "statements"]
>>>>>>> orders
