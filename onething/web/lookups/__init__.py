"""Records that people look for, where their source gave none.

Start here: `pages.py`.
Not to be confused with: `discrepancies`, values that say different things.
"""
