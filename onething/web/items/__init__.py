"""Items that wait for corrections, or go back to an earlier department.

Start here: `pages.py`.
Not to be confused with: `decisions`, what an item ends with.
"""
