"""Joint inspections: those that a definition plans, and those that a department appoints from its task.

Start here: `planned_acts.py` (of the plan); `appoint.py` (appoint, move, conclude).
Not to be confused with: `services/consults`.
"""
