"""The journal anchored outside and verified; who looked at what, for auditors.

Start here: `verification.py`.
Not to be confused with: `store/record/access_log.py`: where lines are written; `access.py` here reads them.
"""
