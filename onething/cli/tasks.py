"""`task`: a department's queue, and its decisions."""

import json
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from onething.cli import case_view, session
from onething.cli.failures import CommandFailed, ExitCode
from onething.cli.output import console, moment
from onething.cli.words import DECISIONS

app = typer.Typer(no_args_is_help=True, help="待办：部门的工作队列，认领、放回、作出决定。")

TaskId = Annotated[str, typer.Argument(metavar="待办编号", help="onething task list 列出的编号。")]


@app.command("list")
def list_tasks(
    url: session.Url = None,
    account: session.As = None,
    closed: Annotated[bool, typer.Option("--closed", help="看已办的，而不是待办的。")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几件。")] = 20,
) -> None:
    """本部门的待办，到期早的在前。

    \b
    例：
      onething task list --as officer.amr
    """
    with session.connect(url, account) as client:
        page = client.get("/api/tasks", state="closed" if closed else "open", limit=limit)
    if not page["items"]:
        console().print("没有待办。")
        return
    table = Table(
        "待办编号", "事项", "性质", "到期", "认领人" if not closed else "结果", box=None, padding=(0, 2, 0, 0)
    )
    for task in page["items"]:
        last = task.get("result") if closed else task.get("claimed_by")
        kind = "撤销" if task["kind"] == "undo" else "审批"
        table.add_row(task["task_id"], task["item"], kind, moment(task.get("due_at")), last or "")
    console().print(table)


@app.command()
def show(task_id: TaskId, url: session.Url = None, account: session.As = None) -> None:
    """看一件待办：申请内容（只含本部门所需）、材料、要填写的决定表单。

    \b
    例：
      onething task show 待办编号 --as officer.amr
    """
    with session.connect(url, account) as client:
        task = client.get(f"/api/tasks/{task_id}")
        departments = client.department_names(task["bundle"])
    console().print(_details(task, departments))


def _details(task: dict[str, Any], departments: dict[str, str]) -> RenderableType:
    parts: list[RenderableType] = [case_view.overview(task["case"], departments)]
    if task.get("what"):
        parts.append(f"[yellow]要撤销的：{escape(task['what'])}[/yellow]")
    form = Table("申请内容", "", box=None, padding=(0, 2, 0, 0))
    for name, value in (task["case"].get("form") or {}).items():
        form.add_row(name, escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))
    decision = Table("决定表单", "字段", "必填", box=None, padding=(0, 2, 0, 0))
    for one in task["decision_form"]:
        options = "、".join(f"{option['value']}（{option['label']}）" for option in one.get("options") or ())
        label = f"{one['label']}：{options}" if options else one["label"]
        decision.add_row(escape(label), one["id"], "是" if one.get("required", True) else "否")
    return Group(*parts, "", form, "", decision)


@app.command()
def claim(task_id: TaskId, url: session.Url = None, account: session.As = None) -> None:
    """认领一件待办，别人就不能再办。

    \b
    例：
      onething task claim 待办编号 --as officer.amr
    """
    with session.connect(url, account) as client:
        client.post(f"/api/tasks/{task_id}/claim")
    console().print(f"已认领 {task_id}。接下来：onething task decide {task_id} approve", markup=False)


@app.command()
def release(task_id: TaskId, url: session.Url = None, account: session.As = None) -> None:
    """放回一件认领的待办。

    \b
    例：
      onething task release 待办编号 --as officer.amr
    """
    with session.connect(url, account) as client:
        client.post(f"/api/tasks/{task_id}/release")
    console().print(f"已放回 {task_id}。", markup=False)


@app.command()
def decide(
    task_id: TaskId,
    outcome: Annotated[str, typer.Argument(metavar="approve|refuse|undone", help="准予、不予，或已人工撤销。")],
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", metavar="字段=值", help="决定表单的一个字段，可多次。")
    ] = None,
    opinion: Annotated[str | None, typer.Option("--opinion", help="意见；不予时必填。")] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """作出决定；别人先决定了的，显示已有的决定。

    \b
    例：
      onething task decide 待办编号 approve -o uscc=91330106MA2HYR5L3J -o established_on=2026-11-21 --as officer.amr
      onething task decide 待办编号 refuse --opinion 车辆技术等级不符合要求 --as officer.transport
    """
    if outcome not in DECISIONS:
        raise CommandFailed(f"决定只能是 {'、'.join(DECISIONS)} 之一。", ExitCode.USAGE)
    body: dict[str, Any] = {"outcome": outcome}
    if opinion:
        body["opinion"] = opinion
    with session.connect(url, account) as client:
        if output:
            fields = {one["id"]: one for one in client.get(f"/api/tasks/{task_id}")["decision_form"]}
            body["outputs"] = dict(_output(text, fields) for text in output)
        decided = client.post(f"/api/tasks/{task_id}/decide", body)
    console().print(f"{DECISIONS[outcome]}，已记录（第 {decided['seq']} 条）。", markup=False)
    console().print(case_view.states_table(decided["items"]))


def _output(text: str, fields: dict[str, dict[str, Any]]) -> tuple[str, Any]:
    """`field=value` as the decision form wants it; what can't be read so is left for the server to judge."""
    name, equals, value = text.partition("=")
    if not equals:
        raise CommandFailed(f"--output {text} 写得不对：须是 字段=值。", ExitCode.USAGE)
    match fields.get(name, {}).get("type"):
        case "integer" if value.lstrip("-").isdecimal():
            return name, int(value)
        case "boolean" if value in ("true", "false"):
            return name, value == "true"
        case "multi_choice":
            return name, value.split(",")
        case _:
            return name, value
