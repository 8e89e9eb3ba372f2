"""An officer approves or refuses an item.

Start here: `decide.py`.
Not to be confused with: `services/application/decision.py`, the check shared with departments' systems.
"""
