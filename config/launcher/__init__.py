"""Starts the parts OneCode stands on and keeps them alive: standard library and the two database clients, no Django."""
