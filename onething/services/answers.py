"""What acts give back, and how moments are shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer

from onething.domain.calendar import LOCAL


def local(moment: datetime) -> str:
    """RFC 3339 with the offset of Chinese standard time."""
    return moment.astimezone(LOCAL).isoformat(timespec="seconds" if moment.microsecond == 0 else "milliseconds")


Shown = Annotated[datetime, PlainSerializer(local, return_type=str)]
"""A moment as people read it."""


class View(BaseModel):
    """What callers get to read."""

    model_config = ConfigDict(frozen=True)


@dataclass(frozen=True)
class Answer:
    """An answer that is kept for repeats, to the byte."""

    status: int
    body: bytes
    etag: str | None = None


def answer(view: View, status: int = 200) -> Answer:
    return Answer(status, view.model_dump_json(exclude_none=True).encode())
