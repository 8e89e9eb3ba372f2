"""Files and papers that belong to a case.

Start here: `pages.py`, how a draft's are to come; `supplies.py` has those that were asked for; `office_files.py`, as
departments open them; `papers.py` and `counter_files.py`, as the counter receives them.
Not to be confused with: `documents`, what a case gives.
"""
