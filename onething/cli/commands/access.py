"""`access`: lock an account out at once, whatever tokens it has, and let it in again."""

from typing import Annotated

import typer

from onething.cli.client import session
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, moment

app = typer.Typer(no_args_is_help=True, help="停用和恢复账户")

AccountArgument = Annotated[str, typer.Argument(metavar="账户", help="流水里写的名字，例如 gov:0042。")]


@app.command()
def lock(
    subject: AccountArgument,
    reason: Annotated[str, typer.Option("--reason", help="原因，管理员可见。")],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """停用一个账户：它的所有令牌立即作废，不等过期。

    \b
    例：
      onething access lock officer.amr --reason 调离 --as admin
    """
    with session.connect(url, account) as client:
        client.post("/api/lockouts", {"subject": subject, "reason": reason})
    console().print(f"已停用 {subject}。恢复用：onething access unlock {subject}", markup=False)


@app.command()
def unlock(subject: AccountArgument, url: session.Url = None, account: session.As = None) -> None:
    """恢复一个停用的账户，它要重新登录。

    \b
    例：
      onething access unlock officer.amr --as admin
    """
    with session.connect(url, account) as client:
        client.post("/api/lockouts/lift", {"subject": subject})
    console().print(f"已恢复 {subject}。", markup=False)


@app.command("list")
def list_(url: session.Url = None, account: session.As = None) -> None:
    """停用的账户，新的在前。

    \b
    例：
      onething access list --as admin
    """
    with session.connect(url, account) as client:
        rows = client.get("/api/lockouts")["items"]
    table = listing("账户", "停用于", "经办", "原因")
    for row in rows:
        table.add_row(row["subject"], moment(row["at"]), row["by"], row["reason"])
    console().print(table if rows else "没有停用的账户。")
