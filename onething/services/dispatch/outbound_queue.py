"""Departments inside closed networks fetch what they are to decide: they can call us, and we can't call them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from onething.domain.kernel.commands import CommandKind
from onething.domain.principal import Principal
from onething.security.policy import Act, Facts, require
from onething.services.application.sealed_values import SealedValues
from onething.services.core.context import AppContext
from onething.services.dispatch import orders
from onething.services.summaries.responses import CompleteResponseModel, ResponseModel
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.tables import outbound

LEASE = timedelta(minutes=10)
"""As long as a system that will call back is left alone where we are the ones who call."""
_LOOK_EVERY_S = 1.0


class Order(ResponseModel):
    """One of the two: to decide an item, or to undo an approval, as it is sent where we call. `key`: its own for good,
    whoever fetches it and how often."""

    key: str
    order: dict[str, Any] | None = None
    revocation: dict[str, str] | None = None


class Orders(CompleteResponseModel):
    """Nobody else gets them for `lease_s` seconds; after that whoever asks, under the same keys."""

    items: list[Order]
    lease_s: int


async def fetch(
    context: AppContext, by: Principal, department: str, many: int, wait_s: float, gone: Callable[[], Awaitable[bool]]
) -> Orders:
    """Up to `many`, as soon as there is one; none after `wait_s`, or when the caller is `gone`. No connection to the
    database is held meanwhile. Raises NotPermitted for another department's."""
    until = asyncio.get_running_loop().time() + wait_s
    while True:
        leased = await _lease(context, by, department, many)
        left = until - asyncio.get_running_loop().time()
        if leased.items or left <= 0:
            return leased
        await asyncio.sleep(min(_LOOK_EVERY_S, left))
        if await gone():  # what is leased to nobody would wait for the lease's end
            return leased


async def _lease(context: AppContext, by: Principal, department: str, many: int) -> Orders:
    now = context.clock.now()
    async with context.transaction(by, Act.FETCH_ORDERS) as tx:
        require(by, Act.FETCH_ORDERS, Facts(region=by.region, task_department=department))
        leased = await outbound.lease(tx, department, by.region, now, now + LEASE, many, orders.VALUES)
        for one in leased:
            access_log.add(tx, Act.FETCH_ORDERS, now, case_no=one.case_no)
        return Orders(items=[await _order(context, tx, one) for one in leased], lease_s=int(LEASE.total_seconds()))


async def _order(context: AppContext, tx: Transaction, command: outbound.LeasedCommand) -> Order:
    if command.kind is CommandKind.UNDO_EFFECT:
        effect = next(effect for effect in command.state.undo_queue if effect.id == command.target)
        return Order(key=command.key, revocation=dict(await orders.revocation(tx, command.case_no, effect)))
    plan = await context.plan_cache.plan_of(tx, command.state)
    definition = context.applications.definition(plan.bundle)
    values = SealedValues(context.sealer, command.case_no, command.sealed)
    told = orders.order(command.case_no, definition, plan, command.state, values, command.target)
    return Order(key=command.key, order=dict(told))
