"""What is sent about urging, supervision and ratings."""

from typing import Annotated, Literal

from pydantic import Field

from onething.domain.base import Code
from onething.services.application.base import ReasonText, ReplyText, RequestModel


class RatingFollowUpRequest(RequestModel):
    """What was said when a bad rating was answered, or how it was put right."""

    text: ReasonText


class UrgeRequest(RequestModel):
    """催办: of one item that a department handles, or (none) of the whole case."""

    item: Code | None = None
    text: ReplyText | None = None


class UrgeReplyRequest(RequestModel):
    """The answer to the one urge that waits for it; the applicant is told."""

    text: ReplyText


class SupervisionRequest(RequestModel):
    """督办: what a supervisor wants an account of, within how many working days (assumed: no rule sets it)."""

    item: Code | None = None
    text: ReplyText
    days: Annotated[int, Field(ge=1, le=30)] = 3


class SupervisionReplyRequest(RequestModel):
    """The account of one item, or (none) of the whole case."""

    item: Code | None = None
    text: ReplyText


class GradeRequest(RequestModel):
    """好差评: 5 is best; 1 and 2 are bad, and are answered."""

    grade: Annotated[int, Field(ge=1, le=5)]
    tags: Annotated[
        list[Literal["fast", "clear", "kind", "slow", "unclear", "unkind", "too_many_trips", "too_many_materials"]],
        Field(max_length=8),
    ] = Field(default_factory=list)


class RatingRequest(GradeRequest):
    """Of a whole case, by who applied."""

    comment: ReasonText | None = None


class VisitRatingRequest(GradeRequest):
    """Of one visit, by whoever holds its code. No word beside the tags: nobody is known, and nothing personal kept."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
