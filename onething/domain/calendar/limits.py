"""Lengths of time as the law and the promises state them."""

from enum import StrEnum

from pydantic import Field

from onething.domain.base import Strict


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    WORKING_HOUR = "working_hour"
    CALENDAR_DAY = "calendar_day"


class Limit(Strict):
    """A budget of time, such as 3 working days. Zero means on the spot: the same day."""

    amount: int = Field(ge=0, le=3650)
    unit: Unit = Unit.WORKING_DAY

    @property
    def weight(self) -> int:
        """For comparing limits only: fifths of a calendar day in an ordinary week of five working days of 7 hours."""
        return self.amount * _WEIGHTS[self.unit]


_WEIGHTS = {Unit.CALENDAR_DAY: 5, Unit.WORKING_DAY: 7, Unit.WORKING_HOUR: 1}
