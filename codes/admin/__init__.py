from codes.admin import files, orders, products, statements

__all__ = ["files", "orders", "products", "statements"]
