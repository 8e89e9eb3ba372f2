"""Figures for supervisors: departments, sources, data quality.

Start here: `departments.py`.
Not to be confused with: `services/followup/supervision.py`: single reminders and cards.
"""
