"""Files and papers that belong to a case.

Start here: `office_files.py`, as departments open them.
Not to be confused with: `documents`, what a case gives.
"""
