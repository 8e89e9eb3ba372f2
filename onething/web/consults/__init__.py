"""Asking other departments, answering them, taking a question back.

Start here: `pages.py`.
Not to be confused with: `inspections`, where departments look at a place together.
"""
