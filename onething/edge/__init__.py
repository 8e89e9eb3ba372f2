"""HTTP itself, for the API and the pages alike: strict reading, limits, problems, uploads, validation, middleware,
metrics.

Start here: `problems.py`, `strict.py`.
Not to be confused with: the routes, one file a concern, in `api/` and `onething/web/`.
"""
