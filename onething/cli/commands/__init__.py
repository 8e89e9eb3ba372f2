"""Commands about cases, one file a concern: HTTP clients like anybody's. `cli/app.py` puts them into `case`, `task` ….

Start here: `intake.py`.
Not to be confused with: `cli/operations`.
"""
