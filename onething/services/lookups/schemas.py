"""What is sent about look-ups by hand."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field, Strict

from onething.services.application.base import ReasonText, RequestModel


class ManualCheckRequest(RequestModel):
    """人工核查: the record as its source defines it, and of when it is (default: now), or that there is none. `note`:
    where it was looked for, and how."""

    found: bool
    record: dict[str, Any] | None = Field(default=None, max_length=200)
    as_of: Annotated[AwareDatetime, Strict(False)] | None = None
    note: ReasonText
