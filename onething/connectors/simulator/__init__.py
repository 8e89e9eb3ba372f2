"""The simulated outside world: one process plays data sources, department systems and the notice gateway over HTTP.

It fails on command, applies one effect per Idempotency-Key, and remembers effects across a kill.
All its data are made up.

Start here: `app.py` (what it answers), `behaviour.py` (how it fails on command).
Not to be confused with: `onething/connectors/kit.py`, which tests the real system of a department.
"""
