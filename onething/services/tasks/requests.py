"""What is sent about tasks."""

from typing import Annotated

from pydantic import StringConstraints

from onething.services.application.base import RequestModel


class TransferRequest(RequestModel):
    """转交: the account of a colleague."""

    to: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@|:-]*$", max_length=200)]
