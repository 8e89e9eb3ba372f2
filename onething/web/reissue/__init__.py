"""Certificates made out once more.

Start here: `pages.py`.
Not to be confused with: `undo`, whether what was granted stands.
"""
