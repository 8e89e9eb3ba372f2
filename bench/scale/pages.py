"""Which pages and lists are read, by whom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from bench.scale.loading import Loaded, person_number
from bench.scale.stories import QUERY_CODE
from onething.domain.kernel.state import CaseStatus

_DEPARTMENT = "amr"
_SOME = 400
_NO_CERTIFICATE = "ZZ00000000000000"


@dataclass(frozen=True)
class Page:
    """`body`: what is posted; without one it is got. `missing`: that there is none is the answer that is measured."""

    name: str
    who: str | None
    path: Callable[[], str]
    body: Callable[[], Any] | None = None
    missing: bool = False


def pages(loaded: Loaded, tasks: Sequence[str], today: date) -> list[Page]:
    """`tasks`: some open ones of the department whose officer reads them. Each of them has other cases at each turn, so
    that nothing is read again that was just read."""
    under_way = cycle(_spread(loaded.under_way))
    ended = cycle(_spread(loaded.ended))
    several = cycle(_spread(tasks))
    persons = cycle(range(0, loaded.people, max(loaded.people // _SOME, 1)))
    officer, leader = f"officer.{_DEPARTMENT}", f"leader.{_DEPARTMENT}"
    lately = f"from={today - timedelta(days=91)}&to={today}"  # with few cases a month has no card: an empty page

    def of(numbers: "cycle[str]", rest: str = "") -> Callable[[], str]:
        return lambda: f"/api/cases/{next(numbers)}{rest}"

    def at(path: str) -> Callable[[], str]:
        return lambda: path

    def searched() -> Any:
        return {"id_number": person_number(next(persons)), "reason": "申请人在窗口询问"}

    month = f"from={today.replace(day=1)}&to={today}"
    return [
        Page("待办列表（经办人）", officer, at("/api/tasks")),
        Page("待办列表，已办", officer, at("/api/tasks?state=closed")),
        Page("一件待办", officer, lambda: f"/api/tasks/{next(several)}"),
        Page("在部门系统里的", officer, at("/api/tasks/at-systems")),
        Page("办件列表（窗口）", "counter", at("/api/cases")),
        *(
            Page(f"办件列表，{status}", "counter", at(f"/api/cases?status={status}"))
            for status in CaseStatus
            if status is not CaseStatus.DRAFT
        ),
        Page("办件列表，一件事", "counter", at("/api/cases?bundle=newborn")),
        Page("办件列表，网点", "counter", at("/api/cases?outlet=330106000")),
        Page("办件列表，申请人已注销", "counter", at("/api/cases?applicant_ended=true")),
        Page("办件列表，自己的草稿", "counter", at("/api/cases?mine=true")),
        Page("办件列表（部门）", officer, at("/api/cases")),
        Page("办件列表（督办员）", "supervisor", at("/api/cases")),
        Page("办件列表（群众）", "citizen", at("/api/cases")),
        Page("按证件号码查找", "counter", at("/api/cases/search"), searched),
        Page("一件，在办", "counter", of(under_way)),
        Page("一件，已办结", "counter", of(ended)),
        Page("一件（部门）", officer, lambda: f"/api/cases/{next(several).partition('-')[0]}"),
        Page("时间线", "counter", of(under_way, "/timeline")),
        Page("时限", "counter", of(under_way, "/clocks")),
        Page("文书", "counter", of(under_way, "/documents")),
        Page("进度（查询码）", None, lambda: f"/api/progress/{next(under_way)}?code={QUERY_CODE}"),
        Page("核验证照", None, at(f"/api/certificates/{_NO_CERTIFICATE}/verify"), missing=True),
        Page("监管总览", "supervisor", at("/api/supervision/overview")),
        Page("监管总览，本月", "supervisor", at(f"/api/supervision/overview?{month}")),
        Page("监管总览（负责人）", leader, at("/api/supervision/overview")),
        Page("数据质量", "supervisor", at("/api/supervision/data-quality")),
        Page("数据源", "supervisor", at("/api/supervision/sources")),
        Page("催办督办", "supervisor", at("/api/supervision/reminders")),
        Page("黄牌红牌", "supervisor", at(f"/api/supervision/cards?{lately}")),
        Page("黄牌红牌（负责人）", leader, at(f"/api/supervision/cards?{lately}")),
        Page("失信记录", "supervisor", at("/api/supervision/credit-notes")),
        Page("评价", "supervisor", at("/api/supervision/ratings")),
        Page("要打电话、寄送的文书", "counter", at("/api/deliveries")),
        Page("委托", "counter", at("/api/mandates")),
        Page("推送来待确认的", "counter", at("/api/prefills")),
    ]


def _spread(numbers: Sequence[str]) -> list[str]:
    """Some from the first to the last. ValueError for none."""
    if not numbers:
        raise ValueError("there is nothing to read")
    return list(numbers[:: max(len(numbers) // _SOME, 1)])
