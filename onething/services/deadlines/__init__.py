"""Time as people see and change it: clocks, suspending, extending, calendars.

Start here: `clocks.py`.
Not to be confused with: `services/reporting`: figures about time.
"""
