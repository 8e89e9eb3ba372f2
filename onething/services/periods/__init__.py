"""期间: what a department records of a public notice, or of what others had to do.

Start here: `record.py`.
"""
