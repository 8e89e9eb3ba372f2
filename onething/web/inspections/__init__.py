"""Joint inspections: appointed, moved, concluded.

Start here: `pages.py`.
Not to be confused with: `consults`, where departments are asked in writing.
"""
