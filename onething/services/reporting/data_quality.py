"""数据质量: per source what disagreed and who was right, what it refused, and how old its records were."""

from datetime import date

from onething.domain.calendar.days import ONE_DAY
from onething.domain.calendar.histogram import quantile_s
from onething.domain.calendar.statistics import share
from onething.domain.principal import Principal
from onething.domain.sources.source import Seen, SourceDefinition
from onething.security.policy import Act, Facts, require
from onething.services.core.context import AppContext
from onething.services.reporting.departments import begin_of, period
from onething.services.summaries.responses import CompleteResponseModel, ResponseModel
from onething.store.sources import figures as sources_figures
from onething.store.sources.figures import STORED_FOR, SourceFigures
from onething.store.tables import discrepancies
from onething.store.tables.discrepancies import Asks, Discrepancies


class Lately(ResponseModel):
    """What all regions were told in the last `days`. Ages in seconds, of records as they came."""

    days: int
    answered: int
    refused: int
    refused_rate: float | None = None
    age_p50_s: float | None = None
    age_p90_s: float | None = None
    age_p99_s: float | None = None


class SourceQuality(ResponseModel):
    """One source. `found`: discrepancies with its records in the period, of this region; of these by now `open`,
    `resolved` by its owner, or `matched` (all came to say the same). `source_right`: its own record was right, and
    `source_right_rate` of the resolved."""

    source: str
    name: str
    department: str
    department_name: str
    found: int
    open: int
    resolved: int
    matched: int
    source_right: int
    source_right_rate: float | None = None
    lately: Lately


class DataQuality(CompleteResponseModel):
    region: str
    first: date
    last: date
    items: list[SourceQuality]


async def report(
    context: AppContext, principal: Principal, first: date | None, last: date | None, department: str | None
) -> DataQuality:
    """Every source, in the order of their codes; for leaders those of their own department. Raises as
    `measures.overview`."""
    context.require_department(department)
    wanted = department or principal.department
    async with context.transaction(principal, Act.VIEW_MEASURES) as tx:
        require(principal, Act.VIEW_MEASURES, Facts(region=principal.region, task_department=wanted))
        first, last = period(context, first, last)
        sources = {code: one for code, one in context.catalog.sources.items() if wanted in (None, one.department)}
        asks = [
            Asks(definition.ref, one.code, one.lookup.source)
            for definition in context.catalog.bundles.values()
            for one in definition.lookups
            if one.lookup and one.lookup.source in sources
        ]
        until = begin_of(last + ONE_DAY)
        found = await discrepancies.by_source(tx, principal.region, begin_of(first), until, asks)
        figures = await sources_figures.seen(tx, list(sources), context.clock.now() - STORED_FOR)
    items = [
        _source(context, one, found.get(code, Discrepancies(code)), figures.get(code, SourceFigures()))
        for code, one in sorted(sources.items())
    ]
    return DataQuality(region=principal.region, first=first, last=last, items=items)


def _source(
    context: AppContext, source: SourceDefinition, found: Discrepancies, figures: SourceFigures
) -> SourceQuality:
    answered, refused, age = figures.times(Seen.ANSWERED), figures.times(Seen.REFUSED), figures.spread(Seen.AGE)
    return SourceQuality(
        source=source.code,
        name=source.name,
        department=source.department,
        department_name=context.department(source.department),
        found=found.found,
        open=found.open,
        resolved=found.resolved,
        matched=found.matched,
        source_right=found.source_right,
        source_right_rate=share(found.source_right, found.resolved),
        lately=Lately(
            days=STORED_FOR.days,
            answered=answered,
            refused=refused,
            refused_rate=share(refused, answered + refused),
            age_p50_s=quantile_s(age, 50),
            age_p90_s=quantile_s(age, 90),
            age_p99_s=quantile_s(age, 99),
        ),
    )
