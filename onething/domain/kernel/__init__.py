"""What every rule stands on: the state of a case, its lifecycle tables, and the one place that changes a
state.

Start here: `state.py`, then `reducer.py`.
Not to be confused with: `domain/engine`, which knows all concerns; the kernel knows none.
"""
