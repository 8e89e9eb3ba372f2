"""预计: when a case will probably be decided, told from what the like took. Silent where too little is known."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from cachetools import LRUCache

from onething.domain.calendar.days import Calendar
from onething.domain.calendar.statistics import AT_LEAST, Forecast
from onething.domain.calendar.statistics import forecast as forecast_of
from onething.domain.calendar.time_source import TimeSource
from onething.domain.engine.forecast import Dates, Remaining, dates, remaining, unsettled
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan, PlanItem
from onething.services.summaries.responses import ResponseModel
from onething.store.connection.database import Transaction
from onething.store.tables import measures
from onething.store.tables.measures import ItemKey

_KEPT = 2000
_FOR = timedelta(minutes=10)


class ItemForecast(ResponseModel):
    """`p50_days`–`p90_days`: half, and nine of ten, of the latest `decisions` took no more working days at the
    department, paused time not counted. Silent, with the reason in `text`, where they are fewer than `needed`."""

    item: str
    name: str
    decisions: int
    needed: int = AT_LEAST
    p50_days: float | None = None
    p90_days: float | None = None
    text: str


class CaseForecast(ResponseModel):
    """Working days that are left until all items are decided, and on which dates that would be, along the longest chain
    of the items that are not settled. `text`: the same in words, or why nothing is told. No promise."""

    p50_days: float | None = None
    p90_days: float | None = None
    p50_on: date | None = None
    p90_on: date | None = None
    provisional: bool | None = None
    text: str
    items: tuple[ItemForecast, ...] = ()


class Usual:
    """What items usually take, kept for minutes, so that reading a case reads no history. Safe to share between tasks.

    Bounded: `_KEPT` items of some region, those asked for last; each from at most 200 decisions.
    """

    def __init__(self, clock: TimeSource) -> None:
        self._clock = clock
        self._known: LRUCache[tuple[str, ItemKey], tuple[datetime, Forecast]] = LRUCache(_KEPT)

    async def of(
        self, tx: Transaction, region: str, calendar: Calendar, keys: Sequence[ItemKey]
    ) -> Mapping[ItemKey, Forecast]:
        """One statement for all that is not known, none where all is."""
        now = self._clock.now()
        found = {key: known for key in keys if (known := self._fresh(region, key, now)) is not None}
        wanted = [key for key in keys if key not in found]
        if wanted:
            handled = await measures.recent_of(tx, region, wanted)
            for key in wanted:
                found[key] = forecast_of(calendar, handled[key])
                self._known[(region, key)] = (now, found[key])
        return found

    def _fresh(self, region: str, key: ItemKey, now: datetime) -> Forecast | None:
        known = self._known.get((region, key))
        return known[1] if known is not None and abs(now - known[0]) < _FOR else None


async def of_case(
    usual: Usual, tx: Transaction, region: str, plan: Plan, calendar: Calendar, state: CaseState, now: datetime
) -> CaseForecast | None:
    """None once the case has ended: nothing is to come."""
    if state.ended:
        return None
    items = unsettled(plan, state)
    if not items:
        return CaseForecast(text="各事项都已办结，接着制证、送达，不再预计。")
    bundle = plan.bundle.partition("@")[0]
    keys = {item.code: ItemKey(item.department, bundle, item.code) for item in items}
    known = await usual.of(tx, region, calendar, list(keys.values()))
    of_items = {code: known[key] for code, key in keys.items()}
    left = remaining(calendar, plan, state, of_items, now)
    told = tuple(_item(item, of_items[item.code]) for item in items)
    if left.whole is None:
        return CaseForecast(text=_why_silent(plan, left, of_items), items=told)
    days = {"p50_days": left.whole.p50_days, "p90_days": left.whole.p90_days}
    length = f"还需 {left.whole.p50_days:g} 至 {left.whole.p90_days:g} 个工作日"
    if left.standing:
        names = "、".join(f"“{plan.item_by_code[code].name}”" for code in left.standing)
        return CaseForecast(**days, text=f"{names}已中止计时，恢复以后预计{length}，现在不预计日期。", items=told)
    if state.accepted_at is None:
        return CaseForecast(**days, text=f"受理以后预计{length}，现在不预计日期。", items=told)
    on = dates(calendar, left.whole, now)
    return CaseForecast(
        **days, p50_on=on.p50_on, p90_on=on.p90_on, provisional=on.provisional, text=_words(length, on), items=told
    )


def _item(item: PlanItem, usual: Forecast) -> ItemForecast:
    return ItemForecast(
        item=item.code,
        name=item.name,
        decisions=usual.decisions,
        p50_days=usual.p50_days,
        p90_days=usual.p90_days,
        text=words(usual),
    )


def words(usual: Forecast) -> str:
    """What the latest decisions say, or that they are too few to say anything."""
    if usual.p50_days is None or usual.p90_days is None:
        return f"样本不足（{usual.decisions}/{AT_LEAST}），不作预计。"
    half, nine = f"{usual.p50_days:g}", f"{usual.p90_days:g}"
    return f"近 {usual.decisions} 件中，半数在 {half} 个工作日内办结，九成在 {nine} 个工作日内，不含中止的时间。"


def _why_silent(plan: Plan, left: Remaining, usual: Mapping[str, Forecast]) -> str:
    few = (f"“{plan.item_by_code[code].name}”{usual[code].decisions}/{AT_LEAST}" for code in left.silent)
    return f"样本不足，不作预计：{'、'.join(few)}。"


def _words(length: str, on: Dates) -> str:
    text = f"按以往情况，{length}：半数不晚于 {on.p50_on} 办结，九成不晚于 {on.p90_on}。这不是承诺。"
    return text + ("节假日安排尚未公布，日期可能调整。" if on.provisional else "")
