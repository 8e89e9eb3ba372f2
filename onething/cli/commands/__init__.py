"""Commands about cases, one file a concern: HTTP clients like anybody's.

Start here: `intake.py`.
Not to be confused with: `cli/operations`.
"""
