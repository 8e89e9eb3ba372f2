"""What is sent about materials."""

from typing import Annotated, Literal

from pydantic import Field

from onething.domain.base import Code
from onething.services.application.base import RequestModel
from onething.services.application.schemas import OfflineReceipt


class ReceiptRequest(RequestModel):
    """收取纸质件: which papers are there, handed in or by post. `received`: the counter took them in earlier."""

    materials: Annotated[list[Code], Field(min_length=1, max_length=200)]
    how: Literal["hand", "post"] = "hand"
    received: OfflineReceipt | None = None
