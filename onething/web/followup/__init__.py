"""Urging, supervision and ratings.

Start here: `pages.py`, how applicants urge and rate; `replies.py`, what departments answer;
`supervision_pages.py`, what supervisors look at and do.
Not to be confused with: `deadlines`, the clocks themselves.
"""
