"""来前请窗口看一眼, with a browser: asking, and the answer with its code, for who applies; what waits and answering it
for the counter.

Start here: `pages.py`, the applicant's one page; `answering.py`, the counter's.
Not to be confused with: `intake`, where the draft is filled in, and taken in afterwards.
"""
