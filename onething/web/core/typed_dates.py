"""Days as people write them. The API takes one form; pages read the others for whoever types."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel

_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    r"|(?P<y>[0-9]{4})[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})[日号]?"
)


def typed_date(text: str) -> str:
    """In the one form of requests, where it is a day as people write it: 20261110, 2026-11-10, 2026/11/10, 2026.11.10,
    2026年11月10日, also by figures of full width. What is none stays as it was typed."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    found = _DAY.fullmatch(plain)
    if found is None:
        return text
    year, month, day = found["year"] or found["y"], found["month"] or found["m"], found["day"] or found["d"]
    return f"{year}-{int(month):02}-{int(day):02}"


def with_dates(model: type[BaseModel], value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Those of the members that the model wants as a day."""
    days = [
        name for name, field in model.model_fields.items() if date in (field.annotation, *get_args(field.annotation))
    ]
    typed = {name: typed_date(value[name]) for name in days if isinstance(value.get(name), str)}
    return {**value, **typed}
