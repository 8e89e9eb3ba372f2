"""A case in the words of who applied."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from onething.domain.kernel.lifecycle import STATUS_NAMES
from onething.domain.kernel.state import CaseStatus
from onething.services.cases.schemas import CaseRow, CaseView
from onething.services.core.context import AppContext
from onething.services.summaries.clocks import ClockView

_ENDED = frozenset({"closed", "rejected", "withdrawn", "terminated"})
_SENTENCES = {
    "submitted": "已提交，等综合窗口决定是否受理。",
    "correction": "等您补正。",
    "accepted": "已受理，正在取得所需的数据和材料。",
    "processing": "正在办理。",
    "decided": "各事项都已办结，正在制证、送达。",
    "delivered": "已办好，已送达。",
    "closed": "已办结，已归档。",
    "rejected": "不予受理，原因和救济途径见文书。",
    "withdrawn": "您已撤回申请。",
    "terminated": "已终止办理，原因见文书。",
}
_TICKING = frozenset({"running", "suspended", "overdue"})


@dataclass(frozen=True)
class Groups:
    """Cases as their applicant looks for them: what needs them first."""

    waiting: list[CaseRow]
    running: list[CaseRow]
    drafts: list[CaseRow]
    ended: list[CaseRow]


def grouped(rows: Iterable[CaseRow]) -> Groups:
    groups = Groups([], [], [], [])
    for row in rows:
        if row.status == CaseStatus.DRAFT:
            groups.drafts.append(row)
        elif row.status in _ENDED:
            groups.ended.append(row)
        elif row.open_demands or row.status == CaseStatus.CORRECTION:
            groups.waiting.append(row)
        else:
            groups.running.append(row)
    return groups


def sentence(context: AppContext, case: CaseView) -> str:
    """How it stands, and with whom."""
    if case.status != CaseStatus.PROCESSING:
        return _SENTENCES.get(case.status, STATUS_NAMES[CaseStatus(case.status)])
    holders = list(dict.fromkeys(context.department(one.department) for one in case.items if one.state == "open"))
    if not holders:
        return _SENTENCES["processing"]
    whose = "、".join(holders[:3]) + (f"等 {len(holders)} 个部门" if len(holders) > 3 else "")
    return f"现在由{whose}办理。"


def ticking(clocks: Iterable[ClockView]) -> list[ClockView]:
    """Periods that still run for somebody: those of which a date is told."""
    return [one for one in clocks if one.state in _TICKING]


def until(clocks: Iterable[ClockView]) -> Iterator[tuple[str, datetime]]:
    """Periods that are the applicant's own: what they are called, and when they end."""
    for one in ticking(clocks):
        if one.whose == "person" and one.due_at is not None:
            yield one.title, one.due_at
