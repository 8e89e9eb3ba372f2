"""期间, with a browser: an objection to a public notice, or that what others had to do is done.

Start here: `pages.py`.
Not to be confused with: `web/deadlines`, by which a department stops the time of an item that it has.
"""
