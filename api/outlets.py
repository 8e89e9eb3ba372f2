"""网点: where applications are taken in, for anybody."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from onething.domain.base import Code
from onething.domain.principal import Region
from onething.edge.dependencies import InContext, view_response
from onething.edge.problems import documented
from onething.edge.query import LongPageQuery
from onething.edge.routes import StrictRoute
from onething.services import outlets
from onething.services.outlets import OutletPage

router = APIRouter(prefix="/api/outlets", tags=["一件事"], route_class=StrictRoute)

_FRESH = {"Cache-Control": "public, max-age=60"}  # whether it is open changes by the minute


class OutletQuery(LongPageQuery):
    region: Region | None = Field(None, description="为这个行政区划收件的")
    bundle: Code | None = Field(None, description="收这个一件事的")


@router.get("", summary="网点：在哪里收件，现在开不开", response_model=OutletPage, responses=documented(422))
async def list_outlets(context: InContext, query: Annotated[OutletQuery, Query()]) -> Response:
    return view_response(outlets.page(context, query.region, query.bundle, query.limit, query.after), _FRESH)
