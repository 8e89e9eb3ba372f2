"""Commands of who runs the system: stack, definitions, calendar, journal, agent, processes.

Start here: `stack.py`.
Not to be confused with: `cli/commands`.
"""
