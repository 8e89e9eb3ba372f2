"""Departments' own systems: orders out, callbacks in, what they have now.

Start here: `orders.py`, `callbacks.py`.
Not to be confused with: `services/lookups`, which asks data sources.
"""
