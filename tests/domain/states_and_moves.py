"""The closed tables of moves as docs/states-and-moves.md, which `python -m tests.record states` writes anew."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from onething.domain.kernel.lifecycle import (
    CASE_TRANSITIONS,
    FACTS_ALLOWED,
    ITEM_STATE_NAMES,
    ITEM_TRANSITIONS,
    STATUS_NAMES,
)
from onething.domain.kernel.state import ENDED, SETTLED, CaseStatus, ItemState

PAGE = Path(__file__).parents[2] / "docs" / "states-and-moves.md"

T = TypeVar("T", bound=StrEnum)
Moves = Mapping[T, frozenset[T]]

FACT_NAMES = {
    "submitted": "提交申请",
    "corrections_asked": "一次性告知补正",
    "supplemented": "补充材料或修改",
    "papers_received": "收取纸质件",
    "delivery_chosen": "改变送达方式",
    "letter_delivered": "登记送达",
    "demand_taken_back": "撤回补正要求",
    "consult_taken_back": "撤回征求意见",
    "review_asked": "请求复核",
    "accepted": "受理",
    "rejected": "不予受理",
    "withdrawn": "撤回",
    "task_claimed": "领取待办",
    "task_released": "放回待办",
    "task_transferred": "转交待办",
    "item_decided": "作出决定",
    "undone_by_hand": "人工撤销完毕",
    "item_corrections_asked": "受理后要求补正",
    "clock_suspended": "中止计时",
    "clock_resumed": "恢复计时",
    "clock_extended": "延长期限",
    "urged": "催办",
    "urge_answered": "答复催办",
    "supervised": "督办",
    "supervision_answered": "答复督办",
    "commitment_checked": "登记承诺核查结果",
    "revocation_decided": "决定是否撤销",
    "certificate_reissued": "更正、补发、换发证照",
    "case_reopened": "重新办理被撤销的决定",
    "discrepancy_resolved": "登记数据核实结果",
    "looked_by_hand": "登记人工核查的结果",
    "rated": "评价",
    "rating_contacted": "登记差评回访",
    "rating_rectified": "登记差评整改",
    "consult_asked": "征求意见或会签",
    "consult_answered": "答复意见",
    "inspection_appointed": "安排联合踏勘",
    "inspection_moved": "联合踏勘改期",
    "inspection_concluded": "作出踏勘结论",
    "days_offered": "提供查验日期",
    "day_chosen": "选查验日期",
    "day_set": "确定查验日期",
    "part_recorded": "登记查验结果",
    "inspection_closed": "汇总整改清单",
    "points_rectified": "报告已整改",
    "notice_objected": "登记公告期间的异议",
    "outside_reported": "登记约定的事已经完成",
    "look_up_retried": "再次查询数据源",
    "calendar_changed": "换用新版日历",
    "item_reassigned": "职责划转，移交事项",
    "item_returned": "退回前一事项",
}

_INTRO = """# 状态与流转

本页由 `python -m tests.record states` 根据 `onething/domain/engine/guards.py` 中的表生成，
请勿手工修改；测试会检查它是否为最新。

表中没有的流转一律不会发生；表中没有的办理动作一律被拒绝（HTTP 409）。{proof}
""".replace("{proof}", "<!-- test: tests/api/test_facts.py::test_each_fact -->")


def page() -> str:
    return "\n".join(
        [
            _INTRO,
            "## 办件状态\n",
            *_diagram(CASE_TRANSITIONS, STATUS_NAMES, CaseStatus.DRAFT, ENDED),
            *_table(CASE_TRANSITIONS, STATUS_NAMES),
            "## 事项状态\n",
            *_diagram(ITEM_TRANSITIONS, ITEM_STATE_NAMES, ItemState.WAITING, SETTLED),
            *_table(ITEM_TRANSITIONS, ITEM_STATE_NAMES),
            "## 何时可以办理什么\n",
            "数据源答复、撤销结果、送达结果和到期时刻在任何状态下都会记录，不在此表。事项类动作还要求该事项正在办理且轮次相符。\n",
            *_facts(),
        ]
    )


def _diagram(moves: Moves[T], names: Mapping[T, str], first: T, last: frozenset[T]) -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2", *(f"    {one}: {names[one]}" for one in moves), f"    [*] --> {first}"]
    for one in moves:
        lines += [f"    {one} --> {to}" for to in moves if to in moves[one]]
        if one in last:
            lines.append(f"    {one} --> [*]")
    return [*lines, "```", ""]


def _table(moves: Moves[T], names: Mapping[T, str]) -> list[str]:
    rows = [
        f"| {names[one]} | `{one}` | {'、'.join(names[to] for to in moves if to in moves[one]) or '—'} |"
        for one in moves
    ]
    return ["| 状态 | 代码 | 可转为 |", "|---|---|---|", *rows, ""]


def _facts() -> list[str]:
    columns = [status for status in CaseStatus if status not in ENDED]
    rows = []
    for fact, allowed in FACTS_ALLOWED.items():
        marks = ["✓" if status in allowed else "" for status in columns]
        ended = (
            "✓" if allowed >= ENDED else "、".join(STATUS_NAMES[one] for one in CaseStatus if one in allowed & ENDED)
        )
        rows.append(f"| {FACT_NAMES[fact]} | `{fact}` | {' | '.join([*marks, ended])} |")
    heads = [*(STATUS_NAMES[status] for status in columns), "已结束"]
    return [f"| 办理动作 | 代码 | {' | '.join(heads)} |", "|---" * (len(heads) + 2) + "|", *rows, ""]
