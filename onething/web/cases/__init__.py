"""A case as a whole.

Start here: `office_case.py`, as departments read it.
Not to be confused with: `tasks`, what is to be done with one of its items.
"""
