"""The local stack: PostgreSQL, Temporal, the simulated outside world, workers and the API as supervised processes.

Knows programs, ports, files and signals, and nothing of cases. Whatever dies is started again; what a killed stack
left behind is recognised by process start times and put away before anything starts.

Start here: `stack.py`, which services in which order; `supervisor.py`, which keeps them running.
Not to be confused with: `onething/wiring`, which puts the processes together that this one starts.
"""
