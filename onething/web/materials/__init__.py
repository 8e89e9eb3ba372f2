"""Materials, with a browser: papers that the counter receives.

Start here: `papers.py`.
Not to be confused with: `intake`, where an application says what comes with it.
"""
