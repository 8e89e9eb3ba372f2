"""What routes take from a request, and how answers go out."""

from typing import Annotated

from fastapi import Depends, Header, Path, Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.case_no import DIGITS, CaseNo
from onething.domain.principal import Principal
from onething.edge.problems import BadParameter
from onething.security.identity.claims import SignedIn
from onething.services.core.context import AppContext
from onething.services.intake.draft_content import ANY_VERSION, ReadVersions
from onething.services.summaries.responses import ResponseModel, StoredResponse

_LONGEST_KEY = 200

# Dependencies are `async def` although none waits: the framework would send plain functions to a thread each.


async def _context(request: Request) -> AppContext:
    context: AppContext = request.app.state.context
    return context


async def _signed_in(request: Request) -> SignedIn:
    """`SignedInRoute` has read the token before anything else."""
    signed_in: SignedIn = request.state.signed_in
    return signed_in


async def _caller(request: Request) -> Principal:
    principal: Principal = request.state.signed_in.principal
    return principal


async def _caller_if_any(request: Request) -> Principal | None:
    """As `MaybeSignedInRoute` has read it."""
    signed_in: SignedIn | None = getattr(request.state, "signed_in", None)
    return signed_in.principal if signed_in else None


async def _idempotency_key(
    key: Annotated[
        str | None,
        Header(alias="Idempotency-Key", description="每个新请求一个新键；重试时用同一个。", max_length=_LONGEST_KEY),
    ] = None,
) -> str:
    if not key:
        detail = "缺少 Idempotency-Key：请为每个新请求生成一个键（如 UUID），重试时用同一个。"
        raise OneThingError(FailureCode.IDEMPOTENCY_KEY_MISSING, detail)
    if not key.isascii() or not key.isprintable():
        raise BadParameter("Idempotency-Key", "只能用可见的 ASCII 字符。")
    return key


async def _version(
    if_match: Annotated[
        str | None, Header(alias="If-Match", description="草稿当前的 ETag；* 是不论哪一版。", max_length=40)
    ] = None,
) -> ReadVersions:
    """RFC 9110 13.1.1: one of those listed, strongly compared, or `*`. What is no ETag of ours is none of theirs."""
    if not if_match:
        raise OneThingError(FailureCode.VERSION_MISSING, "请在 If-Match 中带上草稿的 ETag，以免覆盖他人的修改。")
    if if_match.strip() == "*":
        return ANY_VERSION
    numbers = [tag.strip().removeprefix('"').removesuffix('"') for tag in if_match.split(",")]
    return ReadVersions(frozenset(int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) < 10))


async def _version_if_any(
    if_match: Annotated[
        str | None, Header(alias="If-Match", description="读到的草稿的 ETag；* 是不论哪一版。", max_length=40)
    ] = None,
) -> ReadVersions | None:
    return None if if_match is None else await _version(if_match)


InContext = Annotated[AppContext, Depends(_context)]
Signed = Annotated[SignedIn, Depends(_signed_in)]
By = Annotated[Principal, Depends(_caller)]
MaybeBy = Annotated[Principal | None, Depends(_caller_if_any)]
IdempotencyKey = Annotated[str, Depends(_idempotency_key)]
Version = Annotated[ReadVersions, Depends(_version)]
VersionIfAny = Annotated[ReadVersions | None, Depends(_version_if_any)]
CaseNoPath = Annotated[CaseNo, Path(description="办件编号")]
TaskIdPath = Annotated[str, Path(pattern=f"^{DIGITS}-[a-z0-9._-]{{1,80}}-[0-9]{{1,4}}$", description="待办编号")]
LetterNo = Annotated[int, Path(ge=1, le=2_000_000_000, description="文书的 id")]
MaterialCode = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,59}$", description="材料代码")]
ItemCode = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,59}$", description="事项代码")]
DataKey = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,59}$", description="数据代码")]
DepartmentCode = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,59}$", description="部门代码")]
SubscriptionIdPath = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="订阅的编号")]
BundleCodePath = Annotated[
    str,
    Path(
        pattern=r"^[a-z][a-z0-9-]{0,59}(@[1-9][0-9]{0,5}(\.[0-9]{6})?)?$",
        description="一件事的代码，或 代码@版本、代码@版本.区划",
    ),
]


def view_response(view: ResponseModel, headers: dict[str, str] | None = None) -> Response:
    return Response(view.to_json(), headers=headers, media_type="application/json")


def reply(answer: StoredResponse) -> Response:
    headers = {"ETag": answer.etag} if answer.etag else None
    return Response(answer.body, answer.status, headers, "application/json")
