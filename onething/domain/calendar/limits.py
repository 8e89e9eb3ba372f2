"""Lengths of time as the law and the promises state them."""

from enum import StrEnum

from pydantic import Field

from onething.domain.base import Aliased


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    WORKING_HOUR = "working_hour"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"  # to the same day, else the month's last (民法典 Art. 202)
    YEAR = "year"


BY_THE_CALENDAR = frozenset({Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR})
"""Every day counts."""


class Whose(StrEnum):
    """Whose days a period is made of. 行政许可法 Art. 82 speaks of the offices'; the last of a person's calendar days
    moves off a day off (民法典 Art. 203), that of an office's does not."""

    OFFICE = "office"
    PERSON = "person"


class ExtensionRank(StrEnum):
    """Who has approved an extension: 行政许可法 Art. 42 names the first two, other laws their own."""

    AGENCY_HEAD = "agency_head"
    GOVERNMENT_HEAD = "government_head"  # of the same level; needed where several agencies handle a case jointly
    OFFICE_HEAD = "office_head"
    SUPERIOR_AGENCY = "superior_agency"


class Limit(Aliased):
    """A budget of time, such as 3 working days. Zero means on the spot: the same day. `whose` is written `for`."""

    amount: int = Field(ge=0, le=3650)
    unit: Unit = Unit.WORKING_DAY
    whose: Whose = Field(Whose.OFFICE, alias="for")

    @property
    def weight(self) -> int:
        """For comparing limits only: fifths of a calendar day in an ordinary week of five working days of 7 hours."""
        return self.amount * _WEIGHTS[self.unit]


def plain(limit: Limit) -> Limit:
    """The length alone, without what a definition says about it."""
    return Limit(amount=limit.amount, unit=limit.unit, whose=limit.whose)


_WEIGHTS = {Unit.CALENDAR_DAY: 5, Unit.WORKING_DAY: 7, Unit.WORKING_HOUR: 1, Unit.MONTH: 150, Unit.YEAR: 1825}
