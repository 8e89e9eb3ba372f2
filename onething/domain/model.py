"""Base models shared by everything in the domain."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, StringConstraints


class Strict(BaseModel):
    """Immutable, and refuses what it does not know: definitions, plans, states and events."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Without what the original remembers about itself: a `cached_property` such as a digest would be a lie."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(copied).model_fields.keys():
            del copied.__dict__[name]
        return copied


class Tolerant(BaseModel):
    """Immutable, and ignores what it does not know: payloads between processes of different ages."""

    model_config = ConfigDict(frozen=True, extra="ignore")


Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""Name of a bundle, item, material, source or data key: lower case words joined by hyphens."""

FieldId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)]
"""Name of a form field, answer, decision field or output: lower case words joined by underscores."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
"""What people read."""
