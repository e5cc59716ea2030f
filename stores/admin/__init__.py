"""The admin pages of the room; importing them registers them."""

from stores.admin import partners, people, places, platform, users

__all__ = ["partners", "people", "places", "platform", "users"]
