"""The admin pages of the room; importing them registers them."""

from codes.admin import supply

__all__ = ["supply"]
