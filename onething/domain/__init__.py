"""Pure rules and models: what may happen to a case and what follows from it.

Standard library and pydantic only: no I/O, no clock, no randomness, no personal data. Time and calendars come in as
arguments.
"""
