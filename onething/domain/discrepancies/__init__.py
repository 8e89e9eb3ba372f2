"""Values of several sources that have to say the same, and do not.

Start here: `rules.py`.
Not to be confused with: `domain/sources/compare_as.py`, which decides when two values are the same.
"""
