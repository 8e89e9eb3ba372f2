"""From receipt to acceptance: time to say what is missing, to supply it, and what silence means.

Start here: `acceptance.py`.
Not to be confused with: `domain/form/form.py`, which checks the values of a form.
"""
