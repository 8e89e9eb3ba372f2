"""Where the values of a prefilled draft came from, and which of them somebody changed since."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from onething.services.summaries.responses import LocalDateTime, ResponseModel

CHANNEL = "event"
_FORM = "/form/"


class Given(BaseModel):
    """One value as it came. `label`: what the sender calls it."""

    model_config = ConfigDict(frozen=True)

    label: str
    value: Any


class Origin(BaseModel):
    """The event behind a draft; kept sealed with it. `values` by JSON pointer into the application."""

    model_config = ConfigDict(frozen=True)

    name: str
    department: str
    source: str
    event_id: str
    at: datetime
    values: dict[str, Given]


class OriginOf(ResponseModel):
    """One value: `pointer` into the application, the sender's `label`, and whether somebody has changed it since."""

    pointer: str
    label: str
    changed: bool


class OriginView(ResponseModel):
    """Of which event of whom a draft was made, and which values it gave."""

    name: str
    department: str
    source: str
    event_id: str
    at: LocalDateTime
    values: list[OriginOf]


def origin_view(origin: Origin, now: Mapping[str, Any]) -> OriginView:
    """As of the application `now`. Holds none of its values."""
    values = [
        OriginOf(pointer=pointer, label=given.label, changed=value_at(now, pointer) != given.value)
        for pointer, given in origin.values.items()
    ]
    return OriginView(**origin.model_dump(exclude={"values"}), values=values)


def unchanged_fields(origin: Origin, now: Mapping[str, Any]) -> tuple[str, ...]:
    """Form fields that the event filled in, and that are as it said."""
    return tuple(
        pointer.removeprefix(_FORM)
        for pointer, given in origin.values.items()
        if pointer.startswith(_FORM) and value_at(now, pointer) == given.value
    )


def stored_origin_view(stored: dict[str, Any] | None) -> OriginView | None:
    """As it was sealed at submission."""
    return OriginView.model_validate(stored) if stored else None


def value_at(value: Any, pointer: str) -> Any:
    """None where there is nothing."""
    for step in pointer.split("/")[1:]:
        value = value.get(step) if isinstance(value, dict) else None
    return value
