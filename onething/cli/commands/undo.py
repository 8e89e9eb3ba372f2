"""`case review`, `task revoke`: what was granted is looked at again, and taken back or upheld."""

from typing import Annotated

import typer

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument, print_standing
from onething.cli.commands.tasks import TaskIdArgument
from onething.cli.terminal.output import console
from onething.cli.views import case


def review(
    case_no: CaseNoArgument,
    item: Annotated[str, typer.Argument(metavar="事项代码", help="准予有误的事项。")],
    reason: Annotated[str, typer.Option("--reason", help="理由，有关部门读得到。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """请准予该事项的部门复核，决定维持还是撤销（行政许可法第六十九条）；办结以后也可以。

    \b
    例：
      onething case review 办件编号 registration --reason 出资人身份核验有误 --as officer.tax
    """
    with session.connect(url, account) as client:
        print_standing(client, client.post(f"/api/cases/{case_no}/items/{item}/review", {"reason": reason}))


def revoke(
    task_id: TaskIdArgument,
    taken_back: Annotated[
        bool, typer.Option("--revoke/--uphold", help="撤销，还是维持：准予照旧有效。", show_default=False)
    ],
    opinion: Annotated[str, typer.Option("--opinion", help="理由；撤销的告知申请人。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """承诺经核查不实的，决定是否撤销据此作出的准予；撤销的，证照同时作废，并作失信记录。

    需要它的其他事项不会自动撤销，由其部门另行决定。

    \b
    例：
      onething task revoke 待办编号 --revoke --opinion 租期已满，不具备经营场所 --as officer.amr
      onething task revoke 待办编号 --uphold --opinion 另有经营场所 --as officer.amr
    """
    with session.connect(url, account) as client:
        after = client.post(f"/api/tasks/{task_id}/revoke", {"revoke": taken_back, "opinion": opinion})
    console().print(f"{'已撤销' if taken_back else '不撤销'}，已记录（第 {after['seq']} 条）。", markup=False)
    console().print(case.states_table(after["items"]))
