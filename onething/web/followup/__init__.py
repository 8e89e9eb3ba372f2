"""Urging, supervision and ratings.

Start here: `replies.py`, what departments answer.
Not to be confused with: `deadlines`, the clocks themselves.
"""
