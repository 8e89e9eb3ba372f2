"""The journal anchored outside, and verified.

Start here: `verification.py`.
Not to be confused with: `store/record/access_log.py`: who looked.
"""
