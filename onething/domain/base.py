"""Base models shared by everything in the domain."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema


class Strict(BaseModel):
    """Immutable, and refuses what it does not know: definitions, plans, states and events."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Without what the original remembers about itself: a `cached_property` such as a digest would be a lie."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(copied).model_fields.keys():
            del copied.__dict__[name]
        return copied


class Aliased(Strict):
    """With fields that are written by names which Python has taken, such as `for`; read by either."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)


class Keyed(Strict):
    """Kept for good under the digest of its content."""

    schema_version: Literal[1] = Field(1, alias="schema")

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.to_json()).hexdigest()

    def to_json(self) -> bytes:
        """The canonical bytes: what is stored and what the digest is of. Defaults are left out, so that a field which
        comes later does not change the digests of what is stored; hence a default, once released, never changes."""
        said = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        value = {"schema": self.schema_version, **said}
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Tolerant(BaseModel):
    """Immutable, and ignores what it does not know: payloads between processes of different ages."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Identifier(str, ABC):
    """An immutable name with parts: its text is what the wire, the journal and the record have of it. A class of them
    keeps its parts in slots, and reads them in `parse` alone; models read it by that, and write its text."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def parse(cls, text: str) -> Self:
        """Raise `ValueError` when the text is no such name."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls.parse, core_schema.str_schema())

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} does not change")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).parse, (str(self),)


CODE = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
NUMBER = r"[1-9][0-9]{0,9}"
"""Parts of identifiers, as patterns: a `Code`, and a number from 1 on, written in one way only."""

READ_ALOUD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, for what people read aloud and type: no I, L, O, U."""

Code = Annotated[str, StringConstraints(pattern=f"^{CODE}$", max_length=60)]
"""Name of a bundle, item, material, source or data key: lower case words joined by hyphens."""

FieldId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)]
"""Name of a form field, answer, decision field or output: lower case words joined by underscores."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
"""What people read."""
