"""`python -m bench`: how fast OneThing is beside the smallest Temporal workflow, on the same servers at the same time.

Drives both from outside as their callers would, and reads histories and /proc; nothing in here is imported elsewhere.
"""
