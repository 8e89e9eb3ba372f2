"""What departments' own systems have in hand, and sheets for those whose systems nobody has connected.

Start here: `pages.py`.
Not to be confused with: `tasks`, what their people have.
"""
