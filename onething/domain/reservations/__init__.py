"""What several cases share: what only one may have, what there is only so much of.

Start here: `rules.py` (what an act takes, and when it is free again), `guards.py` (what waits until it is there).
Not to be confused with: `store/record/reservations.py`, which knows whose it is; the rules see a flag.
"""
