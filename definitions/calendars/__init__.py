"""Published calendars, one file each: days off and 调休 workdays, year by year."""

from pathlib import Path

from definitions.loader import load_calendars

__all__ = ["FOLDER", "load_calendars"]

FOLDER = Path(__file__).parent
