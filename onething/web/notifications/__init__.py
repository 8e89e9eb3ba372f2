"""What people are told because of who they are.

Start here: `pages.py`.
Not to be confused with: `documents`, letters of a case.
"""
