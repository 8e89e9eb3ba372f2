"""Items sent back (退回) and departments whose duties move.

Start here: `returns.py`, `reassign.py`.
Not to be confused with: `services/tasks/claim.py`: one task goes to a colleague.
"""
