"""Time that is stopped, started again and given, and why a date is the one that it is.

Start here: `pages.py`; `panel_clocks.html` shows the clocks of a case.
Not to be confused with: `followup`, where somebody presses for an answer.
"""
