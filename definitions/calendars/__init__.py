"""Calendars as data: one folder each, with a table per year, local closures and office hours (`assemble`, `checks`).

A published version never changes: `versions.lock` holds its digest, and the files say in which versions they hold, so
that each can be put together again. New years and closures make a new version (`editing`).
"""

from definitions.calendars.place import FOLDER, load_calendars

__all__ = ["FOLDER", "load_calendars"]
