"""What a version of a definition changes, for who keeps them."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from onething.edge.dependencies import BundleCodePath, By, InContext, view_response
from onething.edge.problems import READ_PROBLEMS
from onething.edge.query import QueryModel
from onething.edge.routes import SignedInRoute
from onething.services.catalogue import revisions
from onething.services.catalogue.revisions import RevisionView

router = APIRouter(prefix="/api/definitions", tags=["一件事"], route_class=SignedInRoute)


class RevisionQuery(QueryModel):
    before: int | None = Field(None, alias="from", description="原来的版本；缺省为 `to` 的前一版", ge=1, le=9999)
    after: int | None = Field(None, alias="to", description="现在的版本；缺省为最新的", ge=1, le=9999)


@router.get(
    "/{code}/difference",
    summary="两个版本有什么不同，逐句说明，和受影响的草稿、办件",
    response_model=RevisionView,
    responses=READ_PROBLEMS,
)
async def difference(
    code: BundleCodePath, context: InContext, by: By, query: Annotated[RevisionQuery, Query()]
) -> Response:
    return view_response(await revisions.view(context, by, code.partition("@")[0], query.before, query.after))
