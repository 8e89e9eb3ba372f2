"""An application and its values: shape, check, sealing, digests for comparison; no act of its own.

Start here: `schemas.py`, `check.py`.
Not to be confused with: `services/intake`, the acts.
"""
