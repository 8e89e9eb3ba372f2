"""How answers look: responses, pages, how a case and its clocks stand.

Start here: `responses.py`, `case_summary.py`.
Not to be confused with: `services/cases`, which reads cases.
"""
