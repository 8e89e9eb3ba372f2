"""Published calendars, one file per calendar: days off and 调休 workdays, year by year. `load_calendars()` reads them all."""

from pathlib import Path

from onething.domain.calendar import Calendar
from ruamel.yaml import YAML

FOLDER = Path(__file__).parent


def load_calendars(folder: Path = FOLDER) -> dict[str, Calendar]:
    """Calendars by code. Raise `pydantic.ValidationError` for a malformed one; the loader reports it with its line."""
    reader = YAML(typ="safe", pure=True)
    calendars = (Calendar.model_validate(reader.load(path)) for path in sorted(folder.glob("*.yaml")))
    return {calendar.code: calendar for calendar in calendars}
