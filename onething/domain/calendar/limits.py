"""Lengths of time as the law and the promises state them."""

from enum import StrEnum

from pydantic import Field

from onething.domain.base import Aliased


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    WORKING_HOUR = "working_hour"
    CALENDAR_DAY = "calendar_day"


class Whose(StrEnum):
    """Whose days a period is made of. 行政许可法 Art. 82 speaks of the offices'; the last of a person's calendar days
    moves off a day off (民法典 Art. 203), that of an office's does not."""

    OFFICE = "office"
    PERSON = "person"


class Limit(Aliased):
    """A budget of time, such as 3 working days. Zero means on the spot: the same day. `whose` is written `for`."""

    amount: int = Field(ge=0, le=3650)
    unit: Unit = Unit.WORKING_DAY
    whose: Whose = Field(Whose.OFFICE, alias="for")

    @property
    def weight(self) -> int:
        """For comparing limits only: fifths of a calendar day in an ordinary week of five working days of 7 hours."""
        return self.amount * _WEIGHTS[self.unit]


_WEIGHTS = {Unit.CALENDAR_DAY: 5, Unit.WORKING_DAY: 7, Unit.WORKING_HOUR: 1}
