"""Signing in and out with a browser.

Start here: `pages.py`.
Not to be confused with: `api/identity.py`, which speaks of tokens.
"""
