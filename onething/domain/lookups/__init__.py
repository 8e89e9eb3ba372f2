"""Data that a case fetches from sources: what came, what did not, and what takes its place.

Start here: `rules.py`; `answers.py` is what a source or system may answer.
Not to be confused with: `domain/discrepancies`: what came does not agree.
"""
