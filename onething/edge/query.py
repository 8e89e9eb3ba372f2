"""What routes take from the query: a model for each, which refuses what it does not name."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field


class QueryModel(BaseModel):
    """A route's whole query. A `StrictRoute` whose endpoint takes none of these refuses every parameter."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PageQuery(QueryModel):
    """A page of a list: `after` is the `next` of the page before, as it was given."""

    limit: int = Field(50, ge=1, le=200, description="每页条数")
    after: str | None = Field(None, min_length=1, max_length=400, description="上一页的 next")


class LongPageQuery(PageQuery):
    """A page of what people read whole."""

    limit: int = Field(200, ge=1, le=200, description="每页条数")


def several(text: str | None) -> list[str]:
    """Codes that one parameter names with commas between."""
    return text.split(",") if text else []


SEVERAL = r"^[a-z][a-z_]*(,[a-z][a-z_]*)*$"
"""What such a parameter looks like."""

Paged = Annotated[PageQuery, Query()]
LongPaged = Annotated[LongPageQuery, Query()]
