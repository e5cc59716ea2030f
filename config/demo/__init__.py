"""The demo of `make run`: its accounts, its sample codes, and demo.json, where they are written down."""
