"""Urging, supervision, ratings."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from onething.domain.base import Strict
from onething.domain.kernel.clock_id import ClockId


class Urged(Strict):
    """催办: the applicant's side, or a supervisor, asks to get on with it. What it says, if anything, is sealed under
    `notice`."""

    kind: Literal["urged"] = "urged"
    item: str | None = None  # none: the case
    notice: str | None = None
    by_supervisor: bool = False  # and so not instead of the applicant


class UrgeAnswered(Strict):
    """`clock`: of the urge, and `item`: what it was about; none: the case (`engine/subjects.py`). The answer, which the
    applicant is told, is sealed under `notice`."""

    kind: Literal["urge_answered"] = "urge_answered"
    clock: ClockId
    notice: str
    item: str | None = None


class Supervised(Strict):
    """督办: a supervisor wants an account within so many working days. The text is sealed under `notice`."""

    kind: Literal["supervised"] = "supervised"
    item: str | None = None  # none: the case
    days: int = Field(ge=1, le=30)
    notice: str


class SupervisionAnswered(Strict):
    """`clock`: of the supervision, and `item`: what it was about; none: the case (`engine/subjects.py`). The account is
    sealed under `notice`."""

    kind: Literal["supervision_answered"] = "supervision_answered"
    clock: ClockId
    notice: str
    item: str | None = None


class RatingTag(StrEnum):
    """What a rating is about. The list is closed: whatever else there is to say is the comment's."""

    FAST = "fast"
    CLEAR = "clear"
    KIND = "kind"
    SLOW = "slow"
    UNCLEAR = "unclear"
    UNKIND = "unkind"
    TOO_MANY_TRIPS = "too_many_trips"
    TOO_MANY_MATERIALS = "too_many_materials"


class Rated(Strict):
    """好差评, once, when the case has ended. What was written is sealed under `comment`."""

    kind: Literal["rated"] = "rated"
    grade: int = Field(ge=1, le=5)  # 5 is best; 1 and 2 are bad
    tags: tuple[RatingTag, ...] = Field((), max_length=8)
    comment: str | None = None


class RatingContacted(Strict):
    """Who gave a bad rating was called back. What was said is sealed under `note`."""

    kind: Literal["rating_contacted"] = "rating_contacted"
    note: str


class RatingRectified(Strict):
    """What a bad rating was about is put right. How, is sealed under `note`."""

    kind: Literal["rating_rectified"] = "rating_rectified"
    note: str
