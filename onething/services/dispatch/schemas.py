"""What data sources and departments' own systems call back with."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from onething.domain.base import FieldId
from onething.domain.kernel.case_no import DIGITS
from onething.services.application.base import Despite, FormValues, LongText, RequestModel, ShortText


class SourceAnswerRequest(RequestModel):
    """What a data source calls back with: a record, or its refusal. Whether the record is as agreed, its definition
    says; what it holds beyond that is dropped."""

    key: Annotated[str, StringConstraints(pattern=rf"^{DIGITS}/[0-9]{{1,9}}/[0-9a-z_.]{{1,60}}$")]
    record: dict[str, Any] | None = Field(default=None, max_length=200)
    as_of: ShortText | None = None
    refused: bool = False
    reason: ShortText | None = None


class ItemAnswerRequest(RequestModel):
    """What a department's own system calls back with: its decision on an item, that it will not decide it, or that it
    has undone one. Whether the outputs are as agreed, the item's decision form says."""

    key: Annotated[str, StringConstraints(pattern=rf"^{DIGITS}/[0-9]{{1,9}}/[0-9a-z_.]{{1,60}}$")]
    outcome: FieldId | None = None
    opinion: LongText | None = None
    outputs: FormValues = Field(default_factory=dict)
    despite: Despite = Field(default_factory=list)
    conditions: Annotated[dict[FieldId, bool], Field(max_length=20)] = Field(default_factory=dict)
    refused: bool = False
    reason: ShortText | None = None
    done: bool = False
