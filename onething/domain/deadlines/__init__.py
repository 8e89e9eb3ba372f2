"""The clocks of a case: which there are, when they warn, run out, stand still or are given more time, and
patience with sources.

Start here: `clock_kinds.py` (names), `rules.py` (start, warn, miss).
Not to be confused with: `domain/calendar`, the arithmetic of days.
"""
