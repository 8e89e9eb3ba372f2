"""订阅: who is told what happens to cases. An operator's acts; the telling itself is the webhook dispatcher's."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints

from onething.connectors.webhooks import leads_inside
from onething.domain.engine import publication
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed, require_valid
from onething.domain.principal import Principal, Region
from onething.security.policy import Act, require
from onething.security.webhook_secrets import OVERLAP, WebhookSecrets
from onething.services.application.base import RequestModel
from onething.services.core.acts import ActRun, act_on_no_case
from onething.services.core.context import AppContext
from onething.services.summaries.responses import (
    CompleteResponseModel,
    LocalDateTime,
    ResponseModel,
    StoredResponse,
    answer,
)
from onething.store.record import access_log
from onething.store.tables import subscriptions

EventTypes = Annotated[str, StringConstraints(min_length=1, max_length=100)]
"""A type of event that others are told, or all of a kind: `onething.case.*`."""


class SubscriptionRequest(RequestModel):
    """Who is told what. `bundle`: a code or code@version; without it and `region`: everything."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[!-~]+$")]
    types: Annotated[list[EventTypes], Field(min_length=1, max_length=50)]
    bundle: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}(@[1-9][0-9]{0,5})?$")] | None = None
    region: Region | None = None


OFFERED = publication.PATTERNS + publication.TYPES
"""All that can be subscribed to."""
MOST = 100
_DEAD_SHOWN = 200
_BACK_AT_MOST = timedelta(days=30)


class SubscriptionView(ResponseModel):
    """`state`: active, failing (since `failing_since`) or disabled (and why)."""

    id: str
    url: str
    types: list[str]
    bundle: str | None = None
    region: str | None = None
    created_at: LocalDateTime
    state: str
    disabled_at: LocalDateTime | None = None
    disabled_why: str | None = None
    failing_since: LocalDateTime | None = None
    next_try_at: LocalDateTime | None = None
    last_failure: str | None = None
    delivered: int
    delivered_at: LocalDateTime | None = None


class SubscriptionList(CompleteResponseModel):
    items: list[SubscriptionView]


class SecretShown(ResponseModel):
    """The secret is told this once. `overlap_until`: so long the one before signs too."""

    id: str
    secret: str
    overlap_until: LocalDateTime | None = None


class DeadLetterView(ResponseModel):
    event_id: str
    type: str
    at: LocalDateTime
    attempts: int
    failure: str
    given_up_at: LocalDateTime


class Deliveries(CompleteResponseModel):
    """How one stands, and what could not be delivered, the last first."""

    subscription: SubscriptionView
    dead: list[DeadLetterView]


async def add(context: AppContext, principal: Principal, key: str, request: SubscriptionRequest) -> StoredResponse:
    """201 with the secret. Raises InvalidInput for an address that may not be written to and for unknown types,
    NotAllowed beyond `MOST`."""
    async with context.transaction(principal, Act.ADD_SUBSCRIPTION):  # whose refusal leaves a line
        require(principal, Act.ADD_SUBSCRIPTION)
    # between two transactions: none waits for a name to be looked up
    context.require_known_region(request.region)
    require_valid([*await _address_problems(context, request.url), *_type_problems(request.types)])
    return await _add(context, principal, key, request)


@act_on_no_case(Act.ADD_SUBSCRIPTION)
async def _add(run: ActRun, request: SubscriptionRequest) -> StoredResponse:
    context, tx = run.context, run.tx
    if len(await subscriptions.everything(tx)) >= MOST:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, f"订阅已有 {MOST} 个，请先删去不用的。")
    id_ = secrets.token_hex(8)
    keys, now = WebhookSecrets.new(), context.clock.now()
    await subscriptions.add(
        tx,
        id_,
        url=request.url,
        types=request.types,
        bundle=request.bundle,
        region=request.region,
        secrets=keys.sealed(context.sealer, id_),
        at=now,
    )
    access_log.add(tx, run.act, now, detail=f"subscription_added:{id_}")
    return answer(SecretShown(id=id_, secret=keys.newest), 201)


async def everything(context: AppContext, principal: Principal) -> SubscriptionList:
    async with context.transaction(principal, Act.OPERATE) as tx:
        require(principal, Act.OPERATE)
        found = await subscriptions.everything(tx)
    return SubscriptionList(items=[_view(one) for one in found])


async def deliveries(context: AppContext, principal: Principal, id_: str) -> Deliveries:
    async with context.transaction(principal, Act.OPERATE) as tx:
        require(principal, Act.OPERATE)
        one = await subscriptions.get(tx, id_)
        dead = await subscriptions.dead(tx, id_, limit=_DEAD_SHOWN)
    letters = [
        DeadLetterView(
            event_id=f"{letter.case_no}-{letter.seq}",
            type=letter.type,
            at=letter.at,
            attempts=letter.attempts,
            failure=letter.failure,
            given_up_at=letter.given_up_at,
        )
        for letter in dead
    ]
    return Deliveries(subscription=_view(one), dead=letters)


@act_on_no_case(Act.ROTATE_SUBSCRIPTION)
async def rotate(run: ActRun, id_: str) -> StoredResponse:
    """A new secret; for a day both sign."""
    context, tx = run.context, run.tx
    one, now = await subscriptions.get(tx, id_), context.clock.now()
    keys = WebhookSecrets.opened(context.sealer, id_, one.secrets).rotated(now)
    await subscriptions.change_secrets(tx, id_, keys.sealed(context.sealer, id_))
    access_log.add(tx, run.act, now, detail=f"subscription_rotated:{id_}")
    return answer(SecretShown(id=id_, secret=keys.newest, overlap_until=now + OVERLAP))


@act_on_no_case(Act.REDELIVER_SUBSCRIPTION)
async def redeliver(run: ActRun, id_: str, since: datetime) -> StoredResponse:
    """Everything since then is told anew, under the same ids; what was disabled is active again. Raises
    InvalidInput for a moment to come, or too long ago."""
    tx, now = run.tx, run.context.clock.now()
    if since.utcoffset() is None or not now - _BACK_AT_MOST <= since <= now:
        detail = f"from 须是 {_BACK_AT_MOST.days} 天以内、带时区的过去时刻。"
        raise InvalidInput([FieldProblem("/from", FailureCode.INVALID_VALUE, detail)])
    await subscriptions.get(tx, id_)
    await subscriptions.again_from(tx, id_, since)
    access_log.add(tx, run.act, now, detail=f"subscription_redelivered:{id_}")
    return answer(_view(await subscriptions.get(tx, id_)))


async def remove(context: AppContext, principal: Principal, id_: str) -> None:
    async with context.transaction(principal, Act.OPERATE) as tx:
        require(principal, Act.OPERATE)
        await subscriptions.remove(tx, id_)
        access_log.add(tx, Act.OPERATE, context.clock.now(), detail=f"subscription_removed:{id_}")


def _view(subscription: subscriptions.Subscription) -> SubscriptionView:
    state = "disabled" if subscription.disabled_at else "failing" if subscription.failing_since else "active"
    return SubscriptionView(
        id=subscription.id,
        url=subscription.url,
        types=list(subscription.types),
        bundle=subscription.bundle,
        region=subscription.region,
        created_at=subscription.created_at,
        state=state,
        disabled_at=subscription.disabled_at,
        disabled_why=subscription.disabled_why,
        failing_since=subscription.failing_since,
        next_try_at=subscription.next_at,
        last_failure=subscription.last_failure,
        delivered=subscription.delivered,
        delivered_at=subscription.delivered_at,
    )


async def _address_problems(context: AppContext, url: str) -> list[FieldProblem]:
    """What can be seen of it, and where it leads now; that is looked at again whenever something is told."""
    try:
        parts = urlsplit(url)
        good = parts.hostname is not None and not parts.username and not parts.password and not parts.fragment
        named = bool({parts.hostname, parts.netloc} & context.webhook_hosts)
        good = good and (parts.port or 1) > 0 and (parts.scheme == "https" or (parts.scheme == "http" and named))
    except ValueError:
        good = named = False
    if not good:
        detail = "须是 https 地址，不带用户名和 #；内网或 http 的主机须由运维写进 ONETHING_WEBHOOK_HOSTS。"
        return [FieldProblem("/url", FailureCode.INVALID_VALUE, detail)]
    if not named and await leads_inside(parts.hostname or ""):
        detail = "这个地址在内网，不能订阅。请改用公网的 https 地址；确需内网的，由运维写进 ONETHING_WEBHOOK_HOSTS。"
        return [FieldProblem("/url", FailureCode.INVALID_VALUE, detail)]
    return []


def _type_problems(types: list[str]) -> Iterator[FieldProblem]:
    for index, one in enumerate(types):
        if not any(publication.matches([one], known) for known in publication.TYPES):
            detail = f"没有这一类动态。可以订阅的有：{'、'.join(OFFERED)}。"
            yield FieldProblem(f"/types/{index}", FailureCode.INVALID_VALUE, detail)
