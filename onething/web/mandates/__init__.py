"""委托: letting somebody act for oneself, and taking that back.

Start here: `pages.py`.
Not to be confused with: `identity`, who has signed in.
"""
