"""How one task looks in the terminal: everything its department needs to decide it, in words."""

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from onething.cli.terminal.labels import FIELD_TYPES, LOOKUP_RESULTS, MATERIAL_STATES, RESULTS
from onething.cli.terminal.output import moment
from onething.cli.terminal.vocabulary import Vocabulary
from onething.cli.views import actions
from onething.cli.views import case as views_case


def details(task: dict[str, Any], vocabulary: Vocabulary) -> RenderableType:
    case = task["case"]
    parts: list[RenderableType] = [
        f"[bold]待办：{escape(task['item_name'])}[/bold]",
        views_case.overview(case, vocabulary),
    ]
    if task.get("what"):
        parts.append(f"[yellow]要撤销的：{escape(task['what'])}[/yellow]")
    sections: list[tuple[str, Iterable[tuple[str, str]]]] = [
        ("情形", vocabulary.answers(case.get("answers") or {})),
        ("申请内容", vocabulary.values(case.get("form") or {})),
        ("材料", _materials(case)),
    ]
    sections += [(f"调取的{one['name']}", _record(one)) for one in case.get("records") or ()]
    sections += [
        (f"“{item['name']}”的结果", vocabulary.values(item["outputs"])) for item in case["items"] if item.get("outputs")
    ]
    for title, rows in sections:
        table = Table(title, "", box=None, padding=(0, 2, 0, 0))
        for name, value in rows:
            table.add_row(escape(name), escape(value))
        if table.row_count:
            parts += ["", table]
    parts += [f"[yellow]{escape(line)}[/yellow]" for line in _returns(task)]
    parts += [escape(line) for line in _opinions(task)]
    parts += views_case.discrepancies(case)
    parts += [f"[yellow]{escape(warning)}[/yellow]" for warning in task.get("warnings") or ()]
    if task["kind"] == "undo":
        parts += ["", f"办完后登记：onething task decide {task['task_id']} undone"]
    elif task["kind"] == "check":
        command = f"onething case check {task['case_no']} {task['material']}"
        parts += [
            "",
            f"核查以承诺代替的“{escape(task['material_name'])}”，登记：",
            f"  属实：{command} --finding 核查情况",
        ]
        parts += [f"  不实：{command} --broken --finding 核查情况"]
    elif task["kind"] == "discrepancy":
        parts += [
            "",
            f"核实“{escape(task['comparison_name'])}”，登记：",
            f"  onething task resolve {task['task_id']} 哪一方 --note 依据",
        ]
    elif task["kind"] == "manual_check":
        parts += ["", *_looked_for(task)]
    elif task["kind"] == "revoke":
        command = f"onething task revoke {task['task_id']}"
        parts += ["", f"决定撤销：{command} --opinion 理由", f"不撤销：{command} --uphold --opinion 理由"]
    elif task["kind"] == "consult":
        agree = "--agree " if task["consults"][0]["mode"] == "countersign" else ""
        parts += ["", f"答复：onething task answer {task['task_id']} {agree}--opinion 意见"]
    else:
        parts += ["", _decision_form(task["decision_form"])]
        if task.get("decides_on"):
            named = " ".join(f"--seen {code}={version}" for code, version in task["decides_on"].items())
            parts += [f"决定时写明看过的材料版本：{named}"]
    parts += ["", *actions.lines(task["available_actions"])]
    return Group(*parts)


def _looked_for(task: dict[str, Any]) -> Iterator[RenderableType]:
    """What people are to look for, by what, and how they write it down."""
    wanted = task.get("look_up")
    if wanted is None:
        return
    table = Table(f"请人工核查：{escape(wanted['name'])}", "", box=None, padding=(0, 2, 0, 0))
    for one in wanted["params"]:
        table.add_row(escape(one["label"]), escape(one["value"]))
    yield table
    fields = Table("记录的字段", "名称", "类型", "必填", box=None, padding=(0, 2, 0, 0))
    for one in wanted["fields"]:
        required = "是" if one["required"] else ""
        fields.add_row(one["id"], escape(one["label"]), FIELD_TYPES.get(one.get("type"), ""), required)
    yield fields
    command = f"onething task look-up {task['task_id']}"
    yield f"查到的：{command} -r 字段=值 … --note 依据"
    yield f"查无此记录：{command} --not-found --note 依据"


def _returns(task: dict[str, Any]) -> Iterator[str]:
    """Why it is looked at once more, and what had been decided."""
    for one in task.get("returns") or ():
        yield f"{moment(one['at'])} {one['department_name']}将“{one['earlier_name']}”退回：{one['reason']}"
        if (before := one.get("decision")) is not None:
            yield f"  退回前的决定：{RESULTS[before['outcome']]}（{moment(before['at'])}）{before.get('opinion', '')}"


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


def _materials(case: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for one in case.get("materials") or ():
        kept = {"paper": "（纸质）", "file": "（文件）"}.get(one.get("kept") or "", "")
        yield one["name"], MATERIAL_STATES.get(one["state"], one["state"]) + kept


def _record(record: dict[str, Any]) -> Iterable[tuple[str, str]]:
    if (result := record.get("result")) is not None:
        yield "查询结果", LOOKUP_RESULTS.get(result, result)
    found = record.get("record")
    if found is None:
        yield MATERIAL_STATES.get(record["state"], record["state"]), ""
        return
    labels = record.get("labels") or {}
    for name, value in found.items():
        told = ("是" if value else "否") if isinstance(value, bool) else str(value)
        yield labels.get(name, name), told
    if record.get("as_of"):
        yield "数据截至", f"{moment(record['as_of'])}{_age(record.get('age_hours'))}"
    if record.get("by_hand"):
        yield "人工核查", f"{moment(record['fetched_at'])} 由部门人员登记：{record.get('note') or ''}"
    if record.get("kept"):
        yield "这是", f"{moment(record['fetched_at'])} 取得的记录，没有再问数据源"


def _age(hours: int | None) -> str:
    return f"（{hours // 24} 天前）" if hours is not None and hours >= 24 else ""


def _decision_form(fields: Iterable[dict[str, Any]]) -> RenderableType:
    table = Table("决定表单", "字段", "必填", box=None, padding=(0, 2, 0, 0))
    for one in fields:
        options = "、".join(f"{option['value']}（{option['label']}）" for option in one.get("options") or ())
        label = f"{one['label']}：{options}" if options else one["label"]
        table.add_row(escape(label), one["id"], "是" if one.get("required", True) else "否")
    return table
