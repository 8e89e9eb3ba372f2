"""谁问到我: whose applications would have records of the reader looked up, and what they say to it.

Start here: `pages.py`.
Not to be confused with: `onething/web/audit`, where people read who has looked at what is theirs.
"""
