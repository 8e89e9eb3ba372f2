"""What is sent about time."""

from typing import Annotated, Literal

from pydantic import Field

from onething.domain.deadlines.guards import MOST_DAYS_JOINT
from onething.services.application.base import ReasonText, RequestModel


class SuspensionRequest(RequestModel):
    """中止计时: on which basis (行政许可法 Art. 45, or force majeure), how many days it is expected to take, and what
    the applicant is told. A correction that is awaited is not said here: asking for it stops the promises by itself."""

    basis: Literal[
        "hearing",
        "tender",
        "auction",
        "inspection",
        "testing",
        "quarantine",
        "appraisal",
        "expert_review",
        "joint_inspection",
        "force_majeure",
    ]
    days: Annotated[int, Field(ge=1, le=3650)]
    reason: ReasonText


class ExtensionRequest(RequestModel):
    """延长期限: by how many days, and the reason that the applicant is told (行政许可法 Art. 42)."""

    days: Annotated[int, Field(ge=1, le=MOST_DAYS_JOINT)]
    reason: ReasonText
