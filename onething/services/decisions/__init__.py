"""An officer approves or refuses an item.

Start here: `decide.py`, the act; `outputs.py` checks what is decided, also for departments' systems.
Not to be confused with: `services/tasks`, the queue.
"""
