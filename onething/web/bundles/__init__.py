"""What there is to apply for, and what each asks: for anybody, signed in or not.

Start here: `pages.py`.
Not to be confused with: `catalogue`, where definitions are kept.
"""
