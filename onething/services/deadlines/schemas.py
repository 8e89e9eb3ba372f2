"""What is sent about time."""

from typing import Annotated, Literal

from pydantic import Field

from onething.services.application.base import ReasonText, RequestModel


class SuspensionRequest(RequestModel):
    """中止计时: for which procedure of those that the item's definition names (行政许可法 Art. 45, or another law's
    own), or force majeure; how many days it is expected to take, no more than the definition allows; and what the
    applicant is told. A correction that is awaited is not said here: asking for it stops the promises by itself."""

    basis: Literal[
        "hearing",
        "tender",
        "auction",
        "inspection",
        "testing",
        "quarantine",
        "appraisal",
        "expert_review",
        "public_notice",
        "investigation",
        "evaluation",
        "consultation",
        "rectification",
        "other_finding",
        "site_visit",
        "force_majeure",
    ]
    days: Annotated[int, Field(ge=1, le=3650)]
    reason: ReasonText


class ExtensionRequest(RequestModel):
    """延长期限: by how many days, and the reason that the applicant is told (行政许可法 Art. 42)."""

    days: Annotated[int, Field(ge=1, le=3650)]
    reason: ReasonText
