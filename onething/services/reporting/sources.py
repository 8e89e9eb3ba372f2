"""督办: how data sources do, for whoever answers for them. Counts and lengths of time only."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from onething.domain.calendar.histogram import quantile_s
from onething.domain.calendar.statistics import share
from onething.domain.principal import Principal
from onething.domain.sources.source import Seen, SourceDefinition
from onething.security.policy import Act, Facts, require
from onething.services.core.context import AppContext
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel
from onething.store.sources import figures as sources_figures
from onething.store.sources.figures import BreakerSeen, Pending, SourceFigures

LONGEST_H = 168
USUAL_H = 24


class SourceMeasures(ResponseModel):
    """One source, asked by all regions. `answered`, `refused`, `failed`, `not_yet`: attempts. `success_rate` of 1:
    (answered + refused) / (those and failed). `wait_…`: seconds from asked to answered, at most a fifth too high;
    `age_…`: seconds that records were old when they came. `breaker`: the worst that a worker tells, `breaker_workers`
    of them having theirs not closed. `pending`: look-ups of the caller's region without an outcome."""

    source: str
    name: str
    department: str
    department_name: str
    answered: int
    refused: int
    failed: int
    not_yet: int
    success_rate: float | None = None
    wait_p50_s: float | None = None
    wait_p90_s: float | None = None
    age_p50_s: float | None = None
    age_p90_s: float | None = None
    breaker: str
    breaker_since: LocalDateTime | None = None
    breaker_workers: int
    pending: int
    pending_since: LocalDateTime | None = None


class SourcesView(CompleteResponseModel):
    """`hours`: how far it looks back, by whole hours. `pending_at_least`: there may wait more than was counted."""

    region: str
    hours: int
    pending_at_least: bool
    items: list[SourceMeasures]


async def sources(context: AppContext, principal: Principal, hours: int, department: str | None) -> SourcesView:
    """Every source, in the order of their codes; for leaders those of their own department. Raises NotPermitted."""
    context.require_department(department)
    wanted = department or principal.department
    now = context.clock.now()
    listed = [one for _, one in sorted(context.catalog.sources.items()) if wanted in (None, one.department)]
    codes = [one.code for one in listed]
    async with context.transaction(principal, Act.VIEW_MEASURES) as tx:
        require(principal, Act.VIEW_MEASURES, Facts(region=principal.region, task_department=wanted))
        figures = await sources_figures.seen(tx, codes, now - timedelta(hours=hours))
        breakers = await sources_figures.not_closed(tx, codes, now)
        found, more = await sources_figures.pending(tx, principal.region)
    pending = _by_source(context, found)
    return SourcesView(
        region=principal.region,
        hours=hours,
        pending_at_least=more,
        items=[
            _measures(
                context, one, figures.get(one.code, SourceFigures()), breakers.get(one.code), pending.get(one.code, [])
            )
            for one in listed
        ],
    )


def _measures(
    context: AppContext,
    source: SourceDefinition,
    figures: SourceFigures,
    breaker: BreakerSeen | None,
    waiting: list[Pending],
) -> SourceMeasures:
    answered, refused, failed, not_yet = (
        figures.times(seen) for seen in (Seen.ANSWERED, Seen.REFUSED, Seen.FAILED, Seen.NOT_YET)
    )
    waited, age = figures.spread(Seen.WAITED), figures.spread(Seen.AGE)
    return SourceMeasures(
        source=source.code,
        name=source.name,
        department=source.department,
        department_name=context.department(source.department),
        answered=answered,
        refused=refused,
        failed=failed,
        not_yet=not_yet,
        success_rate=share(answered + refused, answered + refused + failed),
        wait_p50_s=quantile_s(waited, 50),
        wait_p90_s=quantile_s(waited, 90),
        age_p50_s=quantile_s(age, 50),
        age_p90_s=quantile_s(age, 90),
        breaker=breaker.state if breaker else "closed",
        breaker_since=breaker.since if breaker else None,
        breaker_workers=breaker.workers if breaker else 0,
        pending=sum(one.pending for one in waiting),
        pending_since=min((one.oldest for one in waiting), default=None),
    )


def _by_source(context: AppContext, found: Sequence[Pending]) -> Mapping[str, list[Pending]]:
    """A need whose definition is gone is nobody's."""
    by_source: dict[str, list[Pending]] = {}
    for one in found:
        definition = context.catalog.bundle(one.bundle)
        lookup = definition.lookup(one.data) if definition else None
        if lookup is not None:
            by_source.setdefault(lookup.source, []).append(one)
    return by_source
