"""Calendars as data: one folder each, with a table per year, local closures and office hours (`assemble`, `checks`).

A published version never changes: `versions.lock` holds its digest, and the files say in which versions they hold, so
that each can be put together again. New years and closures make a new version (`editing`).

Start here: `place.py`, where they are; `assemble.py`, how the files of a year become a calendar.
Not to be confused with: `onething/domain/calendar`, the arithmetic of working days.
"""

from definitions.calendars.place import FOLDER, load_calendars

__all__ = ["FOLDER", "load_calendars"]
