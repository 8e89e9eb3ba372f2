"""HTTP itself: strict reading, problems, uploads, validation, middleware, metrics.

Start here: `problems.py`, `strict.py`.
Not to be confused with: the routes, one file a concern, in `api/`.
"""
