"""The authorisation matrix: every operation × everybody who might call it × the states of a case, in one table.

Start here: `matrix.txt`, the table, and `callers.py`, its columns. `operations.py` says what is sent, `prepared.py` to
which cases, `site.py` does it. Not to be confused with: `onething/security/policy.py`, from which nothing here is
derived, and `tests/api/test_facts.py`, which has every fact in every status by whom it is for.
"""
