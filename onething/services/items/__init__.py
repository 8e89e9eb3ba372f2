"""Items sent back (退回) or decided anew (重新办理), and departments whose duties move.

Start here: `returns.py`, `reopenings.py`, `reassign.py`.
Not to be confused with: `services/tasks/claim.py`: one task goes to a colleague.
"""
