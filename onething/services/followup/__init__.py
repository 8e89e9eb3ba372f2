"""Urging, supervision and ratings.

Start here: `urges.py`.
Not to be confused with: `services/reporting`.
"""
