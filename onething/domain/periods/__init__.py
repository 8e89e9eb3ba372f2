"""Times in which no authority decides (期间): a wait that nobody shortens, a public notice, what others have to do.

Start here: `rules.py` (when one begins, how it ends), `guards.py` (when an objection or a report may be recorded).
Not to be confused with: a pause (`domain/deadlines/pauses.py`): the time of an item that is at its department.
"""
