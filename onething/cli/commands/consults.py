"""What departments ask of each other (`task consult`, `answer`), and look at together (`inspect`, `reinspect`,
`conclude`)."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from onething.cli.client import session
from onething.cli.commands.tasks import TaskIdArgument
from onething.cli.terminal.labels import RESULTS
from onething.cli.terminal.output import console, moment

DayOff = Annotated[bool, typer.Option("--day-off", help="知道那天是休息日，仍在那天踏勘。")]


def _on(day: str, day_off: bool) -> dict[str, object]:
    return {"on": day} | ({"on_day_off": True} if day_off else {})


class Rule(StrEnum):
    ALL = "all"
    ANY = "any"


def consult(
    task_id: TaskIdArgument,
    department: Annotated[
        list[str], typer.Option("--department", "-d", metavar="部门", help="部门代码，可多次。", show_default=False)
    ],
    question: Annotated[str, typer.Option("--question", help="要问的，密封保存。", show_default=False)],
    countersign: Annotated[bool, typer.Option("--countersign", help="会签：未经同意不能准予。")] = False,
    rule: Annotated[Rule | None, typer.Option("--rule", help="会签须全部（all，缺省）还是任一（any）同意。")] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, help="几个工作日内答复，缺省 5。")] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """向其他部门征求意见，或请其会签。不停止本事项计时，答复时限不超过剩余的法定期限。

    \b
    例：
      onething task consult 待办编号 -d fire --question 消防条件是否符合 --days 2 --as officer.amr
      onething task consult 待办编号 -d fire -d housing --countersign --question 是否同意 --as officer.amr
    """
    body: dict[str, Any] = {"departments": department, "question": question}
    body |= {"mode": "countersign"} if countersign else {}
    body |= {name: value for name, value in (("rule", rule), ("days", days)) if value is not None}
    with session.connect(url, account) as client:
        told = client.post(f"/api/tasks/{task_id}/consult", body)
    console().print(
        f"已发出（第 {told['seq']} 条），请在 {moment(told['due_at'])} 前答复（约定，按工作日计）：", markup=False
    )
    for one in told["asked"]:
        console().print(f"  {one['department_name']}：onething task answer {one['task_id']}", markup=False)


def answer(
    task_id: TaskIdArgument,
    opinion: Annotated[str, typer.Option("--opinion", help="意见，只有双方部门读得到。", show_default=False)],
    agree: Annotated[bool | None, typer.Option("--agree/--disagree", help="会签时：同意或不同意。")] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """答复其他部门征求的意见，或会签。

    \b
    例：
      onething task answer 待办编号 --opinion 消防条件符合要求 --as officer.fire
      onething task answer 待办编号 --agree --opinion 同意 --as officer.fire
    """
    body: dict[str, Any] = {"opinion": opinion} | ({} if agree is None else {"agree": agree})
    with session.connect(url, account) as client:
        told = client.post(f"/api/tasks/{task_id}/answer", body)
    console().print(f"{RESULTS[told['answer']]}，已记录（第 {told['seq']} 条）。", markup=False)


def inspect(
    task_id: TaskIdArgument,
    on: Annotated[str, typer.Option("--on", metavar="日期", help="哪一天，如 2026-03-04。", show_default=False)],
    item: Annotated[
        list[str] | None, typer.Option("--item", metavar="事项", help="哪些事项（须含本事项），可多次；缺省为本事项。")
    ] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, help="几个工作日内作出全部结论，缺省 10。")] = None,
    day_off: DayOff = False,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """安排几个事项的联合踏勘。踏勘不停止法定计时；事项定义写明可以的，以 site_visit 只停承诺期限。

    踏勘日期书面告知申请人；改期用 onething task reinspect。

    \b
    例：
      onething task inspect 待办编号 --on 2026-03-04 --item licence --item fire-check --as officer.amr
    """
    body: dict[str, Any] = _on(on, day_off) | ({"items": item} if item else {}) | ({"days": days} if days else {})
    with session.connect(url, account) as client:
        told = client.post(f"/api/tasks/{task_id}/inspect", body)
    until = moment(told["due_at"])
    console().print(
        f"已安排第 {told['n']} 次联合踏勘（{told['on']}），请在 {until} 前作出结论（约定，按工作日计）。", markup=False
    )


def reinspect(
    task_id: TaskIdArgument,
    on: Annotated[str, typer.Option("--on", metavar="日期", help="改到哪一天，如 2026-03-05。", show_default=False)],
    day_off: DayOff = False,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """联合踏勘改期，并书面告知申请人。作出结论的时限不变。

    \b
    例：
      onething task reinspect 待办编号 --on 2026-03-05 --as officer.amr
    """
    with session.connect(url, account) as client:
        told = client.post(f"/api/tasks/{task_id}/inspect/move", _on(on, day_off))
    console().print(f"第 {told['n']} 次联合踏勘已改到 {told['on']}（第 {told['seq']} 条）。", markup=False)


def conclude(
    task_id: TaskIdArgument,
    passed: Annotated[bool, typer.Option("--passed/--failed", help="通过或未通过。", show_default=False)],
    conclusion: Annotated[str, typer.Option("--conclusion", help="踏勘所见，密封保存。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """作出本事项的联合踏勘结论。已中止的事项不会自动恢复：onething task resume。

    \b
    例：
      onething task conclude 待办编号 --passed --conclusion 场地符合要求 --as officer.amr
    """
    with session.connect(url, account) as client:
        told = client.post(f"/api/tasks/{task_id}/conclude", {"passed": passed, "conclusion": conclusion})
    waiting = f"还在等：{'、'.join(told['waiting'])}。" if told["waiting"] else "全部结论已作出。"
    console().print(f"结论已记录（第 {told['seq']} 条）。{waiting}", markup=False)
