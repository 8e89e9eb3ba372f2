"""Reading cases: search, one case, timeline, progress, provenance, live news.

Start here: `detail.py`.
Not to be confused with: `services/tasks`, the departments' view.
"""
