"""Whether an approval stands.

Start here: `pages.py`.
Not to be confused with: `decisions`, where it was given.
"""
