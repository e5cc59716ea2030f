<<<<<<< HEAD
"""The admin pages of the room; importing them registers them."""

from stores.admin import people, places

__all__ = ["people", "places"]
=======
from stores.admin import partners

__all__ = ["partners"]
>>>>>>> orders
