"""A department's queue: list, one task, claim, release, transfer.

Start here: `queue.py`.
Not to be confused with: `services/decisions`: what a task ends with.
"""
