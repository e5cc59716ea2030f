from stores.admin import partners

__all__ = ["partners"]
