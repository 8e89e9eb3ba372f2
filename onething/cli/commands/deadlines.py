"""`task suspend`, `task resume`, `task extend`, `case extend`: clocks stand still, run on, are given time."""

from typing import Annotated

import typer

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument, print_standing
from onething.cli.commands.tasks import ReasonOption, TaskIdArgument
from onething.cli.terminal.output import console
from onething.cli.views import deadlines


def suspend(
    task_id: TaskIdArgument,
    basis: Annotated[str, typer.Option("--basis", metavar="依据", help="中止的依据，见上。", show_default=False)],
    days: Annotated[int, typer.Option("--days", min=1, help="预计需要几天（自然日）。", show_default=False)],
    reason: ReasonOption,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """中止计时：依法需要的程序所需时间不计入期限（行政许可法第四十五条），书面告知申请人。

    依据只能是该事项的定义写明的程序：hearing 听证、tender 招标、auction 拍卖、inspection 检验、testing 检测、
    quarantine 检疫、appraisal 鉴定、expert_review 专家评审；public_notice 公示公告、investigation 调查、
    evaluation 评估、consultation 征求意见、rectification 整改、other_finding 其他机关的认定，另有法律条款的才停
    法定期限；site_visit 踏勘或现场核查只停承诺期限。预计天数不能超过定义写明的至多时间，到时自动恢复计时。
    force_majeure 不可抗力由督办员办理。

    \b
    例：
      onething task suspend 待办编号 --basis hearing --days 10 --reason 须听取利害关系人意见 --as officer.amr
    """
    body = {"basis": basis, "days": days, "reason": reason}
    with session.connect(url, account) as client:
        after = client.post(f"/api/tasks/{task_id}/suspend", body)
    console().print(f"已中止（第 {after['seq']} 条）。{deadlines.stands(after)}", markup=False)
    console().print(f"特殊程序结束后：onething task resume {task_id}", markup=False)


def resume(task_id: TaskIdArgument, url: session.Url = None, account: session.As = None) -> None:
    """恢复计时：中止时剩下多少，就还有多少。

    \b
    例：
      onething task resume 待办编号 --as officer.amr
    """
    with session.connect(url, account) as client:
        after = client.post(f"/api/tasks/{task_id}/resume")
    console().print(f"已恢复（第 {after['seq']} 条）。{deadlines.stands(after)}", markup=False)


def extend_item(
    task_id: TaskIdArgument,
    days: Annotated[int, typer.Option("--days", min=1, help="延长几个工作日，至多 10。", show_default=False)],
    reason: ReasonOption,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """延长一个事项的法定期限：由部门负责人登记，只能一次，以法律写明的天数为限，理由告知申请人。

    整个办件的期限由督办员延长：onething case extend。

    \b
    例：
      onething task extend 待办编号 --days 5 --reason 需要补充核实出资情况 --as leader.amr
    """
    with session.connect(url, account) as client:
        after = client.post(f"/api/tasks/{task_id}/extend", {"days": days, "reason": reason})
    console().print(f"已延长 {days} 天（第 {after['seq']} 条）。{deadlines.stands(after)}", markup=False)


def extend_case(
    case_no: CaseNoArgument,
    days: Annotated[int, typer.Option("--days", min=1, help="延长几个工作日，联合办理至多 15。", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", help="理由，会告知申请人。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """延长整个办件的法定期限：经本级人民政府负责人批准，由督办员登记，只能一次（行政许可法第四十二条）。

    \b
    例：
      onething case extend 办件编号 --days 10 --reason 多个部门需要会商 --as supervisor
    """
    with session.connect(url, account) as client:
        print_standing(client, client.post(f"/api/cases/{case_no}/extend", {"days": days, "reason": reason}))
