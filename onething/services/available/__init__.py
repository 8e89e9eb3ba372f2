"""What may be done next with a case or task, and why not.

Start here: `actions.py`.
Not to be confused with: `services/core/access.py`, which looks up who asks about which case.
"""
