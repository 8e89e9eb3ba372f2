"""告知承诺: statements, their check, and the record of broken ones.

Start here: `statements.py`.
Not to be confused with: `services/undo/revocation.py`: what a broken one may cost.
"""
