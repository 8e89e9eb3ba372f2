"""Cases, as those look at them whom they concern.

Start here: `progress.py`, for anybody with the number and query code; `office_case.py`, as departments read one;
`counter_case.py` and `supervised_case.py`, as the counter and supervisors do.
Not to be confused with: `tasks`, what a department has to do for one.
"""
