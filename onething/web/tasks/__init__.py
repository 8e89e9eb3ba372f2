"""A department's queue, one task with what its people need and may do, and several tasks at once.

Start here: `pages.py`; what a task's page shows is put together in `task_page.py`, its acts are served by
`act_pages.py` and stand, by concern, in rooms of their own.
Not to be confused with: `cases`, a case as a whole.
"""
