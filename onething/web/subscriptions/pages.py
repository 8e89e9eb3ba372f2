"""Subscriptions: those that there are, a new one, how one does, another secret, telling anew, taking one away.

A secret is shown by the page that answers its form, and by no other: it would be in an address, or kept, otherwise.
"""

from datetime import date, datetime, time

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.calendar.days import LOCAL
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError
from onething.domain.principal import Principal
from onething.edge.dependencies import By, InContext, SubscriptionIdPath
from onething.services import subscriptions
from onething.services.core.context import AppContext
from onething.services.subscriptions import SecretShown, SubscriptionRequest
from onething.services.summaries.responses import StoredResponse
from onething.web.core.definition_fields import FieldValues
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.core.typed_dates import typed_date

router = APIRouter(prefix="/admin/subscriptions", route_class=SignedInPageRoute, include_in_schema=False)
_PATH = "/admin/subscriptions"
KINDS = (("onething.case.*", "办件的动态"), ("onething.item.*", "事项的动态"), ("onething.clock.*", "时限的动态"))
STATES = {"active": ("done", "✓ 正常"), "failing": ("soon", "▲ 送不到，还在试"), "disabled": ("late", "■ 已停用")}


@router.get("", response_class=Response)
async def listed(request: Request, context: InContext, by: By) -> Response:
    found = await subscriptions.everything(context, by)
    return render(
        request, "subscriptions/page_subscriptions.html", {"found": found.items, "states": STATES, **_names(context)}
    )


@router.get("/new", response_class=Response)
async def new(request: Request, context: InContext, by: By) -> Response:
    await subscriptions.everything(context, by)  # nobody else's
    return _form(request, context, Form(), None)


@router.post("/new", response_class=Response)
async def add(request: Request, context: InContext, by: By, sent: Sent) -> Response:
    try:
        done = await subscriptions.add(context, by, sent.key, as_request(SubscriptionRequest, _wanted(sent)))
    except (OneThingError, RequestValidationError) as refused:
        return _form(request, context, sent, mistakes_of(refused))
    return _secret(request, done)


@router.get("/{subscription}", response_class=Response)
async def show(subscription: SubscriptionIdPath, request: Request, context: InContext, by: By) -> Response:
    return await _one(request, context, by, subscription)


@router.post("/{subscription}/rotate", response_class=Response)
async def rotate(
    subscription: SubscriptionIdPath, request: Request, context: InContext, by: By, sent: Sent
) -> Response:
    return _secret(request, await subscriptions.rotate(context, by, sent.key, subscription))


@router.post("/{subscription}/redeliver", response_class=Response)
async def redeliver(
    subscription: SubscriptionIdPath, request: Request, context: InContext, by: By, sent: Sent
) -> Response:
    try:
        await subscriptions.redeliver(context, by, sent.key, subscription, _beginning_of(sent.value("/from")))
    except InvalidInput as refused:
        return await _one(request, context, by, subscription, sent.value("/from"), mistakes_of(refused))
    return see_other(f"{_PATH}/{subscription}")


@router.post("/{subscription}/delete", response_class=Response)
async def remove(subscription: SubscriptionIdPath, context: InContext, by: By) -> Response:
    await subscriptions.remove(context, by, subscription)
    return see_other(_PATH)


def _wanted(sent: Form) -> FieldValues:
    others = sent.value("others").split()
    said = {"url": sent.value("/url").strip(), "bundle": sent.value("/bundle"), "region": sent.value("/region")}
    return {**{name: value for name, value in said.items() if value}, "types": [*sent.values("/types"), *others]}


def _form(request: Request, context: AppContext, sent: Form, mistakes: Mistakes | None) -> Response:
    values = {
        "mistakes": mistakes,
        "sent": sent,
        "kinds": KINDS,
        "offered": subscriptions.OFFERED,
        "bundles": [(one.code, one.name) for one in context.catalog.latest.values()],
        "regions": [(code, one.name) for code, one in context.catalog.regions.items()],
    }
    return render(request, "subscriptions/page_new.html", values, status=mistakes.status if mistakes else 200)


def _names(context: AppContext) -> dict[str, object]:
    """Of bundles and divisions, also of those that are there no more."""

    def bundle(code: str) -> str:
        known = context.catalog.bundle(code)
        return known.name if known else code

    return {"bundle": bundle, "region": context.region_name}


def _secret(request: Request, done: StoredResponse) -> Response:
    shown = SecretShown.model_validate_json(done.body)
    return render(request, "subscriptions/page_secret.html", {"shown": shown}, status=done.status)


async def _one(
    request: Request, context: AppContext, by: Principal, id_: str, since: str = "", mistakes: Mistakes | None = None
) -> Response:
    found = await subscriptions.deliveries(context, by, id_)
    values = {
        "found": found,
        "one": found.subscription,
        "states": STATES,
        **_names(context),
        "since": since,
        "mistakes": mistakes,
    }
    return render(request, "subscriptions/page_subscription.html", values, status=mistakes.status if mistakes else 200)


def _beginning_of(text: str) -> datetime:
    """Of that day, here. Raises InvalidInput for what is none."""
    try:
        return datetime.combine(date.fromisoformat(typed_date(text)), time.min, LOCAL)
    except ValueError:
        detail = "日期请写成 2026-01-31 这样。"
        raise InvalidInput([FieldProblem("/from", FailureCode.INVALID_VALUE, detail)]) from None
