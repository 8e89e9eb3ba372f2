"""What is sent and read of periods."""

from onething.services.application.base import ReasonText, RequestModel
from onething.services.summaries.responses import LocalDateTime, ResponseModel


class PeriodRequest(RequestModel):
    """Of a public notice: who objects, and why. Of what others had to do: what shows that it is done."""

    what: ReasonText


class PeriodView(ResponseModel):
    """`state`: not_begun, running, or how it ended; `text`: the same for people. `until`: while it runs."""

    code: str
    name: str
    kind: str
    state: str
    text: str
    department: str | None = None  # who gives notice, or reports
    until: LocalDateTime | None = None
    what: str | None = None  # that was recorded, for departments
