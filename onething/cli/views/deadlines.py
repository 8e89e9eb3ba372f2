"""How the clocks of a case look in the terminal: when each is due, and day by day why."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape

from onething.cli.terminal.labels import CLOCK_STATES, UNITS
from onething.cli.terminal.listing import Listing, listing
from onething.cli.terminal.output import moment
from onething.domain.names import EFFECT_NAMES

_WEEKDAYS = "一二三四五六日"


def table(clocks: Iterable[dict[str, Any]]) -> Listing:
    shown = listing("时限", "性质", "期限", "剩余", "起算", "到期", "状态")
    for clock in clocks:
        left = clock.get("left")
        shown.add_row(
            escape(clock["title"]),
            EFFECT_NAMES.get(clock["legal_effect"], clock["legal_effect"]),
            _amount(clock, clock["budget"]) if clock["budget"] else "当日",
            "" if left is None else _amount(clock, left),
            moment(clock["started_at"]),
            moment(clock.get("due_at")) + ("（暂定）" if clock["provisional"] else ""),
            CLOCK_STATES.get(clock["state"], clock["state"]),
        )
    return shown


def explained(clock: dict[str, Any]) -> RenderableType:
    """The sentence, every day, and the sum."""
    days = listing("日期", "", "计入", "说明")
    for day in clock["days"]:
        on = date.fromisoformat(day["date"])
        counted = f"{day['counted']:g}" if day["counted"] else ""
        days.add_row(day["date"], f"周{_WEEKDAYS[on.weekday()]}", counted, escape(day["text"]))
    parts: list[RenderableType] = [f"[bold]{escape(clock['explain'])}[/bold]"]
    parts += [f"[yellow]{escape(line)}[/yellow]" for line in _pauses(clock)]
    return Group(*parts, days, *_sum(clock), "") if clock["days"] else Group(*parts, "")


def expected(forecast: dict[str, Any], *, by_item: bool = False) -> RenderableType:
    """When it will probably be done, or why nobody can tell; `by_item`: and what each item usually takes."""
    lines = [f"预计：{forecast['text']}"]
    if by_item:
        lines += [f"  {one['name']}：{one['text']}" for one in forecast["items"]]
    return Group(*(f"[dim]{escape(line)}[/dim]" for line in lines))


def _pauses(clock: dict[str, Any]) -> Iterator[str]:
    for pause in clock["pauses"]:
        until = f"至 {moment(pause['until'])}" if "until" in pause else "尚未恢复"
        most = f"，至多到 {moment(pause['ends_at'])}" if "ends_at" in pause else ""
        yield f"中止：{pause['text']}，自 {moment(pause['since'])}，{until}{most}"
    if "paused" in clock:
        total, unit = clock["paused"], UNITS.get(clock["unit"], clock["unit"])
        carried = f"，余 {total['carried_hours']:g} 小时留待累计" if total["carried_hours"] else ""
        given_back = f"每满一个办公日顺延一天：已顺延 {total['days']} {unit}{carried}"
        yield f"中止的办公时间共 {total['hours']:g} 小时，{given_back}"


def _sum(clock: dict[str, Any]) -> Iterator[str]:
    if clock.get("more_days"):
        yield f"……以后的日子不再列出；期限 {_amount(clock, clock['budget'])}"
        return
    counted = sum(day["counted"] for day in clock["days"])
    yield f"合计 {_amount(clock, counted)}，期限 {_amount(clock, clock['budget'])}"


def _amount(clock: dict[str, Any], amount: float) -> str:
    more = f"（含延长 {clock['extensions']}）" if clock["extensions"] and amount == clock["budget"] else ""
    return f"{amount:g} {UNITS.get(clock['unit'], clock['unit'])}{more}"


def stands(after: dict[str, Any]) -> str:
    """How an item's time stands after it was stopped, started again or extended."""
    now = "；".join(one["text"] for one in after["deadlines"])
    return f"{moved(after)}现在的期限：{now or '没有仍在计时的期限'}。"


def moved(after: Mapping[str, Any]) -> str:
    """Which dates an extension has moved."""
    dates = (
        f"{EFFECT_NAMES[one['legal_effect']]}期限由 {_day(one.get('before'))} 改到 {_day(one.get('after'))}"
        for one in after["moved"]
    )
    told = "，".join(dates)
    return f"{told}。" if told else ""


def _day(at: str | None) -> str:
    return moment(at) or "中止计时"
