"""Deciding an item.

Start here: `pages.py`.
Not to be confused with: `tasks`, the page in which the form stands.
"""
