"""Everything that can happen to a case, one file a concern; their `kind` is the contract of the journal.

Start here: `union.py`, which lists them all.
Not to be confused with: events of other systems (CloudEvents): `domain/definition/prefill_events.py`,
`services/intake/prefill_events.py`.
"""
