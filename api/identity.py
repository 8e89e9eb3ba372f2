"""Signing in (under trial only) and out; who is locked out whatever their token says."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from onething.edge.dependencies import By, IdempotencyKey, InContext, Signed, reply, view_response
from onething.edge.problems import LIST_PROBLEMS, documented
from onething.edge.query import PageQuery
from onething.edge.routes import FormRoute, SignedInRoute
from onething.services.audit import own_access
from onething.services.audit.schemas import OwnAccessPage
from onething.services.identity import lockouts, personal_notices, sign_in
from onething.services.identity.lockouts import LockoutList, LockoutRequest, LockoutView, UnlockRequest
from onething.services.identity.personal_notices import PersonalNotices
from onething.services.identity.sign_in import Token

signing_in = APIRouter(prefix="/api/auth", tags=["公开"], route_class=FormRoute)
signing_out = APIRouter(prefix="/api/auth", tags=["登录"], route_class=SignedInRoute)
me = APIRouter(prefix="/api/me", tags=["登录"], route_class=SignedInRoute)
router = APIRouter(prefix="/api/lockouts", tags=["登录"], route_class=SignedInRoute)


class TokenRequest(BaseModel):
    """As OAuth 2.0 clients send them (RFC 6749, 4.3)."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=200)
    grant_type: Literal["password"] = "password"


class OwnAccessQuery(PageQuery):
    own: bool = Field(False, description="连同本账户自己的查看一起列出")


@signing_in.post(
    "/token",
    summary="登录（仅试用）",
    response_model=Token,
    responses=documented(400, 401, 404, 413, 415, 422, 429),
)
async def token(body: Annotated[TokenRequest, Form()], context: InContext) -> Response:
    return view_response(await sign_in.sign_in(context, body.username, body.password))


@signing_out.post("/sign-out", status_code=204, summary="退出：所用的令牌立即作废", responses=documented(401))
async def sign_out(context: InContext, signed_in: Signed) -> Response:
    await lockouts.sign_out(context, signed_in)
    await context.lockouts.look()  # other processes hear of it from the database, this one has to keep its word
    return Response(status_code=204)


@router.post(
    "",
    status_code=201,
    summary="停用一个账户：它的所有令牌立即作废",
    response_model=LockoutView,
    responses=documented(400, 401, 403, 413, 415, 422),
)
async def lock_out(request: LockoutRequest, context: InContext, by: By, key: IdempotencyKey) -> Response:
    done = await lockouts.lock_out(context, by, key, request)
    await context.lockouts.look()
    return reply(done)


@router.post(
    "/lift",
    summary="恢复一个停用的账户",
    response_model=LockoutList,
    responses=documented(400, 401, 403, 404, 413, 415, 422),
)
async def unlock(request: UnlockRequest, context: InContext, by: By, key: IdempotencyKey) -> Response:
    done = await lockouts.unlock(context, by, key, request)
    await context.lockouts.look()
    return reply(done)


@router.get("", summary="停用的账户", response_model=LockoutList, responses=LIST_PROBLEMS)
async def everything(context: InContext, by: By) -> Response:
    return view_response(await lockouts.everything(context, by))


@me.get(
    "/notices",
    summary="告知本人的：有人申报本人已经死亡（按已实名核验的证件号码，不论哪个账户）",
    response_model=PersonalNotices,
    responses=documented(401, 403),
)
async def notices_to_me(context: InContext, by: By) -> Response:
    return view_response(await personal_notices.everything(context, by))


@me.get(
    "/access",
    summary="谁查过我的信息：本人的办件、委托，和按本人证件号码的查找，新的在前；只写部门和岗位，每次查阅也记入日志",
    response_model=OwnAccessPage,
    responses=LIST_PROBLEMS,
)
async def access_to_me(context: InContext, by: By, query: Annotated[OwnAccessQuery, Query()]) -> Response:
    return view_response(await own_access.page(context, by, own_too=query.own, limit=query.limit, after=query.after))
