"""What is sent about commitments."""

from onething.services.application.base import Reason, Sent


class Check(Sent):
    """What a department found when it looked whether a promise was kept."""

    kept: bool
    finding: Reason
