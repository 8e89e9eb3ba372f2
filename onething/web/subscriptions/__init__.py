"""订阅: which systems are told what happens to cases, and how that goes; for who runs the system.

Start here: `pages.py`.
Not to be confused with: `notifications`, what people are told.
"""
