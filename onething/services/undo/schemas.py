"""What is sent about revoking."""

from onething.services.application.base import Reason, Sent


class RevocationSent(Sent):
    """Whether an approval is taken back that relied on what was not so, and why (or why not)."""

    revoke: bool
    opinion: Reason
