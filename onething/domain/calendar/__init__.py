"""Working days, lengths of time, and how much of one is used up. Pure arithmetic that knows no case.

Start here: `days.py` (the working calendar), `countdown.py` (budget, pauses, end).
Not to be confused with: `domain/deadlines`, which knows the clocks of a case.
"""
