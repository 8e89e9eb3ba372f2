"""谁看过我的信息: what the access log says to whom it is about.

Start here: `pages.py`.
Not to be confused with: `cases`, where the course of a case is told.
"""
