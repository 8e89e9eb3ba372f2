"""Applying, with a browser: beginning, filling in, checking and submitting an application; supplying, withdrawing.

Start here: `pages.py`, the list of what is to be filled in; `contents.py` says of which parts an application is.
Not to be confused with: `materials`, where files are sent.
"""
