"""Pure rules and models: what may happen to a case and what follows from it.

Standard library and pydantic only: no I/O, no clock, no randomness, no personal data. Time and calendars come in as
arguments.

Start here: `engine/step.py`, the one function; `events/union.py`, what can happen; then the room of a concern.
Not to be confused with: `onething/services`, where the same concerns are acts of people and programs.
"""
