"""One command for everything that is recorded beside the code: `python -m tests.record --help`.

Start here: `kinds.py` lists what there is. `documents.py` holds the kinds of one file each, `golden.py` the journals,
`histories.py` the workflow's; `differences.py` finds what changed, `sentences.py` says it. Not to be confused with
`tests/support/record.py`, the case record in memory.
"""
