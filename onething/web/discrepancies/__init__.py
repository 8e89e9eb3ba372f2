"""Which of several values is right, by the department that owns the data.

Start here: `pages.py`.
Not to be confused with: `lookups`, records that are looked for by hand.
"""
