"""How things look in the terminal.

Start here: `case.py`.
Not to be confused with: `cli/terminal`: where text goes.
"""
