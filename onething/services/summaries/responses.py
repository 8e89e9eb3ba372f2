"""What acts give back, and how moments are shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import orjson
from pydantic import BaseModel, ConfigDict, PlainSerializer

from onething.domain.calendar.days import LOCAL


def local(moment: datetime) -> str:
    """RFC 3339 with the offset of Chinese standard time."""
    return moment.astimezone(LOCAL).isoformat(timespec="seconds" if moment.microsecond == 0 else "milliseconds")


LocalDateTime = Annotated[datetime, PlainSerializer(local, return_type=str)]
"""A moment as people read it."""


class ResponseModel(BaseModel):
    """What callers get to read."""

    model_config = ConfigDict(frozen=True)

    def to_json(self) -> bytes:
        """A field that says nothing is left out: least data."""
        return self.model_dump_json(exclude_none=True).encode()


class CompleteResponseModel(ResponseModel):
    """A view whose shape the contract names: every field of its own is there, null where there is nothing."""

    def to_json(self) -> bytes:
        told = self.model_dump(mode="json", exclude_none=True)
        return orjson.dumps({name: told.get(name) for name in type(self).model_fields})


@dataclass(frozen=True)
class StoredResponse:
    """An answer that is kept for repeats, to the byte. `repeated`: this is one."""

    status: int
    body: bytes
    etag: str | None = None
    repeated: bool = False


def answer(view: ResponseModel, status: int = 200) -> StoredResponse:
    return StoredResponse(status, view.to_json())
