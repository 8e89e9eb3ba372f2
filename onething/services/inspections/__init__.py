"""Joint inspections: appoint, move, conclude.

Start here: `appoint.py`.
Not to be confused with: `services/consults`.
"""
