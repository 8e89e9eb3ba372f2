"""Letters and certificates: what a case gives in writing.

Start here: `office_letters.py`, as departments read them.
Not to be confused with: `materials`, what is brought to it.
"""
