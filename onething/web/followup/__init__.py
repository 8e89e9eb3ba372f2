"""Urging, supervision and ratings.

Start here: `pages.py`, how applicants urge and rate; `replies.py`, what departments answer.
Not to be confused with: `deadlines`, the clocks themselves.
"""
