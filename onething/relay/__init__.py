"""Carries open commands from the record to Temporal, and mends what got lost on the way.

Knows workflows by name and the store by its repositories; has no rules of its own.

Start here: `outbox_relay.py`; then `due_case_poller.py` (deadlines) and `reconciler.py` (what got lost).
Not to be confused with: `workflows`, which carry out what the relay brings them.
"""
