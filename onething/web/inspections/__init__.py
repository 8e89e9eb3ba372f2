"""Joint inspections: those that a definition plans, and those that a department appoints from its task.

Start here: `pages.py` (of departments), `applicant.py` (of who applied).
Not to be confused with: `consults`, where departments are asked in writing.
"""
