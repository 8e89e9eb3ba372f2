"""委托: given by the person or recorded at the counter, checked at every act, shown to the person concerned."""

import secrets
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, StringConstraints

from onething.domain.base import Code
from onething.domain.calendar.days import LOCAL, local_date
from onething.domain.errors import FailureCode, FieldProblem, NotAllowed, require_valid
from onething.domain.identity import IdType
from onething.domain.principal import OutletCode, Principal, Role
from onething.security.policy import Act, NotPermitted, require
from onething.services import outlets
from onething.services.application.base import PaperKind, RequestModel, ShortText
from onething.services.application.check import check_number
from onething.services.core.acts import ActRun, act_on_no_case
from onething.services.core.authority import refuse_ended
from onething.services.core.context import AppContext
from onething.services.core.mandate_scopes import ENDED
from onething.services.summaries import pagination
from onething.services.summaries.responses import (
    CompleteResponseModel,
    LocalDateTime,
    ResponseModel,
    StoredResponse,
    answer,
    local,
)
from onething.store.record import access_log
from onething.store.record.access_log import NumberSearch
from onething.store.tables import mandates
from onething.store.tables.cases import LATEST
from onething.store.tables.mandates import Mandate

MandateAct = Literal["apply", "supply", "withdraw", "urge", "rate", "receive", "licences"]


class Giver(RequestModel):
    name: ShortText
    id_type: PaperKind = IdType.RESIDENT_ID
    id_number: ShortText


class MandateRequest(RequestModel):
    """委托: who lets whom (an account) do what until the end of which day. `bundles`: none means every 一件事; `paper`:
    the counter has the signed paper; `outlet`: where, as of an application."""

    giver: Giver
    agent: Annotated[str, StringConstraints(min_length=1, max_length=280)]
    agent_name: ShortText
    kind: Literal["helper", "family", "delegate", "office"]
    bundles: Annotated[list[Code], Field(max_length=50)] = Field(default_factory=list)
    acts: Annotated[list[MandateAct], Field(min_length=1, max_length=7)] = Field(
        ["apply", "supply"], validate_default=True
    )
    expires_on: Annotated[date, Strict(False)]
    paper: bool = False
    outlet: OutletCode | None = None


LONGEST_DAYS = 5 * 366  # assumed: no rule sets how long one may be
_CASES = 50


class MandateView(ResponseModel):
    """`state`: valid, expired, revoked. `cases`: the newest opened under it, only when one is looked at."""

    id: str
    kind: str
    giver: str
    agent: str
    agent_name: str
    bundles: list[str]
    acts: list[str]
    state: str
    paper: bool
    given_at: LocalDateTime
    expires_at: LocalDateTime
    revoked_at: LocalDateTime | None = None
    why_revoked: str | None = None  # where it was not revoked, but ended by law
    cases: list[str] | None = None


class MandatePage(CompleteResponseModel):
    items: list[MandateView]
    next: str | None = None


@act_on_no_case(Act.GIVE_MANDATE)
async def give(run: ActRun, request: MandateRequest) -> StoredResponse:
    """201. Raises InvalidInput; a citizen gives for themselves, by the identity that they have proved."""
    mandate = _new(run.context, run.principal, request)
    await refuse_ended(run.tx, run.act, mandate.giver_index, "/giver/id_number")
    await mandates.add(run.tx, mandate)
    access_log.add(run.tx, run.act, mandate.given_at, search=NumberSearch(mandate.giver_index), detail=mandate.id)
    return answer(_view(run.context, mandate), 201)


async def page(context: AppContext, principal: Principal, limit: int, after: str | None) -> MandatePage:
    """Given by, or to, the caller; at the counter those of the region; newest first. Leaves a line in the log."""
    before = pagination.read(after) if after else LATEST
    async with context.transaction(principal, Act.VIEW_MANDATES) as tx:
        require(principal, Act.VIEW_MANDATES)
        rows = await mandates.page(tx, before=before, limit=limit + 1)
        search = NumberSearch(bytes.fromhex(principal.identity)) if principal.identity is not None else None
        found = min(len(rows), limit)
        access_log.add(tx, Act.VIEW_MANDATES, context.clock.now(), search=search, found=found, detail="listed")
    last = rows[limit - 1] if len(rows) > limit else None
    more = pagination.written(last.given_at, last.id) if last else None
    return MandatePage(items=[_view(context, row) for row in rows[:limit]], next=more)


async def show(context: AppContext, principal: Principal, id_: str) -> MandateView:
    """With the cases opened under it. Raises NOT_FOUND. Leaves a line in the access log."""
    async with context.transaction(principal, Act.VIEW_MANDATES) as tx:
        require(principal, Act.VIEW_MANDATES)
        found = await mandates.get(tx, id_)
        done = await mandates.cases(tx, id_, _CASES)
        search = NumberSearch(found.giver_index)
        access_log.add(tx, Act.VIEW_MANDATES, context.clock.now(), search=search, detail=id_)
    return _view(context, found).model_copy(update={"cases": done})


@act_on_no_case(Act.REVOKE_MANDATE)
async def revoke(run: ActRun, id_: str) -> StoredResponse:
    """From now on nothing may be done under it. Raises NOT_FOUND, NotPermitted, NotAllowed if it was already."""
    tx = run.tx
    found, now = await mandates.get(tx, id_), run.context.clock.now()
    if found.revoked_at is not None:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, f"这份委托已于 {local(found.revoked_at)} 撤销。")
    if not await mandates.revoke(tx, id_, now):
        raise NotPermitted(FailureCode.NOT_PERMITTED, "只有委托人本人或综合窗口可以撤销委托。")
    access_log.add(tx, run.act, now, search=NumberSearch(found.giver_index), detail=id_)
    return answer(_view(run.context, await mandates.get(tx, id_)))


def agent_name(context: AppContext, mandate: Mandate) -> str:
    return str(_open(context, mandate)["agent_name"])


def _new(context: AppContext, principal: Principal, request: MandateRequest) -> Mandate:
    now = context.clock.now()
    expires_at = datetime.combine(request.expires_on, time.max, LOCAL)
    giver = request.giver
    problems = list(check_number(giver.id_type, giver.id_number, "/giver/id_number", context.today()))
    identity = b"" if problems else context.index.of_identity(giver.id_type, giver.id_number)
    if not 0 <= (request.expires_on - local_date(now)).days <= LONGEST_DAYS:
        detail = "有效期至少到今天，至多五年。"
        problems.append(FieldProblem("/expires_on", FailureCode.INVALID_VALUE, detail))
    unknown = [code for code in request.bundles if code not in context.catalog.latest]
    if unknown:
        detail = f"没有一件事“{unknown[0]}”，现有：{'、'.join(context.catalog.latest)}。"
        problems.append(FieldProblem("/bundles", FailureCode.UNKNOWN_BUNDLE, detail))
    if principal.role is Role.COUNTER:
        if not request.paper:
            detail = "窗口登记委托须收下委托人签名的委托书，并写 paper: true。"
            problems.append(FieldProblem("/paper", FailureCode.INVALID_VALUE, detail))
        if request.agent == principal.subject:
            detail = "登记委托的人不能就是受托人：请由另一位窗口人员登记。"
            problems.append(FieldProblem("/agent", FailureCode.INVALID_VALUE, detail))
        if identity and identity.hex() == principal.identity:
            detail = "这是您本人的委托：请由另一位窗口人员登记，或用自己的账户在线委托。"
            problems.append(FieldProblem("/giver/id_number", FailureCode.INVALID_VALUE, detail))
    if principal.role is Role.CITIZEN:
        if request.paper:
            detail = "本人在线委托不用委托书；有委托书的请到综合窗口登记。"
            problems.append(FieldProblem("/paper", FailureCode.INVALID_VALUE, detail))
        if identity and identity.hex() != principal.identity:
            detail = "只能以您本人（已实名核验）的证件号码委托他人；替他人登记请到综合窗口。"
            problems.append(FieldProblem("/giver/id_number", FailureCode.INVALID_VALUE, detail))
        if request.agent == principal.subject:
            problems.append(FieldProblem("/agent", FailureCode.INVALID_VALUE, "不能委托自己。"))
    if request.kind == "office" and request.acts != ["licences"]:
        detail = "窗口和部门的工作人员只能受托查询电子证照（licences），不能代为办理。"
        problems.append(FieldProblem("/acts", FailureCode.INVALID_VALUE, detail))
    require_valid(problems)
    id_ = f"m{secrets.token_hex(8)}"
    told = {"giver": giver.model_dump(mode="json"), "agent_name": request.agent_name}
    return Mandate(
        id=id_,
        giver_index=identity,
        agent=request.agent,
        kind=request.kind,
        bundles=tuple(dict.fromkeys(request.bundles)),
        acts=tuple(dict.fromkeys(request.acts)),
        region=principal.region,
        outlet=outlets.recording(context, principal, request.outlet),
        recorded_by=principal.subject,
        paper=request.paper,
        given_at=now,
        expires_at=expires_at,
        body=context.sealer.seal_json(told, context=_context(id_)),
    )


def _view(context: AppContext, mandate: Mandate) -> MandateView:
    told, now = _open(context, mandate), context.clock.now()
    state = "revoked" if mandate.revoked_at else "expired" if now > mandate.expires_at else "valid"
    return MandateView(
        id=mandate.id,
        kind=mandate.kind,
        giver=told["giver"]["name"],
        agent=mandate.agent,
        agent_name=told["agent_name"],
        bundles=list(mandate.bundles),
        acts=list(mandate.acts),
        state=state,
        paper=mandate.paper,
        given_at=mandate.given_at,
        expires_at=mandate.expires_at,
        revoked_at=mandate.revoked_at,
        why_revoked=ENDED if mandate.ended_by else None,
    )


def _open(context: AppContext, mandate: Mandate) -> dict[str, Any]:
    told: dict[str, Any] = context.sealer.open_json(mandate.body, context=_context(mandate.id))
    return told


def _context(id_: str) -> str:
    return f"mandate/{id_}"
