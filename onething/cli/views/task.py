"""How one task looks in the terminal: everything its department needs to decide it, in words."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape

from onething.cli.terminal.labels import FIELD_TYPES, RESULTS, TASK_FLAGS, TASK_KINDS, TASK_VIEWS
from onething.cli.terminal.listing import Listing, listing
from onething.cli.terminal.output import moment
from onething.cli.terminal.vocabulary import Vocabulary
from onething.cli.views import actions, application
from onething.cli.views import case as views_case
from onething.domain.names import EFFECT_NAMES

_DATES = {"due_at": "", "statutory_due_at": "statutory"}
"""Of a task → what it is in law, where the task does not say."""


def queue(rows: Iterable[Mapping[str, Any]], *, closed: bool) -> Listing:
    """A department's list: who applies for what, until when, and who has it in hand, or what came of it."""
    table = listing(
        "待办编号", "申请人/企业", "一件事", "事项", "性质", "到期（工作日）", "结果" if closed else "认领人", ""
    )
    for task in rows:
        part = task.get("material_name") or task.get("comparison_name")
        about = f"{task['item_name']}：{part}" if part else task["item_name"]
        names = (escape(views_case.applying(task)), escape(task["name"]), escape(about))
        last = (
            task.get("result_name") or RESULTS.get(task.get("result") or "", "")
            if closed
            else task.get("claimed_by") or ""
        )
        kind = TASK_KINDS.get(task["kind"], task["kind"])
        table.add_row(task["task_id"], *names, kind, _due(task), last, "、".join(_flags(task)))
    return table


def _due(task: Mapping[str, Any]) -> str:
    """Of a decision the promise, or the law's date where that comes first or promises stand still; of anything else
    what offices have agreed or a rule sets."""
    dates = [(task[name], effect) for name, effect in _DATES.items() if task.get(name)]
    if task["state"] != "open" or not dates:
        return ""
    due_at, effect = min(dates, key=lambda date: datetime.fromisoformat(date[0]))
    return f"{EFFECT_NAMES[effect or task['due_effect']]} {moment(due_at)}"


def _flags(task: Mapping[str, Any]) -> Iterator[str]:
    for flag in task.get("flags") or ():
        words = TASK_FLAGS.get(flag, flag)
        if flag == "supervised" and task.get("supervised_due_at"):
            words = f"{words}，{moment(task['supervised_due_at'])}前答复"
        colour = _COLOURS.get(flag)
        yield f"[{colour}]{words}[/{colour}]" if colour else words


_COLOURS = {"urged": "yellow", "supervised": "red", "discrepancy": "yellow", "correction_answered": "green"}


def counts(page: Mapping[str, Any]) -> str:
    """How many each view has, and how many this list."""
    views = " · ".join(f"{words} {_count(page['counts'][name])}" for name, words in TASK_VIEWS.items())
    return f"共 {_count(page['total'])} 件。{views}"


def _count(number: int) -> str:
    return f"{_MOST_COUNTED}+" if number > _MOST_COUNTED else str(number)


_MOST_COUNTED = 1000


def details(task: dict[str, Any], vocabulary: Vocabulary, who: str = "", *, everything: bool = False) -> RenderableType:
    """`who`, `everything`: as `actions.of_task` has them."""
    case = task["case"]
    parts: list[RenderableType] = [
        f"[bold]待办：{escape(task['item_name'])}[/bold]",
        views_case.overview(case, vocabulary),
    ]
    if task.get("what"):
        parts.append(f"[yellow]要撤销的：{escape(task['what'])}[/yellow]")
    parts += application.parts(case, vocabulary)
    parts += [f"[yellow]{escape(line)}[/yellow]" for line in _returns(task)]
    parts += [escape(line) for line in _opinions(task)]
    parts += views_case.discrepancies(case)
    parts += [f"[yellow]{escape(warning)}[/yellow]" for warning in task.get("warnings") or ()]
    if task["kind"] == "manual_check":
        parts += ["", *_looked_for(task)]
    elif task["decision_form"]:
        parts += ["", _decision_form(task["decision_form"])]
    parts += ["", *actions.of_task(task, who, everything=everything)]
    return Group(*parts)


def _looked_for(task: dict[str, Any]) -> Iterator[RenderableType]:
    """What people are to look for, by what, and how they write it down."""
    wanted = task.get("look_up")
    if wanted is None:
        return
    table = listing(f"请人工核查：{escape(wanted['name'])}", "")
    for one in wanted["params"]:
        table.add_row(escape(one["label"]), escape(one["value"]))
    yield table
    fields = listing("记录的字段", "名称", "类型", "必填")
    for one in wanted["fields"]:
        required = "是" if one["required"] else ""
        fields.add_row(one["id"], escape(one["label"]), FIELD_TYPES.get(one.get("type"), ""), required)
    yield fields


def _returns(task: dict[str, Any]) -> Iterator[str]:
    """Why it is looked at once more, and what had been decided."""
    for one in task.get("returns") or ():
        yield f"{moment(one['at'])} {one['department_name']}将“{one['earlier_name']}”退回：{one['reason']}"
        if (before := one.get("decision")) is not None:
            yield f"  退回前的决定：{before['outcome_name']}（{moment(before['at'])}）{before.get('opinion', '')}"


def _opinions(task: dict[str, Any]) -> Iterator[str]:
    """What was asked on the item and answered, and what was found at the place."""
    for one in task.get("consults") or ():
        mode = "会签" if one["mode"] == "countersign" else "征求意见"
        agrees = {True: "同意。", False: "不同意。", None: ""}[one.get("agrees")]
        answer = f"{agrees}{one.get('opinion', '')}" if "answered_at" in one else "尚未答复"
        yield f"向{one['department_name']}{mode}：{one.get('question', '')} —— {answer}"
    for one in task.get("inspections") or ():
        passed = {True: "通过。", False: "未通过。", None: "尚无结论"}[one.get("passed")]
        yield f"第 {one['n']} 次联合踏勘（{one['on']}）：{passed}{one.get('conclusion', '')}"


def _decision_form(fields: Iterable[dict[str, Any]]) -> RenderableType:
    table = listing("决定表单", "字段", "必填")
    for one in fields:
        options = "、".join(f"{option['value']}（{option['label']}）" for option in one.get("options") or ())
        label = f"{one['label']}：{options}" if options else one["label"]
        table.add_row(escape(label), one["id"], "是" if one.get("required", True) else "否")
    return table
