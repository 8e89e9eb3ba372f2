"""`case take-in`: an office goes on with what came online; `asked`: who asked about me, and what I say to it."""

from typing import Annotated

import typer

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument, print_standing
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, moment

app = typer.Typer(no_args_is_help=True, help="谁问到我：别人的申请要查我的哪些信息")

PartyArgument = Annotated[str, typer.Argument(metavar="当事人代码", help="asked list 列出的，如 father。")]

_ANSWERS = {"asked": "等您答复", "confirmed": "您同意了", "declined": "您没有同意", "lapsed": "到期没有答复"}
_STATES = {"waiting": "还没有查", "asked": "已查询", "instead": "由申请人提供材料"}


def take_in(case_no: CaseNoArgument, url: session.Url = None, account: session.As = None) -> None:
    """收件（综合窗口）：看过网上来的申请，接手办理；部门依职责要查的信息这时开始查。

    \b
    例：
      onething case take-in 办件编号 --as counter
    """
    with session.connect(url, account) as client:
        print_standing(client, client.post(f"/api/cases/{case_no}/take-in"))


@app.command("list")
def list_(url: session.Url = None, account: session.As = None) -> None:
    """写到了我的申请，新的在前：谁申请的、要查什么、我答复了没有。

    \b
    例：
      onething asked list --as citizen
    """
    with session.connect(url, account) as client:
        rows = client.get("/api/me/asked")["items"]
    table = listing("办件编号", "当事人", "一件事", "申请人", "时间", "查询", "答复")
    for row in rows:
        records = "\n".join(f"{one['name']}：{_STATES[one['state']]}" for one in row["records"])
        answer = _ANSWERS.get(row["answer"] or "", "不用答复")
        at = moment(row["at"])
        table.add_row(row["case_no"], row["party"], row["name"], row["asker"], at, records, answer)
    console().print(table if rows else "没有别人的申请要查您的信息。")


@app.command()
def confirm(case_no: CaseNoArgument, party: PartyArgument, url: session.Url = None, account: session.As = None) -> None:
    """同意查询我的信息，以后可以收回。

    \b
    例：
      onething asked confirm 办件编号 father --as citizen
    """
    _answer(case_no, party, "confirm", url, account)
    console().print("已经同意。要收回，用 onething asked decline。", markup=False)


@app.command()
def decline(case_no: CaseNoArgument, party: PartyArgument, url: session.Url = None, account: session.As = None) -> None:
    """不同意查询，或收回同意：还没有查的不再查，部门依法要查的除外。

    \b
    例：
      onething asked decline 办件编号 father --as citizen
    """
    _answer(case_no, party, "decline", url, account)
    console().print("已经答复不同意。", markup=False)


def _answer(case_no: str, party: str, what: str, url: str | None, account: str | None) -> None:
    with session.connect(url, account) as client:
        client.post(f"/api/cases/{case_no}/parties/{party}/{what}")
