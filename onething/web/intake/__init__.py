"""Applying, with a browser: beginning, filling in, checking and submitting an application; at the counter taking in,
accepting, rejecting, asking for corrections.

Start here: `take_in.py`, the counter's one page; `inbox.py`, what waits for the counter.
Not to be confused with: `materials`, where files and papers come.
"""
