"""The EPCIS query language: what an event can be found by, and what a query asks for. No Django in here.

Source: EPCIS 2.0, section 8.2.7.1 (SimpleEventQuery), and the parameters of its REST bindings.
"""
