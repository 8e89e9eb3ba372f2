"""The simulated outside world: one process plays data sources, department systems and the notice gateway over HTTP.

It fails on command, applies one effect per Idempotency-Key, and remembers effects across a kill.
All its data are made up.
"""
