"""`licence`: which licences somebody holds, as far as they consent."""

from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.markup import escape

from onething.cli.client import session
from onething.cli.commands.mandates import STATES
from onething.cli.terminal import labels
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, moment, say_more

app = typer.Typer(no_args_is_help=True, help="电子证照：按持证人查询。")


@app.callback()
def group() -> None:
    """电子证照：按持证人查询。"""


@app.command()
def search(
    id_number: Annotated[str, typer.Argument(metavar="证件号码", help="持证人的证件号码。")],
    id_type: Annotated[str, typer.Option("--id-type", help=labels.PAPERS_HELP)] = "resident_id",
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="只查这一种，如 enterprise-opening.seal.seal_record，可多次。")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="为什么查，窗口和部门必填，记入访问日志。")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几份。")] = 20,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """查询本人的证照，或持证人授权您查询的，新的在前。

    \b
    例：
      onething licence search 330106198805123144 --as citizen
      onething licence search 330106198805123144 --reason 持证人到窗口办理 --as officer.amr
    """
    body = {"id_type": id_type, "id_number": id_number} | ({"kinds": kind} if kind else {})
    body |= {"reason": reason} if reason else {}
    with session.connect(url, account) as client:
        page = client.post("/api/licences/search", body, limit=str(limit))
    console().print(table(page["items"]) if page["items"] else "没有证照。")
    say_more(page, limit)


def table(rows: list[dict[str, Any]]) -> RenderableType:
    shown = listing("编号", "证照", "发证部门", "签发", "有效至", "状态", "种类")
    for row in rows:
        if row["state"] == "not_genuine":
            shown.add_row(row["number"], "", "", "", "", "[red]核验不通过[/red]", "")
            continue
        shown.add_row(
            row["number"],
            escape(row["name"]),
            escape(row["issuer"]),
            moment(row["issued_at"]),
            moment(row.get("valid_until")) or "长期",
            STATES[row["state"]],
            row["kind"],
        )
    return shown
