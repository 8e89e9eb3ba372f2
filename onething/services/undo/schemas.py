"""What is sent about revoking."""

from onething.services.application.base import ReasonText, RequestModel


class ReviewRequest(RequestModel):
    """Why an approval should be looked at anew; its department, and those that rely on it, read it."""

    reason: ReasonText


class RevocationRequest(RequestModel):
    """Whether an approval is taken back that relied on what was not so, and why (or why not)."""

    revoke: bool
    opinion: ReasonText
