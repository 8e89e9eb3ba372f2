"""Joint inspections: what a definition plans (联合踏勘、联合验收), and what a department appoints.

Start here: `planned_rules.py`, `planned_guards.py` (of the plan); `rules.py`, `guards.py` (appointed).
Not to be confused with: inspections drawn by lot (双随机), which are no part of a case.
"""
