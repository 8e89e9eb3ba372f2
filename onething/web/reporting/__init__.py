"""Figures, with a browser: the board of supervision, how data sources do, and the same as a spreadsheet.

Start here: `pages.py`; `figures.py` says in words what each figure is.
Not to be confused with: `followup`, what supervisors do about it.
"""
