"""期间, with a browser: an objection to a public notice, or that what others had to do is done.

Start here: `pages.py`.
"""
