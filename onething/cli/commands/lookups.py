"""A record that its source has not given: asked for once more (`case retry`), or found by people (`task look-up`)."""

from typing import Annotated, Any

import typer

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument
from onething.cli.commands.tasks import TaskIdArgument
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.output import console, moment
from onething.cli.terminal.values import typed, types_of


def retry(
    case_no: CaseNoArgument,
    data: Annotated[str, typer.Argument(metavar="数据代码", help="case show 列出正在查询的。")],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """再次查询一项还没有取得的数据（窗口，或需要它的部门）；十分钟内一次。

    \b
    例：
      onething case retry 办件编号 address-check --as counter
    """
    with session.connect(url, account) as client:
        after = client.post(f"/api/cases/{case_no}/data/{data}/retry")
    pending = after["data"]
    sent = f"已请{pending['department_name']}再次查询“{pending['name']}”（第 {after['seq']} 条），尚无结果。"
    console().print(sent, markup=False)
    console().print(f"结果见 onething case watch {case_no}；最晚等到{moment(pending['until'])}。", markup=False)


def look_up(
    task_id: TaskIdArgument,
    note: Annotated[str, typer.Option("--note", help="在哪里、怎样查的。", show_default=False)],
    record: Annotated[
        list[str] | None, typer.Option("--record", "-r", metavar="字段=值", help="记录的一个字段，可多次。")
    ] = None,
    not_found: Annotated[bool, typer.Option("--not-found", help="查无此记录。")] = False,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="时间", help="记录截至何时，如 2026-03-02T09:00:00+08:00；不写为现在。"),
    ] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """人工核查（数据主管部门）：数据源没有给出的，登记查到的记录，或查无此记录。

    要查什么、记录有哪些字段：onething task show。数据源先答复的，待办自动结束，不必再登记。

    \b
    例：
      onething task look-up 待办编号 -r standard_address=文一西路1号 -r usage=商业 --note 查登记簿 --as officer.natres
      onething task look-up 待办编号 --not-found --note 登记簿中没有 --as officer.natres
    """
    if not_found == bool(record):
        raise CommandFailed("查到的用 -r 字段=值 逐项填写；查无此记录用 --not-found。二者取其一。", ExitCode.USAGE)
    body: dict[str, Any] = {"found": not not_found, "note": note} | ({"as_of": as_of} if as_of else {})
    with session.connect(url, account) as client:
        if record:
            wanted = client.get(f"/api/tasks/{task_id}").get("look_up") or {"fields": []}
            fields = types_of(wanted["fields"])
            body["record"] = dict(typed(text, fields, "--record") for text in record)
        after = client.post(f"/api/tasks/{task_id}/look-up", body)
    console().print(f"{'查无此记录' if not_found else '已登记查到的记录'}（第 {after['seq']} 条）。", markup=False)
