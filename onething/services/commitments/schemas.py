"""What is sent about commitments."""

from onething.services.application.base import ReasonText, RequestModel


class CommitmentCheckRequest(RequestModel):
    """What a department found when it looked whether a promise was kept."""

    kept: bool
    finding: ReasonText
