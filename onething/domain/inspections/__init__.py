"""Joint inspections (联合踏勘): appointed, moved, concluded.

Start here: `rules.py` (what follows), `guards.py` (when it may happen).
Not to be confused with: inspections drawn by lot (双随机), which are no part of a case.
"""
