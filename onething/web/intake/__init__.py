"""Applying, with a browser: beginning, filling in, checking and submitting, supplying, withdrawing; at the counter
taking in, accepting, rejecting, asking for corrections.

Start here: `pages.py`, the list of what an applicant fills in; `take_in.py`, the counter's one page; `inbox.py`, what
waits for the counter.
Not to be confused with: `materials`, where files and papers come.
"""
