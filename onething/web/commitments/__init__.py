"""Whether a promise was kept.

Start here: `pages.py`.
Not to be confused with: `undo`, what becomes of an approval that relied on one that was not.
"""
