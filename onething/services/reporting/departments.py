"""督办: how well departments kept their time, item by item, and how long an item usually takes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from onething.domain.calendar.days import LOCAL, ONE_DAY, local_date
from onething.domain.calendar.statistics import DecidedItem, promised_speed_up, share
from onething.domain.calendar.statistics import forecast as forecast_of
from onething.domain.definition.items import Item
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.principal import Principal
from onething.security.policy import Act, Facts, require
from onething.services.core.context import AppContext
from onething.services.summaries import pagination
from onething.services.summaries.responses import CompleteResponseModel, ResponseModel
from onething.store.tables import cases, measures, visits
from onething.store.tables.measures import ItemFigures, ItemKey, ReportingPeriod
from onething.store.tables.visits import VisitSums

LONGEST = 92
"""Days: a quarter. Counts are told beside rates, so that longer periods can be added up."""
_USUAL = 30
_SECOND = timedelta(seconds=1)
_FIRST = date(2000, 1, 1)


class Recent(ResponseModel):
    """Of the latest decisions, at most 200; silent but for their number where they are fewer than 30. Days are working
    days without paused time. `speed_up_rate`: 1 − time used / statutory limit, on average."""

    decisions: int
    p50_days: float | None = None
    p90_days: float | None = None
    speed_up_rate: float | None = None


class DepartmentMeasures(ResponseModel):
    """What one department decided in a period. A rate is of 1, and left out where there is nothing that it could be of.

    `on_time_rate`: met / (met + missed), of the promise. `early_rate` (提前办结率): decided on a day before the
    promised due day, of those with one (`dated`). `paused_hours`: by the wall clock, of those decided; `paused_rate`:
    of their time at the department, the share in which the law's clock stood still (行政许可法 Art. 45). `returned`:
    how often one was sent back to it in the period. `second_correction_rate` (二次补正率): of the items that something
    was demanded for in the period, those for which it was not for the first time. `channels`: shares by channel, of
    `by_channel`: counter (一窗), online (网办), phone (掌上办), agent (帮办), event. `identity_only_rate` (一证通办):
    no required paper was asked of the applicant at submission, and none brought later. `speed_up_rate` (提速率): 1 −
    promised/statutory; of a department: of its items, each as often as it was decided.
    """

    department: str
    department_name: str
    decided: int
    met: int
    missed: int
    on_time_rate: float | None = None
    dated: int
    early: int
    early_rate: float | None = None
    paused_hours: float
    paused_rate: float | None = None
    extensions: int
    yellow_cards: int
    red_cards: int
    returned: int
    corrected: int
    corrected_again: int
    second_correction_rate: float | None = None
    channels: dict[str, float]
    by_channel: dict[str, int]
    identity_only: int
    identity_only_rate: float | None = None
    speed_up_rate: float | None = None


class ItemMeasures(DepartmentMeasures):
    """One item in a period. The speed-up of the time really used is in `recent`."""

    bundle: str
    item: str
    item_name: str
    recent: Recent


class Cards(ResponseModel):
    """And the demands of counters before acceptance, as those of departments."""

    yellow: int
    red: int
    corrected: int
    corrected_again: int
    second_correction_rate: float | None = None


class FirstVisits(ResponseModel):
    """一次受理率: of what people brought to a counter in the period, and of which something was said by now, the share
    where that was 受理, and not that something is missing, or 不予受理. `prechecked`: of those of which a clerk had
    looked at the draft before (来前请窗口看一眼); `others`: without."""

    visits: int
    accepted: int
    accepted_rate: float | None = None
    prechecked: "FirstVisits | None" = None
    others: "FirstVisits | None" = None


class PressingCases(ResponseModel):
    """Now, whatever the period: how many cases' promise is over, and how many's has been warned of and soon will be;
    1001 stands for more than a thousand. `GET /api/cases?due=` lists them."""

    overdue: int
    soon: int


class RatedCases(ResponseModel):
    """By who applied, each case once, by the day of the rating."""

    rated: int
    badly_rated: int
    good_rate: float | None = None


class RatedVisits(ResponseModel):
    """By whoever came or was visited, each time once, by the day of the visit."""

    visits: int
    rated: int
    badly_rated: int
    good_rate: float | None = None


class Ratings(ResponseModel):
    """好评率: of what was rated, the share that was not badly (1, 2). Cases and visits apart: who rates both speaks of
    two things, and is never counted twice for one."""

    cases: RatedCases
    visits: RatedVisits


class Overview(CompleteResponseModel):
    """`first` to `last`: local dates, both counted. `whole_cases`: cards of cases as a whole, for supervisors who ask
    for no single department, as are `first_visits`, `pressing` and `ratings`. `departments`: those with anything to
    tell, all of their items together, on every page."""

    region: str
    region_name: str
    first: date
    last: date
    items: list[ItemMeasures]
    departments: list[DepartmentMeasures]
    whole_cases: Cards | None = None
    first_visits: FirstVisits | None = None
    pressing: PressingCases | None = None
    ratings: Ratings | None = None
    next: str | None = None


async def overview(
    context: AppContext,
    principal: Principal,
    first: date | None,
    last: date | None,
    department: str | None,
    limit: int,
    after: str | None,
) -> Overview:
    """By department, bundle and item. Raises InvalidInput for a period that is none or too long; NotPermitted."""
    context.require_department(department)
    wanted = department or principal.department
    async with context.transaction(principal, Act.VIEW_MEASURES) as tx:
        require(principal, Act.VIEW_MEASURES, Facts(region=principal.region, task_department=wanted))
        first, last = period(context, first, last)
        departments = [wanted] if wanted else list(context.catalog.departments)
        found = await measures.measure(tx, ReportingPeriod(principal.region, departments, first, last))
        page, more = pagination.cut(sorted(found.items), "/".join, limit, after)
        latest = await measures.recent_of(tx, principal.region, page)
        counts = None if wanted else await cases.pressing_counts(tx, principal.region, context.clock.now())
        visited = None if wanted else await visits.sums(tx, principal.region, first, last)
    items = [_measures(context, principal.region, key, found.items[key], latest[key]) for key in page]
    whole, of_departments = found.whole_cases, _by_department(found.items)
    return Overview(
        region=principal.region,
        region_name=context.region_name(principal.region),
        first=first,
        last=last,
        items=items,
        departments=[
            DepartmentMeasures(
                **_told(context, code, figures),
                speed_up_rate=_speed_up_of_department(context, principal.region, code, found.items),
            )
            for code, figures in sorted(of_departments.items())
        ],
        whole_cases=None
        if wanted
        else Cards(
            yellow=whole.yellow,
            red=whole.red,
            corrected=whole.corrected,
            corrected_again=whole.corrected_again,
            second_correction_rate=share(whole.corrected_again, whole.corrected),
        ),
        first_visits=None if wanted else _first_visits(whole),
        pressing=PressingCases(overdue=counts.overdue, soon=counts.soon) if counts else None,
        ratings=_ratings(whole, visited) if visited else None,
        next=more,
    )


def _first_visits(whole: ItemFigures) -> FirstVisits:
    def told(visits: int, accepted: int, **parts: FirstVisits) -> FirstVisits:
        return FirstVisits(visits=visits, accepted=accepted, accepted_rate=share(accepted, visits), **parts)

    with_it, accepted = whole.prechecked_visits, whole.prechecked_accepted
    return told(
        whole.first_visits,
        whole.first_accepted,
        prechecked=told(with_it, accepted),
        others=told(whole.first_visits - with_it, whole.first_accepted - accepted),
    )


def _ratings(whole: ItemFigures, visited: VisitSums) -> Ratings:
    return Ratings(
        cases=RatedCases(
            rated=whole.rated,
            badly_rated=whole.badly_rated,
            good_rate=share(whole.rated - whole.badly_rated, whole.rated),
        ),
        visits=RatedVisits(
            visits=visited.visits,
            rated=visited.rated,
            badly_rated=visited.badly_rated,
            good_rate=share(visited.rated - visited.badly_rated, visited.rated),
        ),
    )


def _measures(
    context: AppContext, region: str, key: ItemKey, figures: ItemFigures, handled: Sequence[DecidedItem]
) -> ItemMeasures:
    bundle, item = context.catalog.at(key.bundle, region), _item(context, region, key)
    calendar = context.calendar(bundle.calendar if bundle else "cn")
    latest = forecast_of(calendar, handled, item.statutory if item else None)
    return ItemMeasures(
        **_told(context, key.department, figures),
        bundle=key.bundle,
        item=key.item,
        item_name=item.name if item else key.item,
        speed_up_rate=_speed_up(item),
        recent=Recent(
            decisions=latest.decisions,
            p50_days=latest.p50_days,
            p90_days=latest.p90_days,
            speed_up_rate=latest.speed_up,
        ),
    )


def _by_department(items: Mapping[ItemKey, ItemFigures]) -> Mapping[str, ItemFigures]:
    departments: dict[str, ItemFigures] = {}
    for key, figures in items.items():
        departments.setdefault(key.department, ItemFigures()).add(figures)
    return departments


def _speed_up_of_department(
    context: AppContext, region: str, department: str, items: Mapping[ItemKey, ItemFigures]
) -> float | None:
    """Of what it decided in the period, as far as both limits are known."""
    known = [
        (rate, figures.decided)
        for key, figures in items.items()
        if key.department == department and (rate := _speed_up(_item(context, region, key))) is not None
    ]
    return share(sum(rate * decided for rate, decided in known), sum(decided for _, decided in known))


def _speed_up(item: Item | None) -> float | None:
    return promised_speed_up(item.promised, item.statutory) if item and item.statutory else None


def _told(context: AppContext, department: str, figures: ItemFigures) -> dict[str, Any]:
    came_in = sum(figures.channels.values())
    return {
        "department": department,
        "department_name": context.department(department),
        "decided": figures.decided,
        "met": figures.met,
        "missed": figures.missed,
        "on_time_rate": share(figures.met, figures.met + figures.missed),
        "dated": figures.dated,
        "early": figures.early,
        "early_rate": share(figures.early, figures.dated),
        "paused_hours": round(figures.paused / timedelta(hours=1), 1),
        "paused_rate": share(figures.law_paused / _SECOND, figures.held / _SECOND),
        "extensions": figures.extensions,
        "yellow_cards": figures.yellow,
        "red_cards": figures.red,
        "returned": figures.returned,
        "corrected": figures.corrected,
        "corrected_again": figures.corrected_again,
        "second_correction_rate": share(figures.corrected_again, figures.corrected),
        "channels": {name: share(count, came_in) or 0.0 for name, count in sorted(figures.channels.items())},
        "by_channel": dict(sorted(figures.channels.items())),
        "identity_only": figures.identity_only,
        "identity_only_rate": share(figures.identity_only, came_in),
    }


def _item(context: AppContext, region: str, key: ItemKey) -> Item | None:
    """As the latest version has it there; None for what it has no more."""
    bundle = context.catalog.at(key.bundle, region)
    return next((item for item in bundle.items if item.code == key.item), None) if bundle else None


def period(context: AppContext, first: date | None, last: date | None) -> tuple[date, date]:
    """First and last day. Raises InvalidInput for a period that is none or too long."""
    today = local_date(context.clock.now())
    last = min(last or today, today)
    if last < _FIRST:
        raise _refused("/to", "请选择 2000 年以后的日期。")
    first = first or last - (_USUAL - 1) * ONE_DAY
    if first > last:
        raise _refused("/from", "起始日期不能晚于截止日期，也不能晚于今天。")
    if (last - first).days >= LONGEST:
        raise _refused("/from", f"一次至多统计 {LONGEST} 天，请分段读取；各项都给出件数，可以相加。")
    return first, last


def begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)


def _refused(pointer: str, detail: str) -> InvalidInput:
    return InvalidInput([FieldProblem(pointer, FailureCode.INVALID_VALUE, detail)])
