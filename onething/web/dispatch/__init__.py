"""What departments' own systems have in hand.

Start here: `pages.py`.
Not to be confused with: `tasks`, what their people have.
"""
