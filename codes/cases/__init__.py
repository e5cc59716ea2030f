"""The rules of market cases: goods sold where they may not be, and codes that were copied. Pure."""
