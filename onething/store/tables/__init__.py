"""One repository a table, its SQL beside it under the same name.

Start here: `cases.py`.
Not to be confused with: `store/record`, which alone changes a case.
"""
