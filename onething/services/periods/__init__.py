"""期间: what a department records of a public notice, or of what others had to do.

Start here: `record.py`.
Not to be confused with: `services/deadlines`, by which a department stops the time of an item that it has.
"""
